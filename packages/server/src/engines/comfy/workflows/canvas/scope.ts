/**
 * One level of a canvas: the whole, or one use of a subgraph. Follows links through reroutes, bypassed nodes, values and
 * the borders of subgraphs to the node that really gives the input. Pure.
 */
import type { GraphInput } from '../../graph.ts';
import { bypassedInput } from './bypassed-input.ts';
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
import { tooMany } from './canvas-refusals.ts';
import { hostValues } from './host-values.ts';

/** What is behind a link; `muted`: a node that does not run. */
export type Origin = { node: string; slot: number } | { value: GraphInput } | 'muted' | 'nothing';

/** The origin, or the next link towards it. */
type Step = Origin | { scope: Scope; link: string };

export interface Known {
  definitions: ReadonlyMap<string, CanvasDefinition>;
  /** The values of a node's own fields. */
  fieldsOf(node: CanvasNode): ReadonlyMap<string, GraphInput>;
  /** Nodes and links that may still be unfolded. */
  left: number;
}

interface Use {
  scope: Scope;
  host: CanvasNode;
  definition: CanvasDefinition;
}

export class Scope {
  readonly nodes: readonly CanvasNode[];
  /** Before the id of each node, as ComfyUI's page does: `57:3`. */
  readonly #path: string;
  readonly #known: Known;
  readonly #use: Use | undefined;
  readonly #byId: ReadonlyMap<string, CanvasNode>;
  readonly #links: ReadonlyMap<string, CanvasLink>;
  readonly #inner = new Map<string, Scope>();

  constructor(level: CanvasLevel, known: Known, use?: Use) {
    this.nodes = level.nodes;
    this.#known = known;
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
    const definition = this.#known.definitions.get(host.type);
    if (!definition) return undefined;
    if (this.#isWithin(definition)) throw new RangeError(definition.name);
    const known = this.#inner.get(host.id);
    if (known) return known;
    this.#known.left -= 1 + definition.nodes.length + (definition.links?.length ?? 0);
    if (this.#known.left < 0) throw tooMany();
    const inner = new Scope(definition, this.#known, { scope: this, host, definition });
    this.#inner.set(host.id, inner);
    return inner;
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
    if (this.#use && link.origin === this.#use.definition.inputNode.id)
      return this.#fromOutside(this.#use, link.originSlot);
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

  /** What this use of the subgraph links to an input, or the value that it shows for it. */
  #fromOutside({ scope, host, definition }: Use, slot: number): Step {
    const name = definition.inputs?.[slot]?.name;
    const input = host.inputs?.find((each) => each.name === name) ?? host.inputs?.[slot];
    if (input?.link != null) return { scope, link: input.link };
    return valueOrNothing(scope.#valueOnHost(host, input?.name ?? name ?? '') ?? this.#firstField(slot));
  }

  /** The value that this use of the subgraph has for a field of a node within. */
  fieldFromHost(node: CanvasNode, name: string): GraphInput | undefined {
    return this.#use && hostValues(this.#use.host).inner.get(`${node.id} ${name}`);
  }

  #valueOnHost(host: CanvasNode, name: string): GraphInput | undefined {
    return this.fieldFromHost(host, name) ?? hostValues(host).own.get(name);
  }

  /** An input without a value outside shows that of the first field within, and gives it to all that it is linked to. */
  #firstField(slot: number): GraphInput | undefined {
    const input = this.#use?.definition.inputNode.id;
    for (const link of this.#links.values()) {
      if (link.origin !== input || link.originSlot !== slot) continue;
      const node = this.#byId.get(link.target);
      const field = node?.inputs?.[link.targetSlot];
      const value = node && field?.widget ? this.#fieldOf(node, field.name) : undefined;
      if (value !== undefined) return value;
    }
    return undefined;
  }

  #fieldOf(node: CanvasNode, name: string): GraphInput | undefined {
    const inner = this.within(node);
    if (!inner) return this.fieldFromHost(node, name) ?? this.#known.fieldsOf(node).get(name);
    const slot = inner.#use?.definition.inputs?.findIndex((input) => input.name === name) ?? -1;
    return this.#valueOnHost(node, name) ?? inner.#firstField(slot);
  }
}

const valueOrNothing = (value: GraphInput | undefined): Exclude<Step, { scope: Scope }> =>
  value === undefined || value === null ? 'nothing' : { value };
