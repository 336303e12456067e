/**
 * A trainer's program that outlives the server. It has its own process group and writes its output to a file. The next
 * server adopts it by process id and start time, because ids are reused. Only the process that started it learns its exit
 * code, so the trainer checks its files to see whether it succeeded.
 */
import { execFile, spawn } from 'node:child_process';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

export interface ProcessTicket {
  pid: number;
  /** As the operating system reports it. */
  startedAt: string;
}

export interface ProcessOptions {
  command: string;
  args: readonly string[];
  /** Its working folder, which also has its log. */
  folder: string;
}

const LOG = 'process.log';
const CHECK_EVERY_MS = 100;
/** Between SIGTERM and SIGKILL. */
const GRACE_MS = 10_000;

export class DetachedProcess {
  readonly ticket: ProcessTicket;
  readonly #log: string;

  private constructor(ticket: ProcessTicket, folder: string) {
    this.ticket = ticket;
    this.#log = path.join(folder, LOG);
  }

  /** Starts it with an empty log. */
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

  /** null: it has ended, even if another process has its id now. */
  static async adopt(ticket: ProcessTicket, folder: string): Promise<DetachedProcess | null> {
    const process = new DetachedProcess(ticket, folder);
    return (await process.isAlive()) ? process : null;
  }

  async isAlive(): Promise<boolean> {
    const { pid, startedAt } = this.ticket;
    return (await startTime(pid)) === startedAt;
  }

  /** Yields the lines of its log from the first, until it has ended. @throws the signal's reason */
  async *lines(signal: AbortSignal): AsyncGenerator<string> {
    const log = await open(this.#log, 'r');
    try {
      let rest = '';
      for (let alive = true; alive; ) {
        signal.throwIfAborted();
        // Checked before reading, so that the last round reads everything it wrote.
        alive = await this.isAlive();
        const lines = (rest + (await newText(log))).split('\n');
        rest = lines.pop() ?? '';
        yield* lines;
        if (alive) await pause(CHECK_EVERY_MS, undefined, { signal }).catch(() => undefined);
      }
    } finally {
      await log.close();
    }
  }

  /** Ends it and the processes it started. Resolves when it has ended. */
  async stop(graceMs = GRACE_MS): Promise<void> {
    const sinceMs = performance.now();
    for (let sent: NodeJS.Signals | null = null; await this.isAlive(); ) {
      const due = performance.now() - sinceMs < graceMs ? 'SIGTERM' : 'SIGKILL';
      if (due !== sent) kill(this.ticket.pid, due);
      sent = due;
      await pause(CHECK_EVERY_MS);
    }
  }
}

async function newText(log: FileHandle): Promise<string> {
  // Continues at the handle's position.
  return log.readFile('utf8');
}

/** A negative id addresses the process group. */
function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** null: the process does not exist, or it is a zombie. */
async function startTime(pid: number): Promise<string | null> {
  if (process.platform !== 'linux') return startTimeByPs(pid);
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  // The second field, the name in parentheses, may contain spaces and parentheses.
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
