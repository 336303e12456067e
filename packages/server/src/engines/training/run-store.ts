/** Where runs survive: what a training reached, and the style it became. */
import type { LossPoint } from '@limner/contract';

export interface RunState {
  checkpoint: Buffer | null;
  /** Of the checkpoint. */
  step: number;
  /** Up to that step. */
  loss: LossPoint[];
  /** The LoRA, where an earlier call finished it but did not live to tell. */
  lora: Buffer | null;
}

export interface FinishedStyle {
  name: string;
  type: 'ui' | 'vfx';
  triggerWords: string;
  family: string;
  lora: Buffer;
}

export interface RunStore {
  /** A run begins or goes on. */
  load(task: number): Promise<RunState>;
  /** Known to whoever asks from now on; kept for good by the next `save`. */
  tell(task: number, step: number, point: LossPoint | null): void;
  save(task: number, step: number, checkpoint: Buffer): Promise<void>;
  /** Makes the style, once: called again it finds it made. The checkpoint goes. */
  finish(task: number, style: FinishedStyle): Promise<void>;
  /** The run has ended or was stopped: what was told and not saved is forgotten. */
  release(task: number): void;
}
