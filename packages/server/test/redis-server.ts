/** A Redis for tests: the `redis-server` that is installed here, one for each that asks, on a free port and without files. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const PATIENCE_MS = 20_000;

/** For example `Redis 7.0.15`; null, which is said once, where none is installed. */
export const redisVersion: string | null = installed();

function installed(): string | null {
  try {
    return `Redis ${/v=(\S+)/.exec(execFileSync('redis-server', ['--version'], { encoding: 'utf8' }))?.[1]}`;
  } catch {
    process.stderr.write('Tests with Redis are SKIPPED: redis-server is not installed here.\n');
    return null;
  }
}

export class TestRedis {
  readonly port: number;
  readonly #folder = mkdtempSync(path.join(os.tmpdir(), 'limner-redis-'));
  readonly #options: string[];
  #child: ChildProcess | null = null;

  private constructor(port: number, options: string[]) {
    this.port = port;
    this.#options = options;
  }

  /** `options`: of `redis-server`, such as `--requirepass secret`. */
  static async start(options: string[] = []): Promise<TestRedis> {
    const redis = new TestRedis(await freePort(), options);
    await redis.restart();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** At the same address, and empty. */
  async restart(): Promise<void> {
    const usual = ['--port', `${this.port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    const child = spawn('redis-server', [...usual, '--dir', this.#folder, ...this.#options], {
      stdio: 'ignore',
    });
    this.#child = child;
    for (const deadline = Date.now() + PATIENCE_MS; !(await this.#answers()); await pause(20))
      if (Date.now() > deadline || child.exitCode !== null) throw new Error('redis-server did not start');
  }

  /** Sends a command without quotes or spaces in its words, such as `FLUSHALL`; returns the raw answer. */
  async command(text: string): Promise<string> {
    const socket = net.connect(this.port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      socket.write(`${text}\r\n`);
      const [answer] = await once(socket, 'data');
      return String(answer);
    } finally {
      socket.destroy();
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** As kill -9. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #answers(): Promise<boolean> {
    return this.command('PING').then(
      (answer) => /PONG|NOAUTH/.test(answer),
      () => false,
    );
  }
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
