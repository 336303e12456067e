/** How engines that paint are run, unless they have reasons for something else. */
import { TASK_KINDS, type TaskKind } from '@limner/contract';
import type { Lane } from './engine.ts';

export const USUAL_TRIES = 3;
export const USUAL_SILENCE_MS = 5 * 60_000;

const QUICK: readonly TaskKind[] = ['remove_bg', 'control_preview', 'upscale'];

/** A long batch must not hold up a cut-out: quick kinds have a lane of their own. */
export const paintingLanes = (engine: string): Lane[] => [
  { id: engine, kinds: TASK_KINDS.filter((kind) => !QUICK.includes(kind)), maxTasks: null },
  { id: `${engine}.quick`, kinds: QUICK, maxTasks: null },
];
