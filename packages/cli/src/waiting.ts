import type { TaskKind } from '@limner/contract';
import type { Words } from './words.ts';

/** What a running task waits for: a training for another one, all others for prompts on their server. */
export const waitingFor = (behind: number, kind: TaskKind, { train, queue }: Words): string =>
  kind === 'training' ? train.waits : queue.behind(behind);
