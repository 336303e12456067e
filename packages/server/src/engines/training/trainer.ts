/**
 * The training port. A trainer makes a LoRA file for a family from pictures in one style and knows no HTTP, SQL or
 * storage. `run` may be called again for the same job after a cancel, a crash or a restart, also by another process: it
 * receives its last ticket and checkpoint and resumes from there, or starts again if it cannot.
 *
 * Checkpoints and LoRAs may be larger than memory, so they are files and can be passed as streams.
 */
import type {
  Bilingual,
  Missing,
  TrainerParam,
  TrainerPreset,
  TrainingParams,
  TrainingPhase,
} from '@limner/contract';
import type { InputPicture } from '../engine.ts';
import type { FileBody, StoredFile } from '../run-files.ts';

/** The share of a run that its steps take. The sheet of samples and the files follow. */
export const SHARE_OF_STEPS = 0.97;

/** 0…1: the progress of a run after a step. */
export const progressAt = (step: number, steps: number): number =>
  Math.min(SHARE_OF_STEPS, (SHARE_OF_STEPS * step) / Math.max(1, steps));

export interface TrainingPicture {
  /** The subject after the style's trigger words; never empty. */
  caption: string;
  /** The same without the trigger words; empty without a caption. */
  subject: string;
}

export interface TrainingJob {
  /** Same job, same seed, same trainer: same LoRA. */
  seed: number;
  styleName: string;
  triggerWords: string;
  /** Opened with `openPicture` by their index. */
  pictures: TrainingPicture[];
  /** As `StyleTrainer.params` describes them. */
  params: TrainingParams;
}

export interface TrainingContext {
  /**
   * The reason is `stopping` if the server ends: a detached process may then continue and is found again by the ticket. For
   * every other reason the trainer leaves nothing running.
   */
  signal: AbortSignal;
  openPicture(index: number): Promise<InputPicture>;
  /** The run's own folder on this machine; `process.log` in it is shown as its log. It stays until the run is completed or deleted. */
  workDir(): Promise<string>;
  /** What an earlier try stored, for example the process that it left running; null at first. */
  ticket: string | null;
  saveTicket(ticket: string | null): Promise<void>;
  /** The newest; null at first. */
  checkpoint: StoredFile | null;
  /** Replaces the checkpoint. Durable when it resolves, even after `signal` was aborted. */
  saveCheckpoint(step: number, body: FileBody): Promise<void>;
  /** Offers the LoRA after a step before the last. `open` is called if it is kept. Never fails. */
  offer(step: number, open: () => Promise<FileBody>): Promise<void>;
  /**
   * Reports a finished step, which the page shows at once, with its loss if known. If it can, a trainer saves a checkpoint of
   * the last reported step before `run` ends for any reason.
   */
  step(step: number, loss: number | null): void;
  /** The loss of a step that was reported without one. Steps come in their order. */
  loss(step: number, loss: number): void;
  /** A sign of life while no step is taken: a download, a cache. */
  alive(): void;
  /** What it does from now on; also a sign of life. A step says `training` by itself. */
  phase(phase: TrainingPhase): void;
  /** The current sheet of samples. */
  sample(bytes: Uint8Array, mediaType: string): void;
}

/** Two rows of pictures of the contract's sample prompts: without the style, and with it. */
export interface SampleSheet {
  bytes: Buffer;
  mediaType: string;
}

export interface Trained {
  /** Whole, as a `.safetensors` file. */
  lora: FileBody;
  /** null: it paints no samples. */
  sheet: SampleSheet | null;
}

export interface StyleTrainer {
  readonly id: string;
  readonly label: Bilingual;
  readonly description: Bilingual;
  /** The families its styles work with, the usual one first. */
  readonly families: readonly string[];
  /** The family that these parameters train for. */
  familyOf(params: TrainingParams): string;
  /** Allowed number of pictures. */
  readonly images: { min: number; max: number };
  readonly params: TrainerParam[];
  readonly presets: TrainerPreset[];
  readonly experimental: boolean;
  /** Where its runs wait. Unique among trainers, and stored with each run. */
  readonly lane: string;
  /** What it computes on, such as `cpu` or `gpu 0`. Runs on one device wait for each other, whichever trainer they have. */
  readonly device: string;
  /** A try is given up after so long without a step, a sample or another sign of life. */
  readonly silenceMs: number;
  /** How often a run is tried, each time from its last checkpoint. */
  readonly tries: number;
  /** What it needs and lacks, as last looked up; empty: it can train. */
  missing(): Missing[];
  /** What it lacks for these parameters; absent: nothing beyond `missing`. */
  missingFor?(params: TrainingParams): Missing[];
  /** Looks up again what is installed. Takes seconds at most and never fails. */
  refresh?(): Promise<void>;
  /** Number of steps of a run with these parameters and so many pictures. */
  stepsOf(params: TrainingParams, pictures: number): number;
  /** Whether a run with these parameters shows samples. */
  hasSamples(params: TrainingParams): boolean;
  run(job: TrainingJob, ctx: TrainingContext): Promise<Trained>;
  /** Stops what an earlier try left running under this ticket, of a run that no worker holds; absent: it leaves nothing running. */
  abandon?(ticket: string): void;
  close(): Promise<void>;
}
