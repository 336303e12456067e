/** One prompt on its way through its nodes, as a fake ComfyUI runs them: cache, ticks, previews, and the faults of a run. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FakeFaults } from './fake-faults.ts';
import type { FakeFile } from './fake-file.ts';
import { film, filmEnding } from './fake-film.ts';
import { batchOf, cacheKey, type FakeGraph, inOrder } from './fake-graph.ts';
import { hasAlpha, paint, paintPreview, sizeOf } from './fake-picture.ts';
import type { FakeSockets } from './fake-sockets.ts';
import { trainedLora } from './fake-trained-lora.ts';

export interface FakePrompt {
  number: number;
  id: string;
  graph: FakeGraph;
  clientId: string | undefined;
  outputs: string[];
  /** Of its sampler; by default. */
  previews?: boolean;
}

/** Files by `type/subfolder/name`. They survive a crash, as on a disk. */
export type FakeFiles = Map<string, FakeFile>;

export interface FakeImage {
  filename: string;
  subfolder: string;
  type: string;
}

/** Results of nodes by what they were made from; only those of the last prompt are kept. */
export type FakeCache = ReadonlyMap<string, FakeImage[]>;

export interface FakeWorld {
  faults: FakeFaults;
  files: FakeFiles;
  cache: FakeCache;
  /** Which prompt since the start this is, from 1. */
  turn: number;
  sockets(): FakeSockets;
  interrupted(): boolean;
  /** The process this prompt ran in is no more. */
  dead(): boolean;
  die(): void;
  fileName(prefix: string, ending: string): string;
  samplerRuns(): void;
}

type Message = [type: string, data: object];
type EndingType = 'execution_success' | 'execution_error' | 'execution_interrupted';

interface Ending {
  type: EndingType;
  data: object;
}

const SUCCESS: Ending = { type: 'execution_success', data: {} };

export class FakeExecution {
  readonly kept = new Map<string, FakeImage[]>();
  private readonly outputs: Record<string, { images: FakeImage[]; animated?: true[] } | { text: string[] }> =
    {};
  private readonly messages: Message[] = [];
  private readonly states: Record<string, object> = {};
  private readonly executed: string[] = [];
  private readonly keys: Map<string, string>;
  private readonly order: string[];

  constructor(
    private readonly prompt: FakePrompt,
    private readonly world: FakeWorld,
  ) {
    this.order = inOrder(prompt.graph, prompt.outputs);
    this.keys = new Map(this.order.map((id) => [id, cacheKey(prompt.graph, id, this.fileHash)]));
  }

  /** The history entry, or null when the server died on the way. */
  async run(): Promise<object | null> {
    const fresh = this.order.filter((id) => !this.world.cache.has(this.key(id)));
    this.note('execution_start', {});
    this.note('execution_cached', { nodes: this.order.filter((id) => !fresh.includes(id)) });
    if (fresh.some((id) => this.works(id))) this.world.samplerRuns();
    const ending = await this.allNodes();
    if (this.world.dead()) return null;
    this.note(ending.type, ending.data);
    await sleep(this.world.faults.historyDelayMs);
    return this.world.dead() ? null : this.entry(ending.type);
  }

  private async allNodes(): Promise<Ending> {
    for (const id of this.order) {
      const cached = this.world.cache.get(this.key(id));
      const failed = cached ? null : await this.node(id);
      if (failed) return failed;
      const isOutput = this.prompt.outputs.includes(id);
      const images = cached ?? (isOutput ? await this.save(id) : []);
      this.kept.set(this.key(id), images);
      if (isOutput && !this.world.faults.noOutput && this.type(id) !== 'SaveLoRA') this.output(id, images);
    }
    return SUCCESS;
  }

  /** Null when it went well. */
  private async node(id: string): Promise<Ending | null> {
    const { faults, turn } = this.world;
    if (turn === faults.dieAtPrompt && this.works(id)) this.world.die();
    if (this.stopped()) return this.interruptedAt(id);
    this.state(id, 0, 1, 'running');
    this.send('executing', { node: id, display_node: id });
    if (faults.failingNode?.classType === this.type(id)) {
      const { type = 'ValueError', message } = faults.failingNode;
      return this.failedAt(id, type, message);
    }
    if (this.works(id) && faults.outOfMemoryAt.includes(turn)) {
      const message = 'Allocation on device 0 would exceed allowed memory. (out of memory)';
      return this.failedAt(id, 'torch.OutOfMemoryError', message);
    }
    const steps = this.works(id) ? Number(this.prompt.graph[id]?.inputs.steps ?? 4) : 0;
    for (let step = 1; step <= steps; step += 1) {
      if (!(await this.step(id, step, steps))) return this.interruptedAt(id);
    }
    this.state(id, steps || 1, steps || 1, 'finished');
    this.executed.push(id);
    return null;
  }

  private async step(id: string, step: number, steps: number): Promise<boolean> {
    const { faults } = this.world;
    while (faults.hang && !this.stopped()) await sleep(5);
    if (faults.promptMs > 0) await sleep(faults.promptMs / steps);
    if (this.stopped()) return false;
    this.state(id, step, steps, 'running');
    if (faults.previews && this.prompt.previews !== false) await this.preview(id, step);
    this.send('progress', { value: step, max: steps, node: id });
    return true;
  }

  private async preview(id: string, step: number): Promise<void> {
    const jpeg = await paintPreview(`${this.key(id)}/${step}`);
    this.world.sockets().preview(this.prompt.clientId, { prompt: this.prompt.id, node: id, jpeg });
  }

  /** As many as the batch it is given. */
  private async save(id: string): Promise<FakeImage[]> {
    if (this.type(id) === 'SaveLoRA') return this.saveLora(id);
    if (this.type(id) === 'PreviewAny') return [];
    const images: FakeImage[] = [];
    const count = filmEnding(this.type(id)) ? 1 : batchOf(this.prompt.graph, id);
    for (let nth = 0; nth < count; nth += 1) images.push(await this.saveOne(id, nth));
    return images;
  }

  /** In the folder where LoRAs are listed; the history says nothing of it. */
  private saveLora(id: string): FakeImage[] {
    const prefix = String(this.prompt.graph[id]?.inputs.prefix);
    const size = { width: 0, height: 0 };
    this.world.files.set(`output/${prefix}_00001_.safetensors`, { bytes: trainedLora(), ...size });
    return [];
  }

  private async saveOne(id: string, nth: number): Promise<FakeImage> {
    const { graph } = this.prompt;
    const { files } = this.world;
    const inputs = graph[id]?.inputs ?? {};
    const folders = String(inputs.filename_prefix ?? 'ComfyUI_temp').split('/');
    const ending = filmEnding(this.type(id));
    const filename = this.world.fileName(folders.pop() ?? '', ending ?? 'png');
    const type = this.type(id) === 'PreviewImage' ? 'temp' : 'output';
    if (ending !== undefined) {
      files.set([type, ...folders, filename].join('/'), film(this.type(id), this.world.faults.filmFiller));
      return { filename, subfolder: folders.join('/'), type };
    }
    const source = inputs.images as [string, number] | undefined;
    const size = sizeOf(graph, id, (name) => files.get(`input/${name}`));
    const key = this.key(source?.[0] ?? id) + (nth === 0 ? '' : `/${nth}`);
    const bytes = await paint(key, size, hasAlpha(graph, inOrder(graph, [id])));
    files.set([type, ...folders, filename].join('/'), { bytes, ...size });
    return { filename, subfolder: folders.join('/'), type };
  }

  private output(id: string, images: FakeImage[]): void {
    if (this.type(id) === 'PreviewAny') {
      this.outputs[id] = { text: [this.world.faults.description] };
      return;
    }
    const output = filmEnding(this.type(id)) ? { images, animated: [true as const] } : { images };
    this.outputs[id] = output;
    this.send('executed', { node: id, display_node: id, output });
  }

  private entry(ending: EndingType): object {
    const completed = ending === 'execution_success';
    const { number, id, graph, clientId, outputs } = this.prompt;
    return {
      prompt: [number, id, graph, { client_id: clientId }, outputs],
      outputs: this.outputs,
      status: { status_str: completed ? 'success' : 'error', completed, messages: this.messages },
      meta: {},
    };
  }

  private note(type: string, data: object): void {
    const timed = { ...data, timestamp: Date.now() };
    this.messages.push([type, { ...timed, prompt_id: this.prompt.id }]);
    this.send(type, timed);
  }

  private send(type: string, data: object): void {
    this.world.sockets().send(this.prompt.clientId, type, { ...data, prompt_id: this.prompt.id });
  }

  private state(id: string, value: number, max: number, state: string): void {
    const names = { node_id: id, display_node_id: id, parent_node_id: null, real_node_id: id };
    this.states[id] = { value, max, state, prompt_id: this.prompt.id, ...names };
    this.send('progress_state', { nodes: this.states });
  }

  private interruptedAt(id: string): Ending {
    const data = { node_id: id, node_type: this.type(id), executed: this.executed };
    return { type: 'execution_interrupted', data };
  }

  /** With a traceback and server paths, which must never reach a user. */
  private failedAt(id: string, exception: string, message: string): Ending {
    const data = {
      node_id: id,
      node_type: this.type(id),
      executed: this.executed,
      exception_message: message,
      exception_type: exception,
      traceback: ['  File "/srv/comfy/execution.py", line 1, in execute\n'],
      current_inputs: { model: ['/srv/comfy/models/unet/secret.gguf'] },
      current_outputs: [],
    };
    return { type: 'execution_error', data };
  }

  private stopped(): boolean {
    return this.world.interrupted() || this.world.dead();
  }

  private key(id: string): string {
    return this.keys.get(id) ?? '';
  }

  private type(id: string): string {
    return this.prompt.graph[id]?.class_type ?? '';
  }

  /** A node that takes the prompt's time. */
  private works(id: string): boolean {
    return this.type(id).startsWith('KSampler') || WORKING_NODES.has(this.type(id));
  }

  private readonly fileHash = (name: string): string =>
    createHash('sha256')
      .update(this.world.files.get(`input/${name}`)?.bytes ?? name)
      .digest('hex');
}

/** Where there is no sampler. */
const WORKING_NODES = new Set([
  'BiRefNetRMBG',
  'ImageUpscaleWithModel',
  'CannyEdgePreprocessor',
  'SamplerCustomAdvanced',
  'TrainLoraNode',
  'TextGenerate',
]);
