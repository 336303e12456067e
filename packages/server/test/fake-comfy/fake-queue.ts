/** The queue and the one worker of a fake ComfyUI: runs prompts, remembers them, counts what it executed. */
import { type FakeCache, FakeExecution, type FakeFiles, type FakePrompt } from './fake-execution.ts';
import type { FakeFaults } from './fake-faults.ts';
import type { FakeGraph } from './fake-graph.ts';
import type { FakeSockets } from './fake-sockets.ts';

export interface FakeQueueHooks {
  sockets(): FakeSockets;
  die(): void;
  onExecuted(promptId: string, graph: string): void;
  onDone(promptId: string): void;
}

export class FakeQueue {
  running: FakePrompt | null = null;
  pending: FakePrompt[] = [];
  readonly history = new Map<string, object>();
  interrupted = false;
  /** What follows survives a crash: it is for tests to count with. */
  begun = 0;
  /** Prompts whose sampler ran, each as often as it did. */
  readonly executedPrompts: string[] = [];
  /** How often a graph's sampler ran, by the graph's text. */
  readonly executedGraphs = new Map<string, number>();
  /** Whose prompts were sent, by client id. */
  readonly clients = new Set<string>();
  /** When each prompt was done, by id. */
  readonly doneAt = new Map<string, number>();
  /** Bodies of `POST /free`. */
  readonly freed: object[] = [];

  private counter = 0;
  private saved = 0;
  private cache: FakeCache = new Map();
  /** Grows with every crash: what ran before is not heard of any more. */
  private life = 0;
  private working = false;

  constructor(
    private readonly faults: FakeFaults,
    private readonly files: FakeFiles,
    private readonly hooks: FakeQueueHooks,
  ) {}

  get remaining(): number {
    return this.pending.length + (this.running ? 1 : 0);
  }

  nextNumber(front: boolean): number {
    const number = front ? -this.counter : this.counter;
    this.counter += 1;
    return number;
  }

  push(prompt: FakePrompt): void {
    this.pending.push(prompt);
    this.clients.add(prompt.clientId ?? '');
    this.sendStatus();
    // After the answer to the POST, as a worker thread that must first wake up.
    setImmediate(() => void this.work());
  }

  delete(ids: readonly string[]): void {
    this.pending = this.pending.filter(({ id }) => !ids.includes(id));
    this.sendStatus();
  }

  /** A restart: nothing is left but the disk. */
  forget(): void {
    this.life += 1;
    this.running = null;
    this.pending = [];
    this.history.clear();
    this.cache = new Map();
    this.working = false;
  }

  private sendStatus(): void {
    const status = { exec_info: { queue_remaining: this.remaining } };
    this.hooks.sockets().sendAll('status', { status });
  }

  private async work(): Promise<void> {
    if (this.working) return;
    this.working = true;
    const { life } = this;
    for (let next = this.next(); next; next = this.next()) {
      await this.execute(next, life);
      if (life !== this.life) return;
      this.running = null;
      this.sendStatus();
      this.hooks.sockets().send(next.clientId, 'executing', { node: null, prompt_id: next.id });
    }
    this.working = false;
  }

  /** The lowest number first; the list itself is in no order. */
  private next(): FakePrompt | undefined {
    const next = this.pending.toSorted((a, b) => a.number - b.number)[0];
    this.pending = this.pending.filter((prompt) => prompt !== next);
    return next;
  }

  private async execute(prompt: FakePrompt, life: number): Promise<void> {
    this.running = prompt;
    this.interrupted = false;
    this.begun += 1;
    this.sendStatus();
    const { faults, files, cache, begun: turn } = this;
    const execution = new FakeExecution(prompt, {
      faults,
      files,
      cache,
      turn,
      sockets: () => this.hooks.sockets(),
      interrupted: () => this.interrupted,
      dead: () => life !== this.life,
      die: () => this.hooks.die(),
      fileName: (prefix, ending) => this.fileName(prefix, ending),
      samplerRuns: () => this.count(prompt),
    });
    const entry = await execution.run();
    if (!entry) return;
    this.cache = execution.kept;
    this.history.set(prompt.id, entry);
    this.doneAt.set(prompt.id, performance.now());
    this.hooks.onDone(prompt.id);
  }

  private count({ id, graph }: FakePrompt): void {
    const text = graphText(graph);
    this.executedPrompts.push(id);
    this.executedGraphs.set(text, (this.executedGraphs.get(text) ?? 0) + 1);
    this.hooks.onExecuted(id, text);
  }

  private fileName(prefix: string, ending: string): string {
    this.saved += 1;
    return `${prefix}_${String(this.saved).padStart(5, '0')}_.${ending}`;
  }
}

/** A graph without what does not change its picture. */
const graphText = (graph: FakeGraph): string =>
  JSON.stringify(
    Object.entries(graph).map(([id, { class_type, inputs }]) => [
      id,
      class_type,
      { ...inputs, filename_prefix: '' },
    ]),
  );
