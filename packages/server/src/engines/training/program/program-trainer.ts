/**
 * Trains by a program. The program runs detached under a keeper, so it goes on while Limner is restarted or killed, and the
 * next process finds it by the run's folder. Each of its stages is run once; the training continues from the newest whole
 * state that it left.
 *
 * What the program has learnt lies in its own files in the run's folder. The checkpoint of the run is only a note of the
 * step, and of the place in the log up to which steps were reported.
 */
import { appendFile, rm, statfs } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { LossPoint, StudioError, TrainingParams, TrainingPhase } from '@limner/contract';
import { z } from 'zod';
import { parsedOrNull } from '../../../parsed-or-null.ts';
import { carriesOnLater } from '../../carries-on-later.ts';
import { RUN_LOG } from '../../run-files.ts';
import type { StyleTrainer, Trained, TrainingContext, TrainingJob } from '../trainer.ts';
import { withoutBar } from './bar.ts';
import { claimDevice, type DeviceClaim } from './device-claim.ts';
import { type Failure, failureOf, trainerFailed } from './failure.ts';
import { KeptProcess, LogReader, logSize } from './kept-process.ts';
import { DEVICE_MARK, type Graces, RUN_MARK, startsOn, USUAL_GRACES } from './processes.ts';
import { RunState, type Started } from './run-state.ts';
import { Samples } from './samples.ts';
import { writeSet } from './set-folder.ts';
import { StartFolder } from './start-folder.ts';
import type { ProgramJob, ProgramNews, Stage, TrainingProgram } from './training-program.ts';

export interface Supervision {
  /** The built `program-keeper.ts`. */
  keeperEntry: string;
  /** Variables that every program gets; see `program-environment.ts`. */
  env: Readonly<Record<string, string>>;
  /** Below this, a run is stopped before the disk is full. */
  minFreeBytes: number;
  graces?: Graces;
  times?: Partial<WatchTimes>;
  /** Free bytes where a folder lies; replaced in tests. */
  freeBytes?: (folder: string) => Promise<number>;
  /** Between two readings of the log; replaced in tests. */
  wait?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

interface WatchTimes {
  /** Between two readings of the log. */
  logMs: number;
  /** Between two looks at the disk, samples and states. */
  filesMs: number;
  /** While another run has the device. */
  deviceMs: number;
}
const USUAL_TIMES: WatchTimes = { logMs: 250, filesMs: 15_000, deviceMs: 2_000 };

/** A large model may load, quantise and encode for long without a word; the page says since when it is silent. */
const SILENCE_MS = 12 * 60 * 60_000;
const TRIES = 3;
const TAIL_LINES = 200;

const Ticket = z.object({ folder: z.string() });
/**
 * The run's checkpoint: a step from which the program can continue, how far of it the log was read, which is less where the
 * program wrote its state meanwhile, and where the start's log has the steps after that.
 */
const Note = z.object({
  step: z.number().int(),
  /** Versions before had only `step`. */
  read: z.number().int().optional(),
  mark: z.string().nullable(),
  offset: z.number().int(),
});

export class ProgramTrainer implements StyleTrainer {
  readonly id: string;
  readonly label;
  readonly description;
  readonly families;
  readonly images;
  readonly params;
  readonly presets;
  readonly experimental;
  readonly lane: string;
  readonly device: string;
  readonly silenceMs = SILENCE_MS;
  readonly tries = TRIES;
  readonly #program: TrainingProgram;
  readonly #supervision: Supervision;
  /** Stops of runs that no worker holds. */
  readonly #abandoning = new Set<Promise<void>>();

  constructor(program: TrainingProgram, supervision: Supervision) {
    this.id = program.id;
    this.label = program.label;
    this.description = program.description;
    this.families = program.families;
    this.images = program.images;
    this.params = program.params;
    this.presets = program.presets;
    this.experimental = program.experimental;
    this.device = program.device;
    this.lane = `training-${program.id}`;
    this.#program = program;
    this.#supervision = supervision;
  }

  familyOf(params: TrainingParams): string {
    return this.#program.familyOf(params);
  }

  stepsOf(params: TrainingParams, pictures: number): number {
    return this.#program.stepsOf(params, pictures);
  }

  /** Programs that paint some name the steps between two `sample_every`; 0: none. */
  hasSamples({ sample_every }: TrainingParams): boolean {
    return this.#program.samples !== undefined && Number(sample_every) !== 0;
  }

  missing() {
    return this.#program.missing();
  }

  missingFor(params: TrainingParams) {
    return this.#program.missingFor?.(params) ?? [];
  }

  async refresh(): Promise<void> {
    await this.#program.refresh?.();
  }

  run(job: TrainingJob, ctx: TrainingContext): Promise<Trained> {
    return new ProgramRun(this.#program, this.#supervision, job, ctx).trained();
  }

  /** The keeper ends the program in its own time. */
  abandon(ticket: string): void {
    const stopping = stopLeft(ticket).finally(() => this.#abandoning.delete(stopping));
    this.#abandoning.add(stopping);
  }

  async close(): Promise<void> {
    await Promise.all(this.#abandoning);
  }
}

async function stopLeft(ticket: string): Promise<void> {
  const read = Ticket.safeParse(parsedOrNull(ticket)).data;
  if (!read) return;
  const left = await KeptProcess.find(new StartFolder(read.folder)).catch(() => null);
  await left?.askToStop().catch(() => undefined);
}

/** One try. */
class ProgramRun {
  readonly #program: TrainingProgram;
  readonly #supervision: Supervision;
  readonly #times: WatchTimes;
  readonly #job: TrainingJob;
  readonly #ctx: TrainingContext;
  readonly #steps: number;
  #folder = '';
  #state!: RunState;
  #step = 0;
  /** The last step whose loss came after it. */
  #measured = 0;
  /** The step of the last note. */
  #noted: number | null = null;
  /** Where in the log chunks with new steps begin, and the step before each. */
  #places: { step: number; offset: number }[] = [];
  /** The last lines of the stage, without bars. */
  readonly #tail: string[] = [];
  #phase: TrainingPhase | null = null;
  /** Steps whose LoRA was offered. */
  readonly #offered = new Set<number>();

  constructor(program: TrainingProgram, supervision: Supervision, job: TrainingJob, ctx: TrainingContext) {
    this.#program = program;
    this.#supervision = supervision;
    this.#times = { ...USUAL_TIMES, ...supervision.times };
    this.#job = job;
    this.#ctx = ctx;
    this.#steps = program.stepsOf(job.params, job.pictures.length);
  }

  async trained(): Promise<Trained> {
    this.#ctx.signal.throwIfAborted();
    this.#folder = await this.#ctx.workDir();
    this.#state = await RunState.open(this.#folder);
    const left = await this.#left();
    const sizes = this.#state.sizes ?? (await this.#writePictures());
    let job = this.#jobFrom(sizes, left?.started.from ?? null);
    if (!left) {
      const lora = await this.#lora(job);
      if (lora) return lora;
      const from = await this.#program.resumePoint(job);
      job = this.#jobFrom(sizes, from);
      this.#step = from?.step ?? 0;
      await this.#note(job, null);
    }
    for (const stage of await this.#stages(job, left)) {
      if (this.#state.isDone(stage.id)) continue;
      const running = left?.started.stage === stage.id ? left : await this.#begin(stage, job);
      await this.#follow(stage, job, running);
    }
    const lora = await this.#lora(job);
    if (lora) return lora;
    await this.#state.ended(this.#lastStage(job), false);
    throw await this.#failed(job, failureOf(ENDED_WELL, this.#tail));
  }

  #lastStage(job: ProgramJob): string {
    return this.#program.stages(job).at(-1)?.id ?? '';
  }

  /** A program that was changed meanwhile may no longer have the stage that runs. */
  async #stages(job: ProgramJob, left: Running | null): Promise<readonly Stage[]> {
    const stages = this.#program.stages(job);
    if (left && !stages.some(({ id }) => id === left.started.stage)) {
      await this.#stopped(left.process);
      await this.#state.ended(left.started.stage, false);
    }
    return stages;
  }

  #jobFrom(sizes: ProgramJob['sizes'], from: ProgramJob['from']): ProgramJob {
    const pictures = path.join(this.#folder, 'pictures');
    const folder = this.#folder;
    return { job: this.#job, folder, pictures, sizes, steps: this.#steps, from, ended: false };
  }

  /** The result, once it is there. */
  async #lora(job: ProgramJob): Promise<Trained | null> {
    const ended = this.#state.isDone(this.#lastStage(job));
    const last = (await this.#program.saved({ ...job, ended })).at(-1);
    if (!last || last.step < this.#steps) return null;
    this.#to('saving');
    await this.#offer(job);
    if (this.#step < this.#steps) this.#ctx.step(this.#steps, null);
    return { lora: await last.open(), sheet: null };
  }

  /** What an earlier process of Limner started and is not known to have ended. Waits for one that is being stopped. */
  async #left(): Promise<Running | null> {
    const { started } = this.#state;
    if (!started) return null;
    const process = await KeptProcess.find(this.#state.startFolder(started.mark));
    if (process && !(await process.isStopping())) return { started, process };
    if (process) await this.#stopped(process);
    await this.#state.ended(started.stage, false);
    return null;
  }

  async #writePictures(): Promise<ProgramJob['sizes']> {
    this.#to('preparing');
    const folder = path.join(this.#folder, 'pictures');
    await rm(folder, { recursive: true, force: true });
    const overWhite: string[] = [];
    const sizes = await writeSet({
      pictures: this.#job.pictures,
      open: (index) => this.#ctx.openPicture(index),
      folder,
      signal: this.#ctx.signal,
      wrote: (name, hadAlpha) => {
        if (hadAlpha) overWhite.push(name);
        this.#ctx.alive();
      },
    });
    if (overWhite.length > 0)
      await this.#log(`transparent parts laid over white / 透明部分已铺白底: ${overWhite.join(', ')}`);
    await this.#state.wrote(sizes);
    return sizes;
  }

  async #begin(stage: Stage, job: ProgramJob): Promise<Running> {
    this.#to(stage.phase);
    const claim = await this.#deviceFree();
    try {
      return await this.#start(stage, job);
    } finally {
      // Its program, if there is one, carries the mark of the device by now.
      claim.release();
    }
  }

  async #start(stage: Stage, job: ProgramJob): Promise<Running> {
    const low = await this.#lowDisk();
    if (low) throw await this.#failed(job, low.failure);
    await stage.prepare?.();
    this.#ctx.signal.throwIfAborted();
    const { keeperEntry, env, graces = USUAL_GRACES } = this.#supervision;
    await this.#log(`${stage.id}: ${[stage.command, ...stage.args].join(' ')}`);
    const started = await this.#state.start(stage.id, job.from, await logSize(this.#folder));
    const start = this.#state.startFolder(started.mark);
    const { command, args, cwd = this.#folder } = stage;
    await start.writeOrder({ command, args: [...args], cwd, mark: started.mark, graces });
    // Before the program exists, so that it is found by whoever comes after a kill at any line from here.
    await this.#ctx.saveTicket(JSON.stringify({ folder: start.folder }));
    this.#ctx.signal.throwIfAborted();
    const marks = { [RUN_MARK]: started.mark, [DEVICE_MARK]: this.#program.device };
    const process = await KeptProcess.begin({
      keeperEntry,
      start,
      folder: this.#folder,
      env: { ...env, ...stage.env, ...marks },
    });
    // Without it the folder is enough. A run that is no longer ours is stopped, or left, by its signal.
    const ticket = { folder: start.folder, ...process.keeper };
    await this.#ctx.saveTicket(JSON.stringify(ticket)).catch(() => undefined);
    return { started, process };
  }

  /** Another Limner of this machine, or a run that is being stopped, may have it. */
  async #deviceFree(): Promise<DeviceClaim> {
    const { device } = this.#program;
    for (;;) {
      const claim = startsOn(device).size > 0 ? null : await claimDevice(device);
      if (claim && startsOn(device).size === 0) return claim;
      claim?.release();
      this.#ctx.alive();
      await pause(this.#times.deviceMs, undefined, { signal: this.#ctx.signal }).catch(() => undefined);
      this.#ctx.signal.throwIfAborted();
    }
  }

  /** Until it has ended well. @throws why not, or the signal's reason */
  async #follow(stage: Stage, job: ProgramJob, { started, process }: Running): Promise<void> {
    this.#to(stage.phase);
    const watch = new AbortController();
    const signal = AbortSignal.any([this.#ctx.signal, watch.signal]);
    const log = new LogReader(this.#folder, await this.#readFrom(started));
    this.#tail.length = 0;
    this.#places = [{ step: this.#step, offset: log.offset }];
    const files = this.#watchFiles(job, started.mark, watch);
    try {
      await this.#read(log, stage, process, signal);
    } catch (error) {
      if (carriesOnLater(this.#ctx.signal.reason)) throw error;
      await this.#stopped(process);
      await this.#state.ended(stage.id, false);
      throw error instanceof LowDisk ? await this.#failed(job, error.failure) : error;
    } finally {
      watch.abort(new Error('ended'));
      await files;
      await this.#measure(job);
      if (!carriesOnLater(this.#ctx.signal.reason)) await this.#offer(job);
      await this.#note(job, started.mark).catch(() => undefined);
    }
    await process.sweep();
    const exit = await process.exit();
    const isWell = exit?.code === 0 || (await this.#isComplete(job));
    await this.#state.ended(stage.id, isWell);
    if (!isWell) throw await this.#failed(job, failureOf(exit, this.#tail));
  }

  async #isComplete(job: ProgramJob): Promise<boolean> {
    return ((await this.#program.saved(job)).at(-1)?.step ?? 0) >= this.#steps;
  }

  /** Steps up to what was read before the last note are in the run's curve. */
  async #readFrom({ mark, logOffset, from }: Started): Promise<number> {
    const note = Note.safeParse(parsedOrNull(String((await this.#ctx.checkpoint?.read()) ?? ''))).data;
    this.#step = from?.step ?? 0;
    this.#measured = this.#step;
    if (note?.mark !== mark) return logOffset;
    this.#step = Math.max(this.#step, note.read ?? note.step);
    this.#measured = this.#step;
    return Math.max(logOffset, note.offset);
  }

  async #read(log: LogReader, stage: Stage, process: KeptProcess, signal: AbortSignal): Promise<void> {
    const { wait = pauseUnlessAborted } = this.#supervision;
    const tail = this.#tail;
    const read = stage.reader();
    for (let alive = true; alive; ) {
      // Looked at before reading, so that the last round reads all that it wrote.
      alive = await process.isAlive();
      let { offset } = log;
      for await (const lines of log.read(!alive)) {
        signal.throwIfAborted();
        if (lines.length > 0) this.#ctx.alive();
        const before = this.#step;
        for (const line of lines) this.#take(read(line));
        if (this.#step > before) this.#places.push({ step: before, offset });
        offset = log.offset;
        tail.push(...lines.map(withoutBar).filter(Boolean));
        tail.splice(0, tail.length - TAIL_LINES);
      }
      signal.throwIfAborted();
      if (alive) await wait(this.#times.logMs, signal).catch(() => undefined);
    }
  }

  #take(news: readonly ProgramNews[]): void {
    for (const each of news) {
      if ('phase' in each) this.#to(each.phase);
      else if ('measured' in each) this.#hear(each.measured);
      else if (each.step > this.#step) {
        this.#step = Math.min(each.step, this.#steps);
        this.#phase = 'training';
        this.#ctx.step(this.#step, each.loss ?? null);
      }
    }
  }

  #to(phase: TrainingPhase): void {
    if (phase === this.#phase) return;
    this.#phase = phase;
    this.#ctx.phase(phase);
  }

  /** Samples, resume points, LoRAs and the disk, until the stage has ended. Never fails. */
  async #watchFiles(job: ProgramJob, mark: string, watch: AbortController): Promise<void> {
    const folder = this.#program.samples?.(job) ?? null;
    const samples = folder === null ? null : new Samples(folder);
    while (!watch.signal.aborted) {
      await pause(this.#times.filesMs, undefined, { signal: watch.signal }).catch(() => undefined);
      const sample = await samples?.newest();
      if (sample) this.#ctx.sample(sample.bytes, sample.mediaType);
      if (watch.signal.aborted) return;
      await this.#note(job, mark).catch(() => undefined);
      await this.#measure(job);
      const low = await this.#lowDisk();
      if (low) watch.abort(low);
      else await this.#offer(job);
    }
  }

  /** Losses that the program wrote to files. Never fails. */
  async #measure(job: ProgramJob): Promise<void> {
    for (const point of (await this.#program.losses?.(job).catch(() => [])) ?? []) this.#hear(point);
  }

  /** A file may be of steps that are taken again. */
  #hear([step, loss]: LossPoint): void {
    if (step <= this.#measured || step > this.#step) return;
    this.#measured = step;
    this.#ctx.loss(step, loss);
  }

  /** LoRAs before the last. A program may remove its older ones, so they are offered while it runs. Never fails. */
  async #offer(job: ProgramJob): Promise<void> {
    for (const { step, open } of await this.#program.saved(job).catch(() => [])) {
      if (step >= this.#steps || this.#offered.has(step)) continue;
      this.#offered.add(step);
      await this.#ctx.offer(step, open);
    }
  }

  /** Notes the newest resume point where it is another one. `mark`: of the start that left it; null: an earlier one. */
  async #note(job: ProgramJob, mark: string | null): Promise<void> {
    const step = (await this.#program.resumePoint(job))?.step ?? 0;
    if (step === this.#noted || (this.#noted === null && step === 0 && !this.#ctx.checkpoint)) return;
    this.#noted = step;
    const read = Math.min(step, this.#step);
    // The last chunk that began at or before this step.
    const place = this.#places.findLast((each) => each.step <= read) ?? { offset: 0 };
    const note = { step, read, mark, offset: place.offset };
    await this.#ctx.saveCheckpoint(step, Buffer.from(JSON.stringify(note)));
  }

  async #lowDisk(): Promise<LowDisk | null> {
    const { freeBytes = freeBytesAt, minFreeBytes } = this.#supervision;
    const free = await freeBytes(this.#folder).catch(() => Number.POSITIVE_INFINITY);
    return free < minFreeBytes ? new LowDisk(free, minFreeBytes) : null;
  }

  /** Nothing of it is left, so its ticket means nothing. */
  async #stopped(process: KeptProcess): Promise<void> {
    await process.stop();
    await this.#ctx.saveTicket(null).catch(() => undefined);
  }

  async #failed(job: ProgramJob, failure: Failure): Promise<StudioError> {
    await this.#ctx.saveTicket(null).catch(() => undefined);
    const step = (await this.#program.resumePoint(job).catch(() => null))?.step ?? 0;
    return trainerFailed(this.#program, failure, step);
  }

  /** Limner's own words in the log of the run. */
  #log(line: string): Promise<void> {
    return appendFile(path.join(this.#folder, RUN_LOG), `[limner] ${line}\n`);
  }
}

interface Running {
  started: Started;
  process: KeptProcess;
}

class LowDisk extends Error {
  readonly failure: Failure;

  constructor(freeBytes: number, minFreeBytes: number) {
    super('the disk is nearly full');
    const [free, least] = [freeBytes, minFreeBytes].map((bytes) => `${Math.floor(bytes / 1024 ** 2)} MB`);
    const reason = {
      en: `only ${free} of the disk are free, and ${least} are kept free (TRAIN_MIN_FREE_MB)`,
      zh: `磁盘仅剩 ${free} 可用，而设置要求保留 ${least}（TRAIN_MIN_FREE_MB）`,
    };
    this.failure = { kind: 'disk', line: null, reason };
  }
}
const ENDED_WELL = { code: 0, signal: null };

const pauseUnlessAborted = (ms: number, signal: AbortSignal) => pause(ms, undefined, { signal });

async function freeBytesAt(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
