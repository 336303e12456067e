/** How long a picture of a family takes on this machine, from its own history. */
import type { Reader } from '../db/database.ts';
import { medianFrameMs } from './store/task-list.ts';

const FRESH_MS = 20_000;

export class Durations {
  readonly #db: Reader;
  readonly #known = new Map<string, { seconds: number | null; untilMs: number }>();

  constructor(db: Reader) {
    this.#db = db;
  }

  /** Median seconds of the latest pictures; null before the first. */
  async secondsPerFrame(family: string): Promise<number | null> {
    const known = this.#known.get(family);
    if (known && known.untilMs > Date.now()) return known.seconds;
    const ms = await medianFrameMs(this.#db, family);
    const seconds = ms === null ? null : ms / 1000;
    this.#known.set(family, { seconds, untilMs: Date.now() + FRESH_MS });
    return seconds;
  }
}
