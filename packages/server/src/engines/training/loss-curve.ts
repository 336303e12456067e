/** A curve a person can read: at most so many points, each the mean of the steps since the one before. */
import type { LossPoint } from '@limner/contract';

const MAX_POINTS = 150;

export class LossCurve {
  readonly #every: number;
  #sum = 0;
  #count = 0;

  constructor(steps: number) {
    this.#every = Math.max(1, Math.ceil(steps / MAX_POINTS));
  }

  /** A point where one is due. */
  add(step: number, loss: number): LossPoint | null {
    this.#sum += loss;
    this.#count += 1;
    if (step % this.#every !== 0) return null;
    const mean = this.#sum / this.#count;
    this.#sum = this.#count = 0;
    return [step, Number(mean.toPrecision(5))];
  }
}
