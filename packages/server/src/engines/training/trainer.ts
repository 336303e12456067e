/**
 * The training port. A trainer makes a LoRA file for a family from pictures in one style and knows no HTTP, SQL or
 * storage. `run` may be called again for the same job after a cancel, a crash or a restart, also by another process: it
 * receives its last ticket and checkpoint and resumes from there, or starts again if it cannot.
 *
 * Checkpoints and LoRAs may be larger than memory: they are files, handed over as streams where they are not small.
 */
import type { Bilingual, Missing, TrainerParam, TrainingParams } from '@limner/contract';
import type { InputPicture } from '../engine.ts';
import type { FileBody, StoredFile } from '../run-files.ts';

export interface TrainingPicture {
  /** What is on it, with the style's words before it; never empty. */
  caption: string;
  /** The same without the style's words; empty where nobody said. */
  subject: string;
}

export interface TrainingJob {
  /** Same job, same seed, same trainer: same LoRA. */
  seed: number;
  styleName: string;
  triggerWords: string;
  /** Opened with `openPicture`, by their place in this list. */
  pictures: TrainingPicture[];
  /** As `StyleTrainer.params` describes them. */
  params: TrainingParams;
}

export interface TrainingContext {
  /**
   * Its reason is `stopping` where the server ends: a process that runs beside it may be left running then, and is found again by
   * its ticket. For every other reason nothing is left running.
   */
  signal: AbortSignal;
  openPicture(index: number): Promise<InputPicture>;
  /** A folder on this machine for this run alone. It is there again when the run goes on. */
  workDir(): Promise<string>;
  /** What an earlier run stored, for example the process that it left running; null at first. */
  ticket: string | null;
  saveTicket(ticket: string | null): Promise<void>;
  /** The newest; null at first. */
  checkpoint: StoredFile | null;
  /** Replaces the one before. Durable when it resolves, also after `signal` was aborted. */
  saveCheckpoint(step: number, body: FileBody): Promise<void>;
  /**
   * This step of so many is done, and shown at once; its loss, where it is known. A trainer that can saves a checkpoint of the
   * last one it named before `run` ends for whatever reason.
   */
  step(step: number, loss: number | null): void;
  /** A sign of life while no step is taken: a download, a cache. */
  alive(): void;
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
  sheet: SampleSheet;
}

export interface StyleTrainer {
  readonly id: string;
  readonly label: Bilingual;
  readonly description: Bilingual;
  /** The families its styles work with, the usual one first. */
  readonly families: readonly string[];
  /** The one that these parameters train for. */
  familyOf(params: TrainingParams): string;
  /** Allowed number of pictures. */
  readonly images: { min: number; max: number };
  readonly params: TrainerParam[];
  readonly experimental: boolean;
  /** Trainers of one lane run one after another: each would only slow the other down. */
  readonly lane: string;
  /** A try is given up after so long without a step, a sample or another sign of life. */
  readonly silenceMs: number;
  /** How often a run is tried, each time from its last checkpoint. */
  readonly tries: number;
  /** What it needs and lacks; empty: it can train. */
  missing(): Missing[];
  /** How many steps these parameters take in all. */
  stepsOf(params: TrainingParams): number;
  run(job: TrainingJob, ctx: TrainingContext): Promise<Trained>;
  /** The sheet of a LoRA that was finished before. */
  samples(
    lora: StoredFile,
    job: Pick<TrainingJob, 'seed' | 'triggerWords'>,
    signal: AbortSignal,
  ): Promise<SampleSheet>;
  close(): Promise<void>;
}
