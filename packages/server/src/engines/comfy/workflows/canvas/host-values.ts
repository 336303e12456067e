/** The values that one use of a subgraph has for fields within. Pure. */
import type { GraphInput } from '../../graph.ts';
import type { CanvasNode } from './canvas.ts';

/**
 * The fields that a subgraph shows outside: `proxyWidgets` names them, as its own inputs (`-1`) or as fields of nodes
 * within; older pages have one for each of its inputs with a field.
 */
export function hostValues({ properties, inputs, widgets_values: saved }: CanvasNode): {
  own: Map<string, GraphInput>;
  inner: Map<string, GraphInput>;
} {
  const found = { own: new Map<string, GraphInput>(), inner: new Map<string, GraphInput>() };
  const list = Array.isArray(saved) ? saved : [];
  const shown: unknown = properties?.proxyWidgets;
  const names: unknown[] = Array.isArray(shown)
    ? shown
    : (inputs ?? []).flatMap(({ name, widget }) => (widget ? [['-1', name]] : []));
  for (const [i, entry] of names.entries()) {
    const value = list[i];
    if (!Array.isArray(entry) || value === undefined || value === null) continue;
    const [node, name] = entry.map(String);
    if (node === '-1') found.own.set(name ?? '', value);
    else found.inner.set(`${node} ${(name ?? '').replace(/^(\s*\d+\s*:\s*)+/, '')}`, value);
  }
  return found;
}
