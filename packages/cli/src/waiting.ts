import type { TaskKind, Training } from '@limner/contract';
import type { Words } from './words.ts';

/** What a running task waits for: a training for another one, all others for prompts on their server. */
export const waitingFor = (behind: number, kind: TaskKind, { train, queue }: Words): string =>
  kind === 'training' ? train.waits : queue.behind(behind);

/** What a training waits for; null: it waits for nothing, or for its turn in the queue. */
export const trainingWaits = ({ paused_lane, phase }: Training, { train }: Words): string | null => {
  if (paused_lane) return train.laneIsPaused(paused_lane);
  return phase === 'waiting' ? train.waits : null;
};
