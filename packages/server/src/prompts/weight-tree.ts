/**
 * Weights in a binary tree of their sums: the root is at 1, below a place are its double and the one after. One draw, and
 * leaving a place out of the next draws, take as many steps as the tree has levels.
 */
import type { RandomStream } from './random-stream.ts';

export class WeightTree {
  readonly #sums: Float64Array;
  /** Where the leaves begin. */
  readonly #leaves: number;

  constructor(weights: readonly number[]) {
    this.#leaves = 2 ** Math.ceil(Math.log2(Math.max(1, weights.length)));
    this.#sums = new Float64Array(2 * this.#leaves);
    this.#sums.set(weights, this.#leaves);
    for (let at = this.#leaves - 1; at > 0; at -= 1) this.#sums[at] = this.#below(at);
  }

  /** So many places, or all that weigh something, none twice: each by its part of what is left. */
  take(count: number, random: RandomStream): number[] {
    const taken: { place: number; weight: number }[] = [];
    while (taken.length < count && this.#sum(1) > 0) {
      const place = this.#at(random() * this.#sum(1));
      taken.push({ place, weight: this.#sum(this.#leaves + place) });
      this.#set(place, 0);
    }
    for (const { place, weight } of taken) this.#set(place, weight);
    return taken.map(({ place }) => place);
  }

  /** The place up to whose end the weights sum to more than `part`; never one without weight. */
  #at(part: number): number {
    let [left, at] = [part, 1];
    while (at < this.#leaves) {
      const first = this.#sum(2 * at);
      // Rounding may leave a part that the second half does not have.
      const isFirst = left < first || this.#sum(2 * at + 1) === 0;
      if (!isFirst) left -= first;
      at = 2 * at + (isFirst ? 0 : 1);
    }
    return at - this.#leaves;
  }

  /** Each sum is made anew of those below it, so a weight that is put back leaves no rounding behind. */
  #set(place: number, weight: number): void {
    this.#sums[this.#leaves + place] = weight;
    for (let at = (this.#leaves + place) >> 1; at > 0; at >>= 1) this.#sums[at] = this.#below(at);
  }

  readonly #sum = (at: number): number => this.#sums[at] ?? 0;
  readonly #below = (at: number): number => this.#sum(2 * at) + this.#sum(2 * at + 1);
}
