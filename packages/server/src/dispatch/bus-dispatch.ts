/** Dispatch over the bus: every worker hears of every task, and the rows decide who gets it. */
import type { Bus } from '../bus/bus.ts';
import type { Claimer, Dispatch, Waiting } from './dispatch.ts';

export class BusDispatch implements Dispatch {
  readonly #bus: Bus;

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  offer(waiting: readonly Waiting[]): void {
    for (const lane of new Set(waiting.map((task) => task.lane))) this.#bus.publish({ type: 'wake', lane });
  }

  follow(lanes: readonly string[], claimer: Claimer): () => Promise<void> {
    const stop = this.#bus.subscribe('wake', ({ lane }) => {
      if (lanes.includes(lane)) void claimer.claim(lane);
    });
    return async () => stop();
  }

  async close(): Promise<void> {}
}
