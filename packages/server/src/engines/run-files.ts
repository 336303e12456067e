/**
 * What a training run keeps between its tries, over restarts and from one worker to the next. Every write names the lease
 * under which the run was begun: where another worker has taken the task over, it changes nothing.
 */
import type { Readable } from 'node:stream';
import type { LossPoint } from '@limner/contract';

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
  /** The LoRA, where an earlier try finished it but its process died before the frame ended. */
  lora: StoredFile | null;
}

export interface RunFiles {
  /** A try begins. */
  load(): Promise<RunState>;
  /** It is durable with the next checkpoint, or when the try ends. */
  reached(step: number, point: LossPoint | null): void;
  /** Replaces the checkpoint before. Durable when it resolves, also for a run that was cancelled meanwhile. */
  saveCheckpoint(step: number, body: FileBody): Promise<void>;
  /**
   * A folder on this machine that is this run's alone, made when it is first asked for. It stays over restarts and goes when the
   * run has ended well or is deleted.
   */
  workDir(): Promise<string>;
  /** The try is over, well or not, and nothing is saved any more. */
  end(): Promise<void>;
}
