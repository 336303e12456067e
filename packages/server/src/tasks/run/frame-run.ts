/** One frame under a held task: runs up to the engine's number of tries and stores its outputs. */
import { setTimeout as pause } from 'node:timers/promises';
import { type FrameRecipe, type ProvenanceLabels, type RecipeStyle, StudioError } from '@limner/contract';
import type { Logger } from 'pino';
import { SYSTEM } from '../../access.ts';
import type { Database, Writer } from '../../db/database.ts';
import type { FrameRow, TaskRow } from '../../db/schema.ts';
import type { Engine, EngineOutput, FrameContext, InputPicture } from '../../engines/engine.ts';
import type { Engines } from '../../engines/engines.ts';
import { USUAL_TRIES } from '../../engines/policy.ts';
import { provenanceLabels } from '../../engines/provenance-labels.ts';
import type { FileBody, RunFiles, StoredFile } from '../../engines/run-files.ts';
import { isDatabaseAway, toStudioError } from '../../error.ts';
import type { Blobs } from '../../storage/blobs.ts';
import type { Meters } from '../../telemetry/meters.ts';
import type { Span } from '../../telemetry/spans.ts';
import { frameRecipe, readPlan, type TaskPlan } from '../plan.ts';
import { NOTHING_PAINTED } from '../state.ts';
import { removePreview } from '../store/frame-progress.ts';
import {
  changeFrame,
  completeFrame,
  type FrameChange,
  failFrame,
  type HeldFrame,
  type KeptOutput,
  oneMoreTry,
} from '../store/leased.ts';
import * as store from '../store/task-rows.ts';
import { keptOutputs } from './kept-outputs.ts';
import type { RunReport } from './run-report.ts';
import { growingPauseMs } from './setbacks.ts';

/** Number of deaths of the process during one frame after which the frame fails. */
export const MAX_INTERRUPTIONS = 20;

/** Checkpoints of trainings, and the styles they make. */
export interface Runs {
  /** The files of one try. */
  filesOf(task: number, lease: string): RunFiles;
  keepLora(task: TaskRow, lora: FileBody, family: string): Promise<KeptLora>;
  complete(trx: Writer, task: TaskRow, lora: KeptLora): Promise<void>;
  completed(task: number): Promise<void>;
  discardLora(task: number, key: string): Promise<void>;
}

export interface KeptLora {
  /** Blob key. */
  key: string;
  /** That it fits. */
  family: string;
}

export interface FrameRunOptions {
  db: Database;
  blobs: Blobs;
  engines: Engines;
  runs: Runs;
  /** Names the task. */
  log: Logger;
  meters: Meters;
  openInput: (id: string) => Promise<InputPicture>;
  openLora: (style: RecipeStyle) => Promise<StoredFile>;
  /** Pause before another try. */
  retryPauseMs: number;
}

/** What ended: only the frame, or also the task. */
export type FrameEnd = 'frame' | 'task';

/** Why a frame was stopped; the reason of the engine's abort signal. */
export type StopReason = 'cancelled' | 'lease_lost' | 'stopping';

export interface FrameRunHold {
  lease: string;
  report: RunReport;
  /** Of the task. */
  span: Span;
  /** Why it must fail without another run; null: it runs. */
  reasonToFail: StudioError | null;
}

export class FrameRun {
  readonly #options: FrameRunOptions;
  readonly #task: TaskRow;
  readonly #frame: FrameRow;
  readonly #lease: string;
  readonly #report: RunReport;
  readonly #span: Span;
  readonly #reasonToFail: StudioError | null;
  #ticket: string | null;
  #stopped: StopReason | null = null;
  /** Why it failed; undefined: it has not. */
  #failure: StudioError | undefined;
  /** Of the newest try. */
  #engine: Engine | null = null;
  /** Of the try, or of the pause before another. */
  #current = new AbortController();

  constructor(
    options: FrameRunOptions,
    task: TaskRow,
    frame: FrameRow,
    { lease, report, span, reasonToFail }: FrameRunHold,
  ) {
    this.#options = options;
    this.#task = task;
    this.#frame = frame;
    this.#lease = lease;
    this.#report = report;
    this.#span = span.child('frame', 'internal', { 'limner.frame': frame.frame_index });
    this.#reasonToFail = reasonToFail;
    this.#ticket = frame.ticket;
  }

  stop(reason: StopReason): void {
    this.#stopped ??= reason;
    this.#current.abort(reason);
  }

  /**
   * Ends with the frame completed or failed in its row, or with the row unchanged if it was stopped. `'task'`: it was
   * the last frame, and the task has its final status.
   */
  async run(): Promise<FrameEnd> {
    try {
      return await this.#untilItEnds();
    } finally {
      this.#span.end(this.#failure);
    }
  }

  async #untilItEnds(): Promise<FrameEnd> {
    if (this.#reasonToFail) return this.#failAtLast(this.#reasonToFail);
    const plan = readPlan(this.#task);
    if (!plan) return this.#fail(new StudioError('plan_unreadable', { data: { id: this.#task.id } }));
    if (this.#frame.interruptions >= MAX_INTERRUPTIONS) {
      if (this.#ticket !== null) this.#options.engines.abandon(this.#task.lane, this.#ticket);
      return this.#fail(new StudioError('engine_died', { data: { engine: plan.choice.engine } }));
    }
    // The claim has marked the first frames as running already.
    let begun = this.#frame.status === 'running';
    for (let tries = this.#frame.tries + (begun ? 0 : 1); this.#stopped === null; tries += 1) {
      if (!begun && !(await this.#begin())) return 'frame';
      begun = false;
      try {
        return await this.#try(plan, tries);
      } catch (error) {
        if (this.#stopped !== null) return 'frame';
        const failure = toStudioError(error);
        // Not a try: the task is put back until the database answers.
        if (isDatabaseAway(failure)) throw failure;
        this.#options.log.warn({ err: failure, frame: this.#index, try: tries }, 'a try failed');
        if (!failure.again || tries >= (this.#engine?.tries ?? USUAL_TRIES)) return this.#fail(failure);
        await pause(this.#options.retryPauseMs, undefined, this.#stoppable()).catch(() => undefined);
      }
    }
    return 'frame';
  }

  get #index(): number {
    return this.#frame.frame_index;
  }

  #begin(): Promise<boolean> {
    this.#report.forget(this.#index);
    return this.#write(['queued', 'running'], {
      status: 'running',
      started_at: Date.now(),
      ...oneMoreTry,
      ...NOTHING_PAINTED,
    });
  }

  async #try(plan: TaskPlan, tries: number): Promise<FrameEnd> {
    const recipe = frameRecipe(plan, this.#frame);
    const engine = this.#options.engines.forFrame(recipe, plan.choice.engine);
    const beganMs = performance.now();
    this.#engine = engine;
    this.#span.set({ 'limner.engine': engine.id, 'limner.try': tries });
    // Read before the run, because a workflow may be removed meanwhile.
    const labels = provenanceLabels(engine, recipe);
    const outputs = await this.#watched(engine.silenceMsOf?.(recipe) ?? engine.silenceMs, (context) =>
      engine.run(recipe, context),
    );
    if (outputs.length === 0) throw new StudioError('no_image', { data: { engine: engine.label } });
    const end = await this.#keep(
      recipe,
      outputs.map((output) => labelled(output, labels)),
    );
    const painter = { family: this.#task.family, engine: engine.id };
    if (end !== null) this.#options.meters.framePainted(painter, (performance.now() - beganMs) / 1000);
    return end ?? 'frame';
  }

  /** A new signal for the next step, which `stop` aborts. */
  #stoppable(): AbortController {
    this.#current = new AbortController();
    if (this.#stopped !== null) this.#current.abort(this.#stopped);
    return this.#current;
  }

  /** Runs the engine until it ends, is stopped, or shows no sign of life for too long. */
  async #watched(
    silenceMs: number,
    run: (context: FrameContext) => Promise<EngineOutput[]>,
  ): Promise<EngineOutput[]> {
    const current = this.#stoppable();
    const tooQuiet = () =>
      current.abort(new StudioError('frame_timeout', { data: { seconds: Math.round(silenceMs / 1000) } }));
    const timer = setTimeout(tooQuiet, silenceMs);
    try {
      // An engine that ignores its signal must not hold the frame.
      return await Promise.race([
        run(this.#context(current.signal, () => timer.refresh())),
        aborted(current.signal),
      ]);
    } finally {
      clearTimeout(timer);
    }
  }

  #context(signal: AbortSignal, alive: () => void): FrameContext {
    const { id } = this.#task;
    const current = (work: () => void) => {
      if (signal.aborted) return;
      alive();
      work();
    };
    return {
      task: id,
      frame: this.#index,
      span: this.#span,
      signal,
      ticket: this.#ticket,
      progress: (fraction, loss) => current(() => this.#report.progress(this.#index, fraction, loss)),
      waits: (behind) => {
        if (!signal.aborted) this.#report.waits(this.#index, behind);
      },
      preview: (bytes, mediaType) => current(() => this.#report.preview(this.#index, { bytes, mediaType })),
      openInput: this.#options.openInput,
      openLora: this.#options.openLora,
      saveTicket: async (ticket) => {
        const ours = await this.#write(['running'], { ticket }, false);
        if (!ours) throw new Error('the frame is no longer ours');
        this.#ticket = ticket;
      },
      run: this.#options.runs.filesOf(id, this.#lease),
    };
  }

  /** Writes the files first, complete and flushed; then the rows that make them visible. null: the lease is lost. */
  async #keep(recipe: FrameRecipe, outputs: EngineOutput[]): Promise<FrameEnd | null> {
    const kept: KeptOutput[] = [];
    const whose = { task: this.#task.id, frame: this.#index, sinceMs: this.#task.created_at };
    // In other tasks a LoRA is an ordinary file.
    const style = recipe.training ? outputs.find(({ role }) => role === 'lora') : undefined;
    const files = outputs.filter((output) => output !== style);
    let lora: KeptLora | null = null;
    try {
      for await (const output of keptOutputs(this.#options.blobs, whose, recipe, files)) kept.push(output);
      if (style) lora = await this.#keepLora(style);
    } catch (error) {
      // Closes unread files.
      if (style && !Buffer.isBuffer(style.body)) style.body.destroy();
      await this.#discard(kept);
      throw error;
    }
    const end = await this.#end(async (trx) => {
      const ended = await completeFrame(trx, this.#target(['running']), kept);
      if (ended !== null && lora) await this.#options.runs.complete(trx, this.#task, lora);
      return ended;
    });
    if (end === null) await this.#discard(kept);
    if (lora) await this.#settleLora(lora, end !== null);
    return end;
  }

  #keepLora({ body, provenance }: EngineOutput): Promise<KeptLora> {
    return this.#options.runs.keepLora(this.#task, body, provenance.family);
  }

  /** The frame has ended, so a failure here is only logged; the next start removes remaining files. */
  async #settleLora({ key }: KeptLora, ended: boolean): Promise<void> {
    const { runs, log } = this.#options;
    const { id } = this.#task;
    await (ended ? runs.completed(id) : runs.discardLora(id, key)).catch((error) =>
      log.warn({ err: error }, 'the files of a training could not be tidied'),
    );
  }

  /**
   * Removes files without a row: of a failed try, or of a frame that was cancelled or deleted meanwhile. If another
   * worker took the task over, they stay, because it writes the same files.
   */
  async #discard(kept: KeptOutput[]): Promise<void> {
    const found = await store.readTask(SYSTEM, this.#options.db.read, this.#task.id);
    const frame = found?.frames.find(({ frame_index }) => frame_index === this.#index);
    if (frame && frame.status !== 'cancelled' && found?.task.lease !== this.#lease) return;
    for (const { file } of kept) await this.#options.blobs.delete(file);
  }

  async #fail(error: StudioError): Promise<FrameEnd> {
    this.#failure = error;
    const body = JSON.stringify(error.body());
    const end = await this.#end((trx) => failFrame(trx, this.#target(['queued', 'running']), body));
    if (end !== null) this.#options.meters.failed('frame', error.code);
    return end ?? 'frame';
  }

  /** Until it is written, with growing pauses: its other frames must not run again because of this one. */
  async #failAtLast(error: StudioError): Promise<FrameEnd> {
    for (let times = 1; this.#stopped === null; times += 1) {
      try {
        return await this.#fail(error);
      } catch (refused) {
        const pauseMs = growingPauseMs(this.#options.retryPauseMs, times);
        this.#options.log.warn(
          { err: refused, frame: this.#index, pauseMs },
          'the failure of a frame was not written',
        );
        await pause(pauseMs, undefined, this.#stoppable()).catch(() => undefined);
      }
    }
    return 'frame';
  }

  /**
   * Writes the frame's final status and, in the same commit, the task's if this was its last frame. null: the lease is
   * lost.
   */
  async #end(write: (trx: Writer) => ReturnType<typeof completeFrame>): Promise<FrameEnd | null> {
    const { id } = this.#task;
    const hasPreview = this.#report.hasPreview(this.#index);
    const ended = await this.#options.db.write(async (trx) => {
      const end = await write(trx);
      if (end === null) return null;
      if (hasPreview) await removePreview(trx, id, this.#index);
      return end;
    });
    this.#report.forget(this.#index);
    if (ended === null) return null;
    if (ended !== 'more') this.#options.meters.taskEnded(this.#task.kind, ended);
    await this.#report.changed();
    return ended === 'more' ? 'frame' : 'task';
  }

  async #write(from: FrameRow['status'][], change: FrameChange, publish = true): Promise<boolean> {
    const done = await this.#options.db.write((trx) => changeFrame(trx, this.#target(from), change));
    if (done && publish) await this.#report.changed();
    return done;
  }

  #target(from: FrameRow['status'][]): HeldFrame {
    return { id: this.#task.id, index: this.#index, lease: this.#lease, from };
  }
}

const labelled = (output: EngineOutput, labels: ProvenanceLabels): EngineOutput => ({
  ...output,
  provenance: { ...output.provenance, labels },
});

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () =>
      reject(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
