/**
 * What can be asked of tasks. Each method is one transaction and one piece of news; it throws `StudioError`s.
 *
 * Cancelling and retrying write the final word into the rows at once, also under a running worker: the worker's own
 * writes name its lease and the frame's state, so they fail from then on, and the doorbell only makes it stop sooner.
 */
import {
  type Choice,
  type Family,
  type GenerateRequest,
  isFinal,
  type RemoveBgRequest,
  type RemoveBgTask,
  StudioError,
  type Task,
  type TaskEvent,
  type TaskFilter,
  type TaskKind,
  type TaskListItem,
  type UpscaleRequest,
} from '@limner/contract';
import type { Bus } from '../bus/bus.ts';
import type { Database, Writer } from '../db/database.ts';
import type { FrameRow, TaskRow } from '../db/schema.ts';
import type { FrameStyle } from '../engines/engine.ts';
import type { Chosen, Engines, Wish } from '../engines/engines.ts';
import type { Blobs } from '../storage/blobs.ts';
import type { Live, Preview } from './live.ts';
import { frameSeeds, ignoredFields, laneOf, sizeFor, type TaskPlan, withTriggerWords } from './plan.ts';
import { searchText } from './search.ts';
import { shapeEvent, shapeListItem, shapeRemoveBg, shapeTask } from './shape.ts';
import { hasWork } from './state.ts';
import * as store from './store.ts';
import * as list from './task-list.ts';
import { emptyTrash } from './trash.ts';

const SNAPSHOT_LIMIT = 500;
/** Two changes may become visible in the other order than their versions; a catch-up looks this far back. */
const SNAPSHOT_SLACK_MS = 10_000;

export interface StyleLookup {
  get(id: number): Promise<{ id: number; name: string; lora_path: string | null; trigger_words: string }>;
}

export interface ImageLookup {
  /** @throws StudioError `image_not_found` */
  resolveRef(ref: string): Promise<{ id: string }>;
}

export interface TasksOptions {
  db: Database;
  blobs: Blobs;
  bus: Bus;
  live: Live;
  engines: Engines;
  styles: StyleLookup;
  images: ImageLookup;
  maxQueuedTasks: number;
  /** 0 ≤ x < 1 */
  random?: () => number;
}

interface NewPlan {
  kind: TaskKind;
  chosen: Chosen;
  plan: TaskPlan;
  count: number;
  priority: number;
  sourceTaskId: number | null;
}

export class Tasks {
  readonly #o: TasksOptions;
  readonly #random: () => number;
  #waiting = { count: 0, untilMs: 0 };

  constructor(options: TasksOptions) {
    this.#o = options;
    this.#random = options.random ?? Math.random;
  }

  async generate(request: GenerateRequest): Promise<Task> {
    const style = request.style_id == null ? null : await this.#o.styles.get(request.style_id);
    const frameStyle: FrameStyle | null = style && {
      id: style.id,
      name: style.name,
      loraPath: style.lora_path,
    };
    const wish: Wish = {
      kind: 'generation',
      family: request.family ?? null,
      type: request.type,
      prompt: withTriggerWords(request.prompt, style?.trigger_words ?? ''),
      negativePrompt: request.negative_prompt,
      params: request.params,
      style: frameStyle,
      references: [],
      controlnet: request.controlnet?.enabled ? request.controlnet : null,
      width: request.width ?? null,
      height: request.height ?? null,
      ...(await this.#inputs(request)),
    };
    const chosen = this.#o.engines.choose(wish);
    const ignored = ignoredFields(chosen.family, request, frameStyle);
    const plan = planFrom(wish, chosen, {
      ...sizeFor(chosen.family, request.width, request.height),
      ignored,
    });
    plan.prompt = request.prompt;
    plan.seed = request.seed ?? null;
    return this.#create({
      kind: 'generation',
      chosen,
      plan,
      count: request.batch_size,
      priority: request.priority,
      sourceTaskId: null,
    });
  }

  async removeBg(request: RemoveBgRequest): Promise<RemoveBgTask> {
    const { id } = await this.#onePicture('remove_bg', 'remove-background', request, {
      model: request.model,
    });
    return this.getRemoveBg(id);
  }

  upscale(request: UpscaleRequest): Promise<Task> {
    return this.#onePicture('upscale', null, request, { factor: request.factor, model: request.model });
  }

  async get(id: number): Promise<Task> {
    const { task, frames } = await this.#read(id);
    return shapeTask(task, frames, this.#o.live.lookup(id));
  }

  async getRemoveBg(id: number): Promise<RemoveBgTask> {
    const { task, frames } = await this.#read(id);
    if (task.kind !== 'remove_bg') throw notFound(id);
    return shapeRemoveBg(task, frames, this.#o.live.lookup(id));
  }

  async list(filter: TaskFilter): Promise<{ items: TaskListItem[]; nextBefore: number | null }> {
    const { rows, more } = await list.listTasks(this.#o.db, filter);
    const frames = await list.framesOfAll(
      this.#o.db.read,
      rows.map((row) => row.id),
    );
    const items = rows.map((row) =>
      shapeListItem(row, frames.get(row.id) ?? [], this.#o.live.lookup(row.id)),
    );
    return { items, nextBefore: more ? (rows.at(-1)?.id ?? null) : null };
  }

  counts(): Promise<{ queued: number; running: number }> {
    return list.countActive(this.#o.db.read);
  }

  preview(id: number, index: number): Preview | null {
    return this.#o.live.preview(id, index);
  }

  /** Full events for a socket that has just subscribed: what changed after `since`, or what is going on. */
  async snapshot(tasks: 'all' | number[], since?: number): Promise<TaskEvent[]> {
    const { read } = this.#o.db;
    const rows = await this.#snapshotRows(tasks, since);
    const frames = await list.framesOfAll(
      read,
      rows.map((row) => row.id),
    );
    return rows.map((row) => {
      const live = this.#o.live.lookup(row.id);
      return shapeEvent(
        row,
        frames.get(row.id) ?? [],
        live,
        null,
        Math.max(row.version, this.#o.live.told(row.id)),
      );
    });
  }

  async cancel(id: number): Promise<Task> {
    const task = await this.#change(id, async (trx, { task }) => {
      if (isFinal(task.status))
        throw new StudioError('task_not_cancellable', { data: { id, status: task.status } });
      await store.moveFrames(trx, id, null, store.UNFINISHED, {
        status: 'cancelled',
        completed_at: Date.now(),
        ticket: null,
      });
      await store.endTask(trx, id, await store.framesOf(trx, id), true, this.#o.live.floor(id));
    });
    this.#o.bus.publish({ type: 'cancel', task: id, frame: null });
    return task;
  }

  async cancelFrame(id: number, index: number): Promise<Task> {
    const changed = await this.#change(id, async (trx, { task, frames }) => {
      const frame = frameAt(frames, id, index);
      const moved = await store.moveFrames(trx, id, index, store.UNFINISHED, {
        status: 'cancelled',
        completed_at: Date.now(),
      });
      if (moved === 0)
        throw new StudioError('task_not_cancellable', {
          data: { id: `${id}/${index}`, status: frame.status },
        });
      await store.touch(trx, id, this.#o.live.floor(id));
      const left = await store.framesOf(trx, id);
      if (task.lease === null && !hasWork(left))
        await store.endTask(trx, id, left, false, this.#o.live.floor(id));
    });
    this.#o.bus.publish({ type: 'cancel', task: id, frame: index });
    return changed;
  }

  retry(id: number): Promise<Task> {
    return this.#retry(id, null);
  }

  retryFrame(id: number, index: number): Promise<Task> {
    return this.#retry(id, index);
  }

  async delete(id: number): Promise<void> {
    const removed = await this.#o.db.write(async (trx) => {
      const found = await store.readTask(trx, id);
      if (!found) throw notFound(id);
      await store.removeTask(trx, id);
      return found.task;
    });
    this.#o.bus.publish({ type: 'cancel', task: id, frame: null });
    this.#o.live.deleted(removed);
    await emptyTrash(this.#o.db, this.#o.blobs);
  }

  async #inputs(request: GenerateRequest) {
    if (request.type === 'img2img' && !request.input_image)
      throw new StudioError('input_image_missing', { field: 'input_image' });
    if (request.type === 'inpaint' && !(request.input_image && request.mask_image))
      throw new StudioError('mask_missing', { field: 'mask_image' });
    const { controlnet } = request;
    const control = controlnet?.enabled ? await this.#image(controlnet.image, 'controlnet.image') : null;
    if (controlnet && control) controlnet.image = control;
    return {
      inputImage: request.type === 'txt2img' ? null : await this.#image(request.input_image, 'input_image'),
      maskImage: request.type === 'inpaint' ? await this.#image(request.mask_image, 'mask_image') : null,
    };
  }

  async #image(ref: string | null | undefined, field: string): Promise<string | null> {
    if (!ref) return null;
    try {
      return (await this.#o.images.resolveRef(ref)).id;
    } catch (error) {
      if (error instanceof StudioError)
        throw new StudioError(error.code, { data: error.data, field, cause: error });
      throw error;
    }
  }

  async #onePicture(
    kind: TaskKind,
    family: string | null,
    request: RemoveBgRequest | UpscaleRequest,
    params: TaskPlan['params'],
  ): Promise<Task> {
    const inputImage = await this.#image(request.input_image, 'input_image');
    const wish: Wish = {
      kind,
      family,
      type: null,
      prompt: '',
      negativePrompt: '',
      params,
      style: null,
      references: [],
      controlnet: null,
      width: null,
      height: null,
      inputImage,
      maskImage: null,
    };
    const chosen = this.#o.engines.choose(wish);
    const plan = planFrom(wish, chosen, { width: null, height: null, ignored: [] });
    return this.#create({
      kind,
      chosen,
      plan,
      count: 1,
      priority: request.priority,
      sourceTaskId: request.source_task_id ?? null,
    });
  }

  async #create({ kind, chosen, plan, count, priority, sourceTaskId }: NewPlan): Promise<Task> {
    const lane = laneOf(kind, chosen.engine.id);
    const now = Date.now();
    const seeds = frameSeeds(plan.seed, count, this.#random);
    await this.#refuseBeyondLimit();
    const created = await this.#o.db.write((trx) =>
      store.insertTask(
        trx,
        {
          kind,
          status: 'queued',
          lane,
          priority,
          family: chosen.family.id,
          prompt: plan.prompt,
          search_text: searchText(plan.prompt),
          style_id: plan.style?.id ?? null,
          source_task_id: sourceTaskId,
          plan: JSON.stringify(plan),
          total_frames: count,
          version: now,
          created_at: now,
        },
        seeds.map((seed, frame_index) => ({ frame_index, status: 'queued', seed })),
        imagesOf(plan),
      ),
    );
    const task = shapeTask(created.task, created.frames, this.#o.live.lookup(created.task.id));
    await this.#o.live.changed(task.id);
    this.#o.bus.publish({ type: 'wake', lane });
    return task;
  }

  /** Counted once a second: the limit guards the disk and memory, not an exact number. */
  async #refuseBeyondLimit(): Promise<void> {
    if (this.#waiting.untilMs < Date.now()) {
      this.#waiting = { count: (await this.counts()).queued, untilMs: Date.now() + 1000 };
    }
    const { count } = this.#waiting;
    if (count >= this.#o.maxQueuedTasks) throw new StudioError('queue_full', { data: { count } });
  }

  async #retry(id: number, index: number | null): Promise<Task> {
    const task = await this.#change(id, async (trx, { task, frames }) => {
      if (index !== null) frameAt(frames, id, index);
      const again = {
        status: 'queued',
        tries: 0,
        interruptions: 0,
        error: null,
        ticket: null,
        started_at: null,
        completed_at: null,
      } as const;
      const moved = await store.moveFrames(trx, id, index, ['failed', 'cancelled'], again);
      if (moved === 0) throw new StudioError('task_nothing_to_retry', { data: { id } });
      await store.requeueTask(trx, id, this.#o.live.floor(id), task.lease);
    });
    const { lane } = (await this.#read(id)).task;
    this.#o.bus.publish({ type: 'wake', lane });
    return task;
  }

  /** One change of an existing task: transaction, news, answer. */
  async #change(
    id: number,
    work: (trx: Writer, found: store.TaskWithFrames) => Promise<void>,
  ): Promise<Task> {
    await this.#o.db.write(async (trx) => {
      const found = await store.readTask(trx, id);
      if (!found) throw notFound(id);
      await work(trx, found);
    });
    await this.#o.live.changed(id);
    return this.get(id);
  }

  async #read(id: number): Promise<store.TaskWithFrames> {
    const found = await store.readTask(this.#o.db.read, id);
    if (!found) throw notFound(id);
    return found;
  }

  #snapshotRows(tasks: 'all' | number[], since?: number): Promise<TaskRow[]> {
    const { read } = this.#o.db;
    if (tasks !== 'all') return list.tasksById(read, tasks);
    if (since === undefined) return list.activeTasks(read, SNAPSHOT_LIMIT);
    return list.changedTasks(read, since - SNAPSHOT_SLACK_MS, SNAPSHOT_LIMIT);
  }
}

const notFound = (id: number) => new StudioError('task_not_found', { data: { id }, field: 'id' });

function frameAt(frames: FrameRow[], id: number, index: number): FrameRow {
  const frame = frames[index];
  if (!frame) throw new StudioError('frame_not_found', { data: { id, index }, field: 'index' });
  return frame;
}

function planFrom(
  wish: Wish,
  { family, choice }: { family: Family; choice: Omit<Choice, 'ignored'> },
  { width, height, ignored }: { width: number | null; height: number | null; ignored: string[] },
): TaskPlan {
  return {
    type: wish.type,
    prompt: wish.prompt,
    enginePrompt: wish.prompt,
    negativePrompt: wish.kind === 'generation' ? wish.negativePrompt : null,
    inputImage: wish.inputImage,
    maskImage: wish.maskImage,
    references: wish.references,
    controlnet: wish.controlnet ? { ...wish.controlnet, enabled: true } : null,
    seed: null,
    width,
    height,
    params: wish.params,
    style: wish.style,
    choice: { ...choice, family: family.id, ignored },
  };
}

const imagesOf = (plan: TaskPlan): string[] => [
  ...new Set(
    [plan.inputImage, plan.maskImage, ...plan.references, plan.controlnet?.image].filter(
      (image) => image != null,
    ),
  ),
];
