/**
 * What a training run keeps between its tries, over restarts and from one worker to the next. Every write names the lease
 * of its try; if another worker has taken the task over, the write changes nothing.
 */
import type { Readable } from 'node:stream';
import type { LossPoint, TrainingPhase } from '@limner/contract';

/** In the work folder of a run: what its program writes. Shown to users. */
export const RUN_LOG = 'process.log';

/** A whole file. */
export type FileBody = Buffer | Readable;

export interface StoredFile {
  sizeBytes: number;
  read(): Promise<Buffer>;
  stream(): Promise<Readable>;
}

export interface RunState {
  checkpoint: StoredFile | null;
  /** Of the checkpoint. */
  step: number;
  /** Up to that step. */
  loss: LossPoint[];
}

/** The LoRA after a step before the last. */
export interface OfferedLora {
  step: number;
  /** Of the whole run. */
  steps: number;
  /** That the run trains for. */
  family: string;
  /** Called if it is kept. */
  open(): Promise<FileBody>;
}

export interface RunFiles {
  /** The step of the checkpoint, from which the next try goes on; 0: there is none. Reads only. */
  resumeStep(): Promise<number>;
  /** Called when a try begins. `steps`: in all. */
  load(steps: number): Promise<RunState>;
  /** Records a step. It is durable with the next checkpoint, or at the end of the try. */
  reached(step: number, point: LossPoint | null): void;
  /** Records the loss of a step that was reached before; points come in the order of their steps. */
  measured(point: LossPoint): void;
  /** A sign of life; `phase` if it does something else now. Written at most every few seconds, a new phase at once. */
  heard(phase?: TrainingPhase): void;
  /** Replaces the checkpoint. Durable when it resolves, even if the run was cancelled meanwhile. */
  saveCheckpoint(step: number, body: FileBody): Promise<void>;
  /**
   * Keeps the LoRA as an output of the run, unless one of a near step is kept already. Durable when it resolves, even if the
   * run was cancelled meanwhile. Never fails: a run does not end because of it.
   */
  keepLora(lora: OfferedLora): Promise<void>;
  /**
   * The run's own folder on this machine, made by the first call. It stays over restarts and is removed when the run is
   * completed or deleted.
   */
  workDir(): Promise<string>;
  /** The try has ended in any way; nothing is saved after this call. */
  end(): Promise<void>;
}
