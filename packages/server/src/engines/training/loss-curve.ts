/** A curve a person can read: at most so many points, each the mean of the steps since the one before. */
import type { LossPoint } from '@limner/contract';

const MAX_POINTS = 150;

export class LossCurve {
  readonly #every: number;
  #sum = 0;
  #count = 0;
  #last: number | null = null;

  constructor(steps: number) {
    this.#every = Math.max(1, Math.ceil(steps / MAX_POINTS));
  }

  /** A point where one is due: at each multiple of the interval, or at the first step after it that is told. */
  add(step: number, loss: number): LossPoint | null {
    // A run that goes back begins a new mean.
    if (this.#last === null || step <= this.#last) {
      this.#sum = this.#count = 0;
      this.#last = step - 1;
    }
    const isDue = Math.floor(step / this.#every) > Math.floor(this.#last / this.#every);
    this.#last = step;
    this.#sum += loss;
    this.#count += 1;
    if (!isDue) return null;
    const mean = this.#sum / this.#count;
    this.#sum = this.#count = 0;
    return [step, Number(mean.toPrecision(5))];
  }
}
