/**
 * The training port. A trainer turns pictures of one look into a LoRA file for its family and knows no HTTP, SQL or
 * storage. `run` may be called again for the same job after a cancel, a crash or a restart: it is given the checkpoint it
 * saved last and goes on from there, or starts anew where it no longer can.
 */
import type { Bilingual, Missing, TrainerParam, TrainingParams } from '@limner/contract';

export interface TrainingPicture {
  /** What is on it, with the style's words before it; never empty. */
  caption: string;
  /** The same without the style's words; empty where nobody said. */
  subject: string;
  bytes: Buffer;
}

export interface TrainingJob {
  /** Same job, same seed, same trainer: same LoRA. */
  seed: number;
  triggerWords: string;
  pictures: TrainingPicture[];
  params: TrainingParams;
  checkpoint: Buffer | null;
}

export interface TrainingContext {
  signal: AbortSignal;
  /** This step is done; its loss. */
  step(step: number, loss: number): void;
  /** The sheet of samples as the work is now. */
  sample(bytes: Uint8Array, mediaType: string): void;
  /** Replaces the one before. Durable when it resolves, also after `signal` was aborted. */
  saveCheckpoint(step: number, bytes: Buffer): Promise<void>;
}

/** Two rows of pictures of the contract's sample prompts: without the style, and with it. */
export interface SampleSheet {
  bytes: Buffer;
  mediaType: string;
}

export interface Trained {
  /** Whole, as a `.safetensors` file. */
  lora: Buffer;
  sheet: SampleSheet;
}

export interface StyleTrainer {
  readonly id: string;
  readonly label: Bilingual;
  readonly description: Bilingual;
  /** The family its styles work with. */
  readonly family: string;
  /** How many pictures it takes. */
  readonly images: { min: number; max: number };
  readonly params: TrainerParam[];
  readonly experimental: boolean;
  /** What stands in its way here; empty: it can train. */
  missing(): Missing[];
  run(job: TrainingJob, ctx: TrainingContext): Promise<Trained>;
  /** The sheet of a LoRA that was finished before. */
  samples(
    lora: Buffer,
    job: Pick<TrainingJob, 'seed' | 'triggerWords'>,
    signal: AbortSignal,
  ): Promise<SampleSheet>;
  close(): Promise<void>;
}
