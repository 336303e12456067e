/**
 * One level of a canvas: the whole, or one use of a subgraph. Follows links through reroutes, bypassed nodes, values and
 * the borders of subgraphs to the node that really gives the input. Pure.
 */
import type { GraphInput } from '../../graph.ts';
import {
  type CanvasDefinition,
  type CanvasLevel,
  type CanvasLink,
  type CanvasNode,
  firstValue,
  isBypassed,
  isGetter,
  isMuted,
  isNote,
  isPrimitive,
  isReroute,
  isSetter,
} from './canvas.ts';

/** What is behind a link; `muted`: a node that does not run. */
export type Origin = { node: string; slot: number } | { value: GraphInput } | 'muted' | 'nothing';

/** The origin, or the next link towards it. */
type Step = Origin | { scope: Scope; link: string };

type Definitions = ReadonlyMap<string, CanvasDefinition>;

interface Use {
  scope: Scope;
  host: CanvasNode;
  definition: CanvasDefinition;
}

export class Scope {
  readonly nodes: readonly CanvasNode[];
  /** Before the id of each node, as ComfyUI's page does: `57:3`. */
  readonly #path: string;
  readonly #definitions: Definitions;
  readonly #use: Use | undefined;
  readonly #byId: ReadonlyMap<string, CanvasNode>;
  readonly #links: ReadonlyMap<string, CanvasLink>;
  readonly #inner = new Map<string, Scope>();

  constructor(level: CanvasLevel, definitions: Definitions, use?: Use) {
    this.nodes = level.nodes;
    this.#definitions = definitions;
    this.#use = use;
    this.#path = use ? `${use.scope.idOf(use.host)}:` : '';
    this.#byId = new Map(level.nodes.map((node) => [node.id, node]));
    this.#links = new Map((level.links ?? []).flatMap((link) => (link ? [[link.id, link]] : [])));
  }

  idOf(node: CanvasNode): string {
    return `${this.#path}${node.id}`;
  }

  /** The subgraph that a node stands for. @throws RangeError for one within itself */
  within(host: CanvasNode): Scope | undefined {
    const definition = this.#definitions.get(host.type);
    if (!definition) return undefined;
    if (this.#isWithin(definition)) throw new RangeError(definition.name);
    const known =
      this.#inner.get(host.id) ?? new Scope(definition, this.#definitions, { scope: this, host, definition });
    this.#inner.set(host.id, known);
    return known;
  }

  #isWithin(definition: CanvasDefinition): boolean {
    return (
      this.#use !== undefined &&
      (this.#use.definition === definition || this.#use.scope.#isWithin(definition))
    );
  }

  /** @param type of the input that is served, which a bypassed node needs */
  originOf(link: string, type: string): Origin {
    const seen = new Set<string>();
    let next: Step = { scope: this, link };
    while (typeof next === 'object' && 'scope' in next) {
      const place = `${next.scope.#path}${next.link}`;
      if (seen.has(place)) return 'nothing';
      seen.add(place);
      next = next.scope.#behind(next.link, type);
    }
    return next;
  }

  #behind(linkId: string, type: string): Step {
    const link = this.#links.get(linkId);
    if (!link) return 'nothing';
    if (this.#use && link.origin === this.#use.definition.inputNode.id) return fromOutside(this.#use, link);
    const node = this.#byId.get(link.origin);
    return node ? this.#output(node, link.originSlot, type) : 'nothing';
  }

  #output(node: CanvasNode, slot: number, type: string): Step {
    if (isMuted(node)) return 'muted';
    if (isNote(node)) return 'nothing';
    if (isBypassed(node)) return this.#through(node, bypassedInput(node, slot, type));
    if (isReroute(node) || isSetter(node)) return this.#through(node, 0);
    if (isGetter(node)) return this.#got(node);
    if (isPrimitive(node)) return valueOrNothing(firstValue(node));
    const inner = this.within(node);
    return inner ? inner.#toOutside(slot) : { node: this.idOf(node), slot };
  }

  #through(node: CanvasNode, input: number): Step {
    const link = node.inputs?.[input]?.link;
    return link == null ? 'nothing' : { scope: this, link };
  }

  /** The setter may also stand around the subgraph. */
  #got(getter: CanvasNode): Step {
    const name = firstValue(getter);
    const setter = this.nodes.find((node) => isSetter(node) && firstValue(node) === name);
    if (setter) return isMuted(setter) ? 'muted' : this.#through(setter, 0);
    return this.#use ? this.#use.scope.#got(getter) : 'nothing';
  }

  #toOutside(slot: number): Step {
    const output = this.#use?.definition.outputNode.id;
    const link = [...this.#links.values()].find((each) => each.target === output && each.targetSlot === slot);
    return link ? { scope: this, link: link.id } : 'nothing';
  }

  /** The value that this use of the subgraph has for a field of a node within. */
  fieldFromHost(node: CanvasNode, name: string): GraphInput | undefined {
    return this.#use && hostValues(this.#use.host).inner.get(`${node.id} ${name}`);
  }

  valueOnHost(host: CanvasNode, name: string): GraphInput | undefined {
    return this.fieldFromHost(host, name) ?? hostValues(host).own.get(name);
  }
}

/** What a use of a subgraph links to the input, or the value that it has for it. */
function fromOutside({ scope, host, definition }: Use, { originSlot }: CanvasLink): Step {
  const name = definition.inputs?.[originSlot]?.name;
  const input = host.inputs?.find((each) => each.name === name) ?? host.inputs?.[originSlot];
  if (input?.link != null) return { scope, link: input.link };
  return valueOrNothing(scope.valueOnHost(host, input?.name ?? name ?? ''));
}

const valueOrNothing = (value: GraphInput | undefined): Exclude<Step, { scope: Scope }> =>
  value === undefined || value === null ? 'nothing' : { value };

/**
 * The fields that a subgraph shows outside: `proxyWidgets` names them, as its own inputs (`-1`) or as fields of nodes
 * within; older pages have one for each of its inputs with a field.
 */
function hostValues({ properties, inputs, widgets_values: saved }: CanvasNode): {
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

/** A bypassed node hands on the input with the same place if the type is right, otherwise the first with that type. */
function bypassedInput({ inputs, outputs }: CanvasNode, slot: number, type: string): number {
  const all = inputs ?? [];
  if (type === '*' || type === '') return all.length > slot ? slot : 0;
  const given = outputs?.[slot]?.type ?? type;
  const suits = (input?: { type: string }): boolean =>
    input !== undefined && isOneOf(input.type, given) && isOneOf(input.type, type);
  if (suits(all[slot])) return slot;
  const exact = all.findIndex((input) => input.type === type);
  return exact === -1 ? all.findIndex(suits) : exact;
}

const isOneOf = (a: string, b: string): boolean =>
  a === '*' ||
  b === '*' ||
  a
    .toLowerCase()
    .split(',')
    .some((each) => b.toLowerCase().split(',').includes(each));
