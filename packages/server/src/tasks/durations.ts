/** How long a picture of a family takes on this machine, from measured pictures. */

import type { Family } from '@limner/contract';
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

type Known = Pick<Family, 'params'> | undefined;

export class Durations {
  readonly #db: Reader;
  readonly #known = new Map<string, { measured: MeasuredFamily | null; untilMs: number }>();

  constructor(db: Reader) {
    this.#db = db;
  }

  /** null: no picture of the family was measured. @param known its parameters; undefined: no engine has it */
  async of(family: string, known: Known): Promise<MeasuredFamily | null> {
    const last = this.#known.get(family);
    if (last && last.untilMs > Date.now()) return last.measured;
    const frames = await timedFrames(SYSTEM, this.#db, family, FRAMES, known);
    const measured = measuredFamily(frames, frames.length < FRAMES);
    const freshMs = measured ? FRESH_MS : UNKNOWN_FRESH_MS;
    this.#known.set(family, { measured, untilMs: Date.now() + freshMs });
    return measured;
  }
}
