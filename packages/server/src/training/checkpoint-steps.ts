import { MAX_CHECKPOINTS } from '@limner/contract';

/** Steps between two kept checkpoints, so that a run keeps at most `MAX_CHECKPOINTS`. */
const checkpointGap = (steps: number): number => Math.max(1, Math.ceil(steps / MAX_CHECKPOINTS));

/** Whether a LoRA is kept beside those of the steps `kept`. Pure. */
export function isKeptStep(step: number, steps: number, kept: readonly number[]): boolean {
  if (step < 1 || step >= steps || kept.length >= MAX_CHECKPOINTS) return false;
  return kept.every((other) => Math.abs(other - step) >= checkpointGap(steps));
}
