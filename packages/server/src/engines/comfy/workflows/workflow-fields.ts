/** The inputs of a graph that hold a value: what a map can name. */
import type { WorkflowField } from '@limner/contract';
import { type Graph, type GraphInput, isLink } from '../graph.ts';
import type { InputInfo, ServerInfo } from '../server-info.ts';

export function fieldsOf(graph: Graph, servers: readonly ServerInfo[]): WorkflowField[] {
  return Object.entries(graph).flatMap(([node, { class_type, inputs, _meta }]) => {
    const known = servers.map(({ nodes }) => nodes.get(class_type)).find((info) => info !== undefined);
    return Object.entries(inputs).flatMap(([input, value]) =>
      isLink(value) || (typeof value === 'object' && value !== null)
        ? []
        : [
            {
              node,
              class_type,
              title: _meta?.title ?? known?.displayName ?? null,
              input,
              value: plainValue(value),
              type: typeOf(value, known?.inputs[input]),
            },
          ],
    );
  });
}

/** Whole numbers beyond 2⁵³ are not exact in JSON. */
const plainValue = (value: GraphInput): WorkflowField['value'] =>
  typeof value === 'bigint' ? String(value) : (value as WorkflowField['value']);

function typeOf(value: GraphInput, input: InputInfo | undefined): WorkflowField['type'] {
  if (input?.picture) return 'picture';
  if (input?.type === 'INT') return 'integer';
  if (input?.type === 'FLOAT') return 'number';
  if (input?.choices || input?.type === 'BOOLEAN' || typeof value === 'boolean') return 'choice';
  if (input?.type === 'STRING') return 'text';
  if (typeof value === 'number') return 'number';
  return typeof value === 'string' ? 'text' : 'unknown';
}
