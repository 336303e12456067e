/**
 * A program that a trainer runs beside the server and that outlives it. It has a process group of its own and writes to a file;
 * the next server adopts it by its id and the time it was started, for ids are used again. Whether it ended well its
 * trainer sees by the files it left: nobody but the process that started it learns its exit code.
 */
import { execFile, spawn } from 'node:child_process';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

export interface ProcessTicket {
  pid: number;
  /** As the operating system tells it. */
  startedAt: string;
}

export interface ProcessOptions {
  command: string;
  args: readonly string[];
  /** It works here, and its log lies here. */
  folder: string;
}

const LOG = 'process.log';
const LOOKED_AT_EVERY_MS = 100;
/** To end by itself when it is stopped. */
const GRACE_MS = 10_000;

export class DetachedProcess {
  readonly ticket: ProcessTicket;
  readonly #log: string;

  private constructor(ticket: ProcessTicket, folder: string) {
    this.ticket = ticket;
    this.#log = path.join(folder, LOG);
  }

  /** Its log begins anew. */
  static async start({ command, args, folder }: ProcessOptions): Promise<DetachedProcess> {
    const log = await open(path.join(folder, LOG), 'w');
    try {
      const child = spawn(command, args, { cwd: folder, detached: true, stdio: ['ignore', log.fd, log.fd] });
      await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
      child.unref();
      const pid = child.pid ?? 0;
      return new DetachedProcess({ pid, startedAt: (await startTime(pid)) ?? 'ended at once' }, folder);
    } finally {
      await log.close();
    }
  }

  /** null: it has ended, also where another process has its id now. */
  static async adopt(ticket: ProcessTicket, folder: string): Promise<DetachedProcess | null> {
    const process = new DetachedProcess(ticket, folder);
    return (await process.isAlive()) ? process : null;
  }

  async isAlive(): Promise<boolean> {
    const { pid, startedAt } = this.ticket;
    return (await startTime(pid)) === startedAt;
  }

  /** Whole lines of its log from the first, as they come, until it has ended. @throws the signal's reason */
  async *lines(signal: AbortSignal): AsyncGenerator<string> {
    const log = await open(this.#log, 'r');
    try {
      let rest = '';
      for (let alive = true; alive; ) {
        signal.throwIfAborted();
        // Asked first: what it wrote last is read in this round.
        alive = await this.isAlive();
        const lines = (rest + (await newText(log))).split('\n');
        rest = lines.pop() ?? '';
        yield* lines;
        if (alive) await pause(LOOKED_AT_EVERY_MS, undefined, { signal }).catch(() => undefined);
      }
    } finally {
      await log.close();
    }
  }

  /** Resolves when it is gone, with the processes it started. */
  async stop(graceMs = GRACE_MS): Promise<void> {
    const sinceMs = performance.now();
    for (let sent: NodeJS.Signals | null = null; await this.isAlive(); ) {
      const due = performance.now() - sinceMs < graceMs ? 'SIGTERM' : 'SIGKILL';
      if (due !== sent) kill(this.ticket.pid, due);
      sent = due;
      await pause(LOOKED_AT_EVERY_MS);
    }
  }
}

async function newText(log: FileHandle): Promise<string> {
  // Goes on where it ended before.
  return log.readFile('utf8');
}

/** The group is named by the first of its processes. */
function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** null: there is no such process, or it has ended and only its parent has not looked yet. */
async function startTime(pid: number): Promise<string | null> {
  if (process.platform !== 'linux') return startTimeByPs(pid);
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  // The name before it is in parentheses and may hold anything.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields && fields[0] !== 'Z' ? (fields[19] ?? null) : null;
}

async function startTimeByPs(pid: number): Promise<string | null> {
  const asked = promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)]);
  return asked.then(
    ({ stdout }) => stdout.trim() || null,
    () => null,
  );
}
