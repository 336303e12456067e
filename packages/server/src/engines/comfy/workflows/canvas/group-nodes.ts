/**
 * Group nodes are what subgraphs were before: several nodes shown as one, with the fields of all of them in one list. They
 * are turned into subgraphs, each use into one of its own. Pure.
 */
import {
  type Canvas,
  type CanvasDefinition,
  type CanvasGroup,
  type CanvasLevel,
  type CanvasLink,
  type CanvasNode,
  groupName,
  isPrimitive,
} from './canvas.ts';

const [OUTSIDE_IN, OUTSIDE_OUT] = ['-10', '-20'];

/** A group node that cannot be unfolded stays, and is named with the other nodes that the server does not know. */
export function unfoldGroups(canvas: Canvas): {
  level: CanvasLevel;
  definitions: Map<string, CanvasDefinition>;
} {
  const definitions = new Map((canvas.definitions?.subgraphs ?? []).map((each) => [each.id, each]));
  const nodes = canvas.nodes.map((host) => {
    const name = groupName(host);
    const groups = canvas.extra?.groupNodes ?? {};
    const group = name !== undefined && Object.hasOwn(groups, name) ? groups[name] : undefined;
    const definition = group && unfolded(host, group);
    if (!definition) return host;
    definitions.set(definition.id, definition);
    return { ...host, type: definition.id, widgets_values: [] };
  });
  return { level: { ...canvas, nodes }, definitions };
}

function unfolded(host: CanvasNode, group: CanvasGroup): CanvasDefinition | undefined {
  // A value node would have its field on the outside under a name of its own; hidden inputs change the order.
  if (group.nodes.some(isPrimitive) || hidesInputs(group)) return undefined;
  const inner = group.nodes.map((node, index) => ({
    ...node,
    id: String(index),
    inputs: node.inputs?.map((slot) => ({ ...slot, link: null as string | null })),
  }));
  if (!withValues(inner, host)) return undefined;
  const links: CanvasLink[] = [];
  const link = (origin: string, originSlot: number, target: string, targetSlot: number): void => {
    const id = `l${links.length}`;
    links.push({ id, origin, originSlot, target, targetSlot });
    const slot = inner[Number(target)]?.inputs?.[targetSlot];
    if (slot) slot.link = id;
  };
  for (const [from, slot, to, input] of group.links)
    if (from !== null && to !== null) link(String(from), slot, String(to), input);
  const open = openInputs(inner);
  for (const [i, { node, slot }] of open.entries()) link(OUTSIDE_IN, i, node, slot);
  for (const [i, { node, slot }] of shownOutputs(inner, group).entries()) link(node, slot, OUTSIDE_OUT, i);
  return {
    id: `group node ${host.id}`,
    name: groupName(host) ?? '',
    inputNode: { id: OUTSIDE_IN },
    outputNode: { id: OUTSIDE_OUT },
    inputs: (host.inputs ?? []).slice(0, open.length),
    outputs: host.outputs,
    nodes: inner,
    links,
  };
}

const hidesInputs = ({ config }: CanvasGroup): boolean =>
  JSON.stringify(config ?? null).includes('"visible"');

/** Hands the values of the one list to the nodes, each as many as it was saved with; false if they do not go round. */
function withValues(inner: CanvasNode[], { widgets_values: saved }: CanvasNode): boolean {
  if (!Array.isArray(saved)) return false;
  let at = 0;
  for (const node of inner) {
    const count = Array.isArray(node.widgets_values) ? node.widgets_values.length : 0;
    node.widgets_values = saved.slice(at, at + count);
    at += count;
  }
  return at === saved.length;
}

interface Place {
  node: string;
  slot: number;
}

/** Inputs that are linked to nothing within are those of the group, in the order of its nodes. */
const openInputs = (inner: CanvasNode[]): Place[] =>
  inner.flatMap(({ id, inputs }) =>
    (inputs ?? []).flatMap(({ link, widget }, slot) =>
      link === null && !widget ? [{ node: id, slot }] : [],
    ),
  );

function shownOutputs(inner: CanvasNode[], { links, external }: CanvasGroup): Place[] {
  const isUsed = (node: string, slot: number): boolean =>
    links.some(([from, output]) => String(from) === node && output === slot) &&
    !external?.some(([from, output]) => String(from) === node && output === slot);
  return inner.flatMap(({ id, outputs }) =>
    (outputs ?? []).flatMap((_, slot) => (isUsed(id, slot) ? [] : [{ node: id, slot }])),
  );
}
