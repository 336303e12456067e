/** What a run of a program remembers in its folder: finished stages, and the start that may still be running. */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { parsedOrNull } from '../../../parsed-or-null.ts';
import { StartFolder, writeWhole } from './start-folder.ts';

const Started = z.object({
  mark: z.uuid(),
  stage: z.string(),
  /** The resume point that it was given. */
  from: z.object({ step: z.number().int(), path: z.string() }).nullable(),
  /** Where its output begins in the log; in bytes. */
  logOffset: z.number().int(),
});
export type Started = z.infer<typeof Started>;

const Size = z.object({ width: z.number().int(), height: z.number().int() });
const State = z.object({
  /** Of the pictures once all are written. */
  sizes: z.array(Size).nullable(),
  done: z.array(z.string()),
  started: Started.nullable(),
});
type State = z.infer<typeof State>;

const FOLDER = 'program';

export class RunState {
  readonly #folder: string;
  #state: State;

  private constructor(folder: string, state: State) {
    this.#folder = folder;
    this.#state = state;
  }

  /** `folder`: the run's. A state that cannot be read is an empty one. */
  static async open(folder: string): Promise<RunState> {
    const own = path.join(folder, FOLDER);
    await mkdir(own, { recursive: true });
    const text = await readFile(path.join(own, 'state.json'), 'utf8').catch(() => 'null');
    return new RunState(own, readState(text) ?? { sizes: null, done: [], started: null });
  }

  get sizes() {
    return this.#state.sizes;
  }

  get started(): Started | null {
    return this.#state.started;
  }

  isDone(stage: string): boolean {
    return this.#state.done.includes(stage);
  }

  startFolder(mark: string): StartFolder {
    return new StartFolder(path.join(this.#folder, mark));
  }

  wrote(sizes: State['sizes']): Promise<void> {
    return this.#write({ sizes });
  }

  async start(stage: string, from: Started['from'], logOffset: number): Promise<Started> {
    const started = { mark: randomUUID(), stage, from, logOffset };
    await this.#write({ started });
    return started;
  }

  /** Its start has ended, well or not; a stage that was not done well is run again. */
  ended(stage: string, isDone: boolean): Promise<void> {
    const others = this.#state.done.filter((each) => each !== stage);
    return this.#write({ started: null, done: isDone ? [...others, stage] : others });
  }

  async #write(change: Partial<State>): Promise<void> {
    this.#state = { ...this.#state, ...change };
    await writeWhole(path.join(this.#folder, 'state.json'), this.#state);
  }
}

const readState = (text: string): State | null => State.safeParse(parsedOrNull(text)).data ?? null;
