/** Starts, kills and restarts a fake ComfyUI in its own process. What it executed is counted here, over its deaths. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import readline from 'node:readline';
import { bundled } from '../bundle.ts';
import { serverDir } from '../places.ts';
import type { FakeOptions } from './fake-comfy.ts';

const entry = path.join(serverDir, 'test', 'fake-comfy', 'fake-comfy-cli.ts');

export class FakeProcess {
  url = '';
  /** Prompts whose sampler began, each as often as it did; and those that came to their end. */
  readonly executed: string[] = [];
  readonly done: string[] = [];
  readonly graphs: string[] = [];
  private child: ChildProcess | null = null;

  private constructor(
    private readonly file: string,
    private options: FakeOptions,
  ) {}

  static async start(options: Omit<FakeOptions, 'onExecuted' | 'onDone'> = {}): Promise<FakeProcess> {
    const fake = new FakeProcess(await bundled(entry), options);
    await fake.restart();
    return fake;
  }

  get alive(): boolean {
    return this.child !== null;
  }

  /** At the same address, with an empty queue and history. */
  async restart(): Promise<void> {
    const child = spawn(process.execPath, [this.file, JSON.stringify(this.options)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.child = child;
    const lines = readline.createInterface({ input: child.stdout });
    const ready = new Promise<void>((resolve, reject) => {
      child.once('exit', () => reject(new Error('the fake ComfyUI ended before it was ready')));
      lines.on('line', (line) => {
        const { url, executed, graph, done } = JSON.parse(line);
        if (executed) this.executed.push(executed);
        if (graph) this.graphs.push(graph);
        if (done) this.done.push(done);
        if (!url) return;
        this.url = url;
        this.options = { ...this.options, port: Number(new URL(url).port) };
        resolve();
      });
    });
    await ready;
  }

  /** As kill -9: nothing is said, nothing is saved. */
  async kill(): Promise<void> {
    const { child } = this;
    this.child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'close');
  }

  async close(): Promise<void> {
    await this.kill();
  }
}
