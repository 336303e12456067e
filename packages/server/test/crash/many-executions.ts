/** Which frame each fake ComfyUI executes and when, over all their lives: a frame is known by its seed. */
import type { FakeProcess } from '../fake-comfy/fake-process.ts';

interface Execution {
  seed: string;
  server: number;
  /** Of the server's lives. */
  life: number;
  isDone: boolean;
}

export class ManyExecutions {
  readonly #fakes: readonly FakeProcess[];
  readonly #byPrompt = new Map<string, Execution>();
  readonly #all: Execution[] = [];
  readonly #read: { begun: number; done: number }[];
  readonly #lives: number[];
  readonly #timer: NodeJS.Timeout;
  /** Seeds whose frame began while another server, or the same, still executed it. */
  readonly atOnce: string[] = [];
  /** Seeds whose frame ran again although the server that had run it lived. */
  readonly withoutReason: string[] = [];
  /** Frames that ran again because their server had died. */
  repeated = 0;

  constructor(fakes: readonly FakeProcess[]) {
    this.#fakes = fakes;
    this.#read = fakes.map(() => ({ begun: 0, done: 0 }));
    this.#lives = fakes.map(() => 0);
    this.#timer = setInterval(() => this.read(), 10);
  }

  get count(): number {
    return this.#all.length;
  }

  /** Seeds that began since execution `from`. */
  seedsSince(from: number): string[] {
    this.read();
    return this.#all.slice(from).map(({ seed }) => seed);
  }

  async kill(server: number): Promise<void> {
    this.read();
    await this.#fakes[server]?.kill();
    this.read();
    this.#lives[server] = (this.#lives[server] ?? 0) + 1;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  read(): void {
    for (const [server, fake] of this.#fakes.entries()) this.#readDone(fake, server);
    for (const [server, fake] of this.#fakes.entries()) this.#readBegun(fake, server);
  }

  #readDone(fake: FakeProcess, server: number): void {
    const read = this.#read[server] as { done: number };
    for (const prompt of fake.done.slice(read.done)) {
      const execution = this.#byPrompt.get(prompt);
      if (execution) execution.isDone = true;
      read.done += 1;
    }
  }

  #readBegun(fake: FakeProcess, server: number): void {
    const read = this.#read[server] as { begun: number };
    for (const graph of fake.graphs.slice(read.begun)) {
      const prompt = fake.executed[read.begun] ?? '';
      read.begun += 1;
      const seed = /"(?:noise_)?seed":(\d+)/.exec(graph)?.[1] ?? '';
      const execution = { seed, server, life: this.#lives[server] ?? 0, isDone: false };
      this.#compare(execution);
      this.#byPrompt.set(prompt, execution);
      this.#all.push(execution);
    }
  }

  #compare(execution: Execution): void {
    const earlier = this.#all.filter(({ seed }) => seed === execution.seed);
    if (earlier.length === 0) return;
    const living = earlier.filter(({ server, life }) => life === this.#lives[server]);
    if (living.some(({ isDone }) => !isDone)) this.atOnce.push(execution.seed);
    if (living.length > 0) this.withoutReason.push(execution.seed);
    else this.repeated += 1;
  }
}
