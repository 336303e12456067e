/** Checks a graph as ComfyUI does before it takes it, and puts its nodes in the order they run. */
import { createHash } from 'node:crypto';
import type { FakeObjectInfo } from './fake-object-info.ts';

export interface FakeNode {
  class_type: string;
  inputs: Record<string, unknown>;
}
export type FakeGraph = Record<string, FakeNode>;

export interface NodeFault {
  type: string;
  message: string;
  details: string;
  extra_info: Record<string, unknown>;
}

const isLink = (value: unknown): value is [string, number] =>
  Array.isArray(value) && value.length === 2 && typeof value[0] === 'string';

const linksOf = (node: FakeNode): string[] =>
  Object.values(node.inputs)
    .filter(isLink)
    .map(([id]) => id);

/** The node and everything before it, what comes first first. */
export function upstream(graph: FakeGraph, id: string, seen = new Set<string>()): string[] {
  if (seen.has(id)) return [];
  seen.add(id);
  const node = graph[id];
  return node ? [...linksOf(node).flatMap((link) => upstream(graph, link, seen)), id] : [];
}

export const inOrder = (graph: FakeGraph, outputs: readonly string[]): string[] => {
  const seen = new Set<string>();
  return outputs.flatMap((id) => upstream(graph, id, seen));
};

/**
 * How many pictures come to a node at once: the batch or the frames of the latent they are made from. A layered latent has
 * one more, the whole picture, which `LatentCut` takes off.
 */
export function batchOf(graph: FakeGraph, id: string): number {
  const node = graph[id];
  if (!node) return 1;
  const { batch_size = 1, length = 1, layers, index = 0 } = node.inputs;
  if (node.class_type === 'ImageFromBatch') return Number(length);
  const before = Math.max(1, ...linksOf(node).map((link) => batchOf(graph, link)));
  if (node.class_type === 'LatentCut') return before - Number(index);
  return layers === undefined ? Math.max(Number(batch_size), Number(length), before) : Number(layers) + 1;
}

/** Equal for nodes whose class, inputs and everything before them are equal; `fileHash` stands for a file's content. */
export function cacheKey(graph: FakeGraph, id: string, fileHash: (name: string) => string): string {
  const node = graph[id];
  if (!node) return '';
  const inputs = Object.entries(node.inputs).map(([name, value]) => {
    if (isLink(value)) return [name, cacheKey(graph, value[0], fileHash), value[1]];
    return [name, name === 'image' && typeof value === 'string' ? fileHash(value) : value];
  });
  const text = JSON.stringify([node.class_type, inputs]);
  return createHash('sha256').update(text).digest('hex');
}

export interface Checked {
  /** Output nodes that can run. */
  outputs: string[];
  faults: Record<string, { errors: NodeFault[]; dependent_outputs: string[]; class_type: string }>;
}

/** Null: the whole prompt is refused with `error`. */
export function check(
  graph: FakeGraph,
  info: FakeObjectInfo,
  hasFile: (name: string) => boolean,
  newer: boolean,
): { error: NodeFault } | Checked {
  for (const [id, node] of Object.entries(graph)) {
    if (info[node.class_type]) continue;
    const message = `Cannot execute because node ${node.class_type} does not exist.`;
    return { error: { type: 'invalid_prompt', message, details: `Node ID '#${id}'`, extra_info: {} } };
  }
  const outputs = Object.keys(graph).filter((id) => info[graph[id]?.class_type ?? '']?.output_node);
  if (outputs.length === 0) {
    return {
      error: { type: 'prompt_no_outputs', message: 'Prompt has no outputs', details: '', extra_info: {} },
    };
  }
  const faults: Checked['faults'] = {};
  const good = outputs.filter((output) => {
    const cycle = cycleBehind(graph, output);
    // Older versions find no fault in a node, only that validation recursed too deep.
    if (cycle && !newer) return false;
    const errorsOf = (id: string) =>
      cycle?.includes(id) ? [cycleFault(graph, id, cycle)] : nodeFaults(graph, id, info, hasFile);
    const broken = upstream(graph, output).filter((id) => errorsOf(id).length > 0);
    for (const id of broken) {
      const errors = errorsOf(id);
      const known = faults[id] ?? { errors, dependent_outputs: [], class_type: graph[id]?.class_type ?? '' };
      faults[id] = { ...known, dependent_outputs: [...known.dependent_outputs, output] };
    }
    return broken.length === 0;
  });
  return { outputs: good, faults };
}

/** Nodes before an output that wait for each other, up to the first again; null: none do. */
function cycleBehind(graph: FakeGraph, id: string, path: string[] = [], done = new Set()): string[] | null {
  if (path.includes(id)) return [...path.slice(path.indexOf(id)), id];
  const node = graph[id];
  if (!node || done.has(id)) return null;
  for (const link of linksOf(node)) {
    const cycle = cycleBehind(graph, link, [...path, id], done);
    if (cycle) return cycle;
  }
  done.add(id);
  return null;
}

function cycleFault(graph: FakeGraph, id: string, cycle: readonly string[]): NodeFault {
  const details = cycle.map((each) => `${each} (${graph[each]?.class_type})`).join(' -> ');
  const extra = { node_id: id, cycle_nodes: [...new Set(cycle)] };
  return fault('dependency_cycle', 'Dependency cycle detected', details, extra);
}

function nodeFaults(
  graph: FakeGraph,
  id: string,
  info: FakeObjectInfo,
  hasFile: (name: string) => boolean,
): NodeFault[] {
  const node = graph[id];
  const spec = node && info[node.class_type]?.input;
  if (!node || !spec) return [];
  const missing = Object.keys(spec.required ?? {})
    .filter((name) => !(name in node.inputs))
    .map((name) => fault('required_input_missing', 'Required input is missing', name, { input_name: name }));
  const wrong = Object.entries({ ...spec.required, ...spec.optional }).flatMap(([name, type]) =>
    valueFaults(name, node.inputs[name], type, hasFile),
  );
  return [...missing, ...wrong];
}

function valueFaults(
  name: string,
  value: unknown,
  [type, second]: readonly unknown[],
  hasFile: (name: string) => boolean,
): NodeFault[] {
  const options = (second ?? {}) as {
    options?: unknown[];
    min?: number;
    max?: number;
    image_upload?: boolean;
  };
  if (value === undefined || isLink(value)) return [];
  if (options.image_upload) {
    if (hasFile(String(value))) return [];
    const details = `${name} - Invalid image file: ${value}`;
    return [
      fault('custom_validation_failed', 'Custom validation failed for node', details, { input_name: name }),
    ];
  }
  const extra = { input_name: name, received_value: value };
  const listed = Array.isArray(type) ? type : type === 'COMBO' ? options.options : undefined;
  if (listed && !listed.includes(value)) {
    const details = `${name}: '${value}' not in ${listed.length > 20 ? `(list of length ${listed.length})` : JSON.stringify(listed)}`;
    return [fault('value_not_in_list', 'Value not in list', details, extra)];
  }
  if (typeof value !== 'number') return [];
  if (options.min !== undefined && value < options.min) {
    return [
      fault('value_smaller_than_min', `Value ${value} smaller than min of ${options.min}`, name, extra),
    ];
  }
  if (options.max !== undefined && value > options.max) {
    return [fault('value_bigger_than_max', `Value ${value} bigger than max of ${options.max}`, name, extra)];
  }
  return [];
}

const fault = (
  type: string,
  message: string,
  details: string,
  extra_info: Record<string, unknown>,
): NodeFault => ({
  type,
  message,
  details,
  extra_info,
});
