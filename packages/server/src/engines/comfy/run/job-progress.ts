/** Progress of a prompt over all its nodes by their weights. The value never decreases. */
import type { NodeProgress } from '../link/socket-messages.ts';

export class JobProgress {
  readonly #weights: ReadonlyMap<string, number>;
  fraction = 0;
  readonly #share = new Map<string, number>();
  readonly #total: number;
  #running: string | null = null;

  constructor(weights: ReadonlyMap<string, number>) {
    this.#weights = weights;
    this.#total = [...weights.values()].reduce((sum, weight) => sum + weight, 0) || 1;
  }

  /** Nodes whose results the server still has. */
  cached(nodes: readonly string[]): number {
    return this.#update(nodes.map((node) => [node, 1]));
  }

  /** Nodes run one after another: when one starts, the one before is done. Many nodes report only their start. */
  began(node: string): number {
    const before = this.#running;
    this.#running = node;
    return this.#update(before !== null && before !== node ? [[before, 1]] : []);
  }

  ticked(nodes: Record<string, NodeProgress>): number {
    const done = ({ value, max, finished }: NodeProgress) =>
      finished ? 1 : max > 0 ? Math.min(1, value / max) : 0;
    return this.#update(Object.entries(nodes).map(([node, tick]) => [node, done(tick)]));
  }

  #update(parts: Iterable<readonly [string, number]>): number {
    for (const [node, part] of parts) {
      // Only nodes of the graph, so that a faulty server cannot grow this map.
      if (this.#weights.has(node)) this.#share.set(node, Math.max(part, this.#share.get(node) ?? 0));
    }
    let sum = 0;
    for (const [node, part] of this.#share) sum += part * (this.#weights.get(node) ?? 0);
    this.fraction = Math.max(this.fraction, Math.min(1, sum / this.#total));
    return this.fraction;
  }
}

const DEFAULT_WEIGHT = 1;

/** Every node of the graph with its weight. */
export const nodeWeights = (graph: object, weights: Record<string, number>): Map<string, number> =>
  new Map(Object.keys(graph).map((id) => [id, weights[id] ?? DEFAULT_WEIGHT]));
