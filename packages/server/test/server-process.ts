/** `limner serve` and `limner worker` as they are started: the built program in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Environ } from '../src/config.ts';
import { serverDir } from './places.ts';

const MAIN = path.join(serverDir, 'dist', 'main.js');

export class ServerProcess {
  /** Where it listens; of a worker its name. */
  readonly place: string;
  /** Lines of its log and what else it said. */
  readonly lines: string[];
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, place: string, lines: string[]) {
    this.#child = child;
    this.place = place;
    this.lines = lines;
  }

  /** @throws with its last words when it ends before it is ready */
  static async start(command: 'serve' | 'worker', environ: Environ): Promise<ServerProcess> {
    const env = { ...process.env, PORT: '0', LOG_LEVEL: 'info', LC_ALL: 'C', ...environ };
    const child = spawn(process.execPath, [MAIN, command], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const lines: string[] = [];
    createInterface({ input: child.stderr }).on('line', (line) => lines.push(line));
    for await (const line of createInterface({ input: child.stdout })) {
      const place = /ready at (\S+)|worker "(.*)" is ready/.exec(line);
      if (place) return new ServerProcess(child, place[1] ?? place[2] ?? '', lines);
    }
    if (child.exitCode === null) await once(child, 'close');
    throw Object.assign(new Error(lines.join('\n')), { exitCode: child.exitCode });
  }

  says(text: string): boolean {
    return this.lines.some((line) => line.includes(text));
  }

  /** Its exit code; null when it was killed. */
  async stop(signal: NodeJS.Signals): Promise<number | null> {
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null || signalCode !== null) return exitCode;
    this.#child.kill(signal);
    await once(this.#child, 'exit');
    return this.#child.exitCode;
  }
}
