/** How long a picture of a family takes on this machine, from measured pictures. */
import { SYSTEM } from '../access.ts';
import type { Reader } from '../db/database.ts';
import type { MeasuredFamily } from '../engines/engines.ts';
import { measuredFamily } from './measured.ts';
import { timedFrames } from './store/frame-times.ts';

const FRESH_MS = 20_000;
/** An unknown duration may become known with the next picture. */
const UNKNOWN_FRESH_MS = 1_500;
/** The latest pictures of a family. The limit keeps old ones out. */
const FRAMES = 40;

export class Durations {
  readonly #db: Reader;
  readonly #known = new Map<string, { measured: MeasuredFamily | null; untilMs: number }>();

  constructor(db: Reader) {
    this.#db = db;
  }

  /** null: no picture of the family was measured. */
  async of(family: string, usualSteps: number): Promise<MeasuredFamily | null> {
    const known = this.#known.get(family);
    if (known && known.untilMs > Date.now()) return known.measured;
    const frames = await timedFrames(SYSTEM, this.#db, family, FRAMES, usualSteps);
    const measured = measuredFamily(frames, frames.length < FRAMES);
    const freshMs = measured ? FRESH_MS : UNKNOWN_FRESH_MS;
    this.#known.set(family, { measured, untilMs: Date.now() + freshMs });
    return measured;
  }
}
