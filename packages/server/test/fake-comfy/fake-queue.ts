/** The queue and the one worker of a fake ComfyUI: runs prompts, remembers them, counts what it executed. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FakeFaults } from './fake-faults.ts';
import { cacheKey, type FakeGraph, inOrder } from './fake-graph.ts';
import { hasAlpha, paint, paintPreview, sizeOf } from './fake-picture.ts';
import type { FakeSockets } from './fake-sockets.ts';

export interface FakePrompt {
  number: number;
  id: string;
  graph: FakeGraph;
  clientId: string | undefined;
  outputs: string[];
}

export interface FakeFile {
  bytes: Buffer;
  width: number;
  height: number;
}

/** Files by `type/subfolder/name`. They survive a crash, as on a disk. */
export type FakeFiles = Map<string, FakeFile>;

type Message = [string, Record<string, unknown>];
type Ending = { type: 'execution_success' | 'execution_error' | 'execution_interrupted'; data: object };

interface Image {
  filename: string;
  subfolder: string;
  type: string;
}

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
  begun = 0;
  /** Everything below survives a crash: it is for tests to count with. */
  readonly executedPrompts: string[] = [];
  /** How often a graph's sampler really ran, by the graph's text. */
  readonly executedGraphs = new Map<string, number>();
  /** When each prompt was done, by id. */
  readonly doneAt = new Map<string, number>();
  readonly freed: object[] = [];

  private counter = 0;
  private saved = 0;
  private cache = new Map<string, Image[]>();
  private epoch = 0;
  private busy = false;

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
    this.tellStatus();
    // After the answer to the POST, as a worker thread that must first wake up.
    setImmediate(() => void this.work());
  }

  delete(ids: readonly string[]): void {
    this.pending = this.pending.filter(({ id }) => !ids.includes(id));
    this.tellStatus();
  }

  /** A restart: nothing is left but the disk. */
  forget(): void {
    this.epoch += 1;
    this.running = null;
    this.pending = [];
    this.history.clear();
    this.cache.clear();
    this.busy = false;
  }

  private tellStatus(): void {
    const status = { exec_info: { queue_remaining: this.remaining } };
    this.hooks.sockets().tellAll('status', { status });
  }

  private async work(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    const { epoch } = this;
    for (;;) {
      this.pending.sort((a, b) => a.number - b.number);
      const next = this.pending.shift();
      if (!next || epoch !== this.epoch) break;
      this.running = next;
      this.interrupted = false;
      await this.execute(next, epoch);
      if (epoch !== this.epoch) return;
      this.running = null;
      this.tellStatus();
      this.hooks.sockets().tell(next.clientId, 'executing', { node: null, prompt_id: next.id });
    }
    this.busy = false;
  }

  private async execute(prompt: FakePrompt, epoch: number): Promise<void> {
    const { id, graph, clientId } = prompt;
    const tell = (type: string, data: object) =>
      this.hooks.sockets().tell(clientId, type, { ...data, prompt_id: id });
    const messages: Message[] = [];
    const note = (type: string, data: object) => {
      const full = { ...data, prompt_id: id, timestamp: Date.now() };
      messages.push([type, full]);
      tell(type, { ...data, timestamp: full.timestamp });
    };
    this.begun += 1;
    const turn = this.begun;
    this.tellStatus();
    note('execution_start', {});
    const order = inOrder(graph, prompt.outputs);
    const keys = new Map(order.map((node) => [node, cacheKey(graph, node, this.fileHash)]));
    const cached = order.filter((node) => this.cache.has(keys.get(node) ?? ''));
    note('execution_cached', { nodes: cached });
    const run = new FakeExecution(
      this.faults,
      prompt,
      tell,
      turn,
      () => this.interrupted || epoch !== this.epoch,
    );
    const outputs: Record<string, { images: Image[] }> = {};
    const kept = new Map<string, Image[]>();
    if (order.some((node) => !cached.includes(node) && isSampler(graph, node))) this.count(id, graph);
    let ending: Ending = { type: 'execution_success', data: {} };
    for (const node of order) {
      const key = keys.get(node) ?? '';
      const old = this.cache.get(key);
      let images = old ?? [];
      if (!old) {
        if (turn === this.faults.dieAtPrompt && isSampler(graph, node)) {
          this.hooks.die();
          return;
        }
        const failed = await run.node(node, (step) => this.preview(prompt, node, `${key}/${step}`));
        if (epoch !== this.epoch) return;
        if (failed) {
          ending = failed;
          break;
        }
        if (prompt.outputs.includes(node)) images = await this.save(graph, node, key);
      }
      kept.set(key, images);
      if (prompt.outputs.includes(node) && !this.faults.noOutput) {
        outputs[node] = { images };
        tell('executed', { node, display_node: node, output: { images } });
      }
    }
    // What the last prompt did not use is dropped.
    this.cache = kept;
    note(ending.type, ending.data);
    if (this.faults.historyDelayMs > 0) await sleep(this.faults.historyDelayMs);
    this.doneAt.set(id, performance.now());
    this.remember(prompt, outputs, messages, ending);
    this.hooks.onDone(id);
  }

  private remember(prompt: FakePrompt, outputs: object, messages: Message[], ending: Ending): void {
    const completed = ending.type === 'execution_success';
    const { number, id, graph, clientId } = prompt;
    this.history.set(id, {
      prompt: [number, id, graph, { client_id: clientId }, prompt.outputs],
      outputs,
      status: { status_str: completed ? 'success' : 'error', completed, messages },
      meta: {},
    });
  }

  private count(id: string, graph: FakeGraph): void {
    const text = graphText(graph);
    this.executedPrompts.push(id);
    this.executedGraphs.set(text, (this.executedGraphs.get(text) ?? 0) + 1);
    this.hooks.onExecuted(id, text);
  }

  private async preview(prompt: FakePrompt, node: string, seedText: string): Promise<void> {
    const jpeg = await paintPreview(seedText);
    this.hooks.sockets().preview(prompt.clientId, { prompt: prompt.id, node, jpeg });
  }

  private async save(graph: FakeGraph, node: string, key: string): Promise<Image[]> {
    const { inputs, class_type } = graph[node] ?? { inputs: {}, class_type: '' };
    const prefix = String(inputs.filename_prefix ?? 'ComfyUI_temp').split('/');
    const base = prefix.pop() ?? '';
    this.saved += 1;
    const type = class_type === 'PreviewImage' ? 'temp' : 'output';
    const image = {
      filename: `${base}_${String(this.saved).padStart(5, '0')}_.png`,
      subfolder: prefix.join('/'),
      type,
    };
    const source = inputs.images as [string, number] | undefined;
    const seedText = source ? cacheKey(graph, source[0], this.fileHash) : key;
    const size = sizeOf(graph, node, (name) => this.files.get(`input/${name}`));
    const bytes = await paint(seedText, size, hasAlpha(graph, inOrder(graph, [node])));
    this.files.set(`${type}/${image.subfolder ? `${image.subfolder}/` : ''}${image.filename}`, {
      bytes,
      ...size,
    });
    return [image];
  }

  private readonly fileHash = (name: string): string =>
    createHash('sha256')
      .update(this.files.get(`input/${name}`)?.bytes ?? name)
      .digest('hex');
}

/** One prompt on its way through its nodes. */
class FakeExecution {
  private readonly states: Record<string, object> = {};
  private readonly executed: string[] = [];

  constructor(
    private readonly faults: FakeFaults,
    private readonly prompt: FakePrompt,
    private readonly tell: (type: string, data: object) => void,
    private readonly turn: number,
    private readonly stopped: () => boolean,
  ) {}

  /** Null when it went well. */
  async node(id: string, preview: (step: number) => Promise<void>): Promise<Ending | null> {
    const { class_type, inputs } = this.prompt.graph[id] ?? { class_type: '', inputs: {} };
    if (this.stopped()) return this.interruptedAt(id, class_type);
    this.state(id, 0, 1, 'running');
    this.tell('executing', { node: id, display_node: id });
    if (this.faults.failingNode?.classType === class_type) {
      return this.failedAt(id, class_type, 'ValueError', this.faults.failingNode.message);
    }
    if (!isSampler(this.prompt.graph, id)) return this.finished(id, 1);
    if (this.faults.outOfMemoryAt.includes(this.turn)) {
      const message = 'Allocation on device 0 would exceed allowed memory. (out of memory)';
      return this.failedAt(id, class_type, 'torch.OutOfMemoryError', message);
    }
    const steps = Number(inputs.steps ?? 4);
    for (let step = 1; step <= steps; step += 1) {
      await this.wait(this.faults.promptMs / steps);
      if (this.stopped()) return this.interruptedAt(id, class_type);
      this.state(id, step, steps, 'running');
      await preview(step);
      this.tell('progress', { value: step, max: steps, node: id });
    }
    return this.finished(id, steps);
  }

  private async wait(ms: number): Promise<void> {
    while (this.faults.hang && !this.stopped()) await sleep(5);
    if (ms > 0) await sleep(ms);
  }

  private state(id: string, value: number, max: number, state: string): void {
    const ids = {
      node_id: id,
      prompt_id: this.prompt.id,
      display_node_id: id,
      parent_node_id: null,
      real_node_id: id,
    };
    this.states[id] = { value, max, state, ...ids };
    this.tell('progress_state', { nodes: this.states });
  }

  private finished(id: string, max: number): null {
    this.state(id, max, max, 'finished');
    this.executed.push(id);
    return null;
  }

  private interruptedAt(id: string, type: string): Ending {
    return { type: 'execution_interrupted', data: { node_id: id, node_type: type, executed: this.executed } };
  }

  private failedAt(id: string, type: string, exception: string, message: string): Ending {
    return {
      type: 'execution_error',
      data: {
        node_id: id,
        node_type: type,
        executed: this.executed,
        exception_message: message,
        exception_type: exception,
        traceback: ['  File "/srv/comfy/execution.py", line 1, in execute\n'],
        current_inputs: { model: ['/srv/comfy/models/unet/secret.gguf'] },
        current_outputs: [],
      },
    };
  }
}

const isSampler = (graph: FakeGraph, id: string): boolean => {
  const type = graph[id]?.class_type ?? '';
  return type.startsWith('KSampler') || WORKING_NODES.has(type);
};

/** Nodes that take the prompt's time where there is no sampler. */
const WORKING_NODES = new Set([
  'BiRefNetRMBG',
  'ImageUpscaleWithModel',
  'CannyEdgePreprocessor',
  'SamplerCustomAdvanced',
]);

/** A graph without what does not change its picture. */
export const graphText = (graph: FakeGraph): string =>
  JSON.stringify(
    Object.entries(graph).map(([id, { class_type, inputs }]) => [
      id,
      class_type,
      { ...inputs, filename_prefix: '' },
    ]),
  );
