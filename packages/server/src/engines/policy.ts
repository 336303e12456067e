/** The default policy of engines that paint. */
import { TASK_KINDS, type TaskKind } from '@limner/contract';
import type { Lane } from './engine.ts';

export const USUAL_TRIES = 3;
export const USUAL_SILENCE_MS = 5 * 60_000;

const QUICK: readonly TaskKind[] = ['remove_bg', 'control_preview', 'upscale'];

/** Quick kinds have their own lane, so that a long batch does not delay a cut-out. */
export const paintingLanes = (engine: string): Lane[] => [
  { id: engine, kinds: TASK_KINDS.filter((kind) => !QUICK.includes(kind)), maxTasks: null },
  { id: `${engine}.quick`, kinds: QUICK, maxTasks: null },
];
