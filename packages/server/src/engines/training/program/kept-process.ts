/**
 * A program with its keeper, as a process of Limner sees it: begun by it, or by one before. The start is decided in the
 * folder of the start (`start-folder.ts`), so that killing Limner at any line starts no program twice and loses none.
 */
import { spawn } from 'node:child_process';
import { open, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { RUN_LOG } from '../../run-files.ts';
import type { ProgramExit } from './failure.ts';
import { Lines } from './lines.ts';
import { endAll, type Graces, membersOf, signal, startOf } from './processes.ts';
import { isHere, type Keeper, type StartFolder } from './start-folder.ts';

const BEGINS_WITHIN_MS = 60_000;
const BEGIN_CHECK_MS = 20;
const CHUNK_BYTES = 64 * 1024;
/** A keeper on another machine shows that it is there every five seconds. */
const FOREIGN_SILENCE_MS = 30_000;

export interface StartOptions {
  /** The built `program-keeper.ts`. */
  keeperEntry: string;
  /** Of the start; its order is written. */
  start: StartFolder;
  /** The run's folder, which has the log. */
  folder: string;
  /** Whole: nothing of the server's is added. */
  env: Readonly<Record<string, string>>;
}

export class KeptProcess {
  readonly keeper: Keeper;
  readonly #start: StartFolder;
  readonly #mark: string;
  readonly #graces: Graces;

  private constructor(start: StartFolder, keeper: Keeper, mark: string, graces: Graces) {
    this.#start = start;
    this.keeper = keeper;
    this.#mark = mark;
    this.#graces = graces;
  }

  /** Resolves when its keeper is there. Its output is added to the run's log. */
  static async begin({ keeperEntry, start, folder, env }: StartOptions): Promise<KeptProcess> {
    const log = await open(path.join(folder, RUN_LOG), 'a');
    let failed: Error | null = null;
    let ended = false;
    try {
      const keeper = spawn(process.execPath, [keeperEntry, start.folder], {
        cwd: folder,
        detached: true,
        env: { ...env },
        stdio: ['ignore', log.fd, log.fd],
      });
      keeper.once('error', (error) => {
        failed = error;
      });
      keeper.once('exit', () => {
        ended = true;
      });
      keeper.unref();
    } finally {
      await log.close();
    }
    const deadline = performance.now() + BEGINS_WITHIN_MS;
    for (;;) {
      const found = await KeptProcess.#owned(start);
      if (found) return found;
      if (failed) throw failed;
      // It may have claimed the start and ended since the look.
      const late = ended || performance.now() > deadline;
      if (late) return (await KeptProcess.find(start)) ?? fail();
      await pause(BEGIN_CHECK_MS);
    }
  }

  /** What became of a start; null: nothing was started by it, and nothing will be. */
  static async find(start: StartFolder): Promise<KeptProcess | null> {
    const found = await KeptProcess.#owned(start);
    if (found) return found;
    if ((await start.owner()) === 'nobody' || !(await isFolder(start.folder))) return null;
    return (await start.makeVoid()) ? null : KeptProcess.#owned(start);
  }

  static async #owned(start: StartFolder): Promise<KeptProcess | null> {
    const owner = await start.owner();
    if (owner === null || owner === 'nobody') return null;
    const order = await start.readOrder();
    return order && new KeptProcess(start, owner, order.mark, order.graces);
  }

  /** The keeper, which ends after the program. */
  async isAlive(): Promise<boolean> {
    if (isHere(this.keeper)) return (await startOf(this.keeper.pid)) === this.keeper.startedAt;
    if (await this.#start.exit()) return false;
    const beatMs = await this.#start.beatMs();
    return beatMs !== null && Date.now() - beatMs < FOREIGN_SILENCE_MS;
  }

  exit(): Promise<ProgramExit | null> {
    return this.#start.exit();
  }

  /** Also true after an earlier process of Limner stopped it. */
  isStopping(): Promise<boolean> {
    return this.#start.isStopping();
  }

  /** Asks the keeper to stop the program, which it does although this process may end. Signals nothing else. */
  async askToStop(): Promise<void> {
    if (!(await this.isAlive())) return;
    if (isHere(this.keeper)) signal(this.keeper.pid, 'SIGTERM');
    else await this.#start.wantStop();
  }

  /** Resolves when nothing of it is left. */
  async stop(): Promise<void> {
    await this.askToStop();
    while (await this.isAlive()) await pause(100);
    await this.sweep();
  }

  /** Ends what its keeper left, if that was killed. */
  async sweep(): Promise<void> {
    if (!isHere(this.keeper)) return;
    await endAll(() => membersOf(this.#mark, this.keeper.pid), this.#graces);
  }
}

function fail(): never {
  throw new Error('the keeper of a trainer could not be started; process.log may say why');
}

const isFolder = (folder: string): Promise<boolean> =>
  stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );

/** What a log has from an offset on, some lines at a time. `isLast`: no more will follow, so an unfinished line counts. */
export class LogReader {
  readonly #file: string;
  readonly #lines = new Lines();
  #offset: number;

  constructor(folder: string, offset: number) {
    this.#file = path.join(folder, RUN_LOG);
    this.#offset = offset;
  }

  get offset(): number {
    return this.#offset;
  }

  async *read(isLast: boolean): AsyncGenerator<string[]> {
    const log = await open(this.#file, 'r').catch(() => null);
    if (!log) return;
    try {
      const chunk = Buffer.alloc(CHUNK_BYTES);
      for (;;) {
        const { bytesRead } = await log.read(chunk, 0, CHUNK_BYTES, this.#offset);
        if (bytesRead === 0) break;
        this.#offset += bytesRead;
        yield this.#lines.push(chunk.subarray(0, bytesRead));
      }
      if (isLast) yield this.#lines.end();
    } finally {
      await log.close();
    }
  }
}

/** 0 where there is none yet. */
export const logSize = async (folder: string): Promise<number> =>
  (await stat(path.join(folder, RUN_LOG)).catch(() => null))?.size ?? 0;
