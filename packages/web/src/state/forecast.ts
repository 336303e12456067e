/**
 * Estimates when a picture starts within its task and when a task ends, from recent pictures on this machine. Pure. The
 * server estimates the tasks before it (see queue.ts). A result is null if the model has no measured time.
 */
import {
  cellRecipe,
  emptyRecipe,
  type FamilyOffer,
  type FilledAxes,
  type Frame,
  gridCount,
  gridPlaces,
  pictureWork,
  type Recipe,
  type SecondsRange,
  type Task,
  timesWork,
} from '@limner/contract';

/** The measured time of a model's pictures. */
export interface Pace {
  /** Of one picture; null: not measured. */
  each: SecondsRange | null;
  /** Pictures of one task at once. */
  atOnce: number;
}

type Sized = Pick<Recipe, 'width' | 'height'> & {
  params: Partial<Recipe['params']>;
  video?: { frames: number | null } | null;
};

/** @param asked the size and steps of the pictures; without it, as the measured ones */
export function paceOf(families: FamilyOffer[], family: string, asked?: Sized): Pace {
  const offer = families.find(({ id }) => id === family);
  return offer ? paceOfOffer(offer, asked) : { each: null, atOnce: 1 };
}

/** Of the task's size, steps and length. */
export const paceOfTask = (families: FamilyOffer[], task: Task): Pace =>
  paceOf(families, task.family, { ...task, video: task.recipe.video });

export function paceOfOffer(offer: FamilyOffer, asked?: Sized): Pace {
  const { measured, engines } = offer;
  const engine = engines.find(({ available }) => available) ?? engines[0];
  const work = asked ? pictureWork(asked, offer) : null;
  return {
    each: scaled(measured, timesWork(work, measured?.work ?? null) ?? 1),
    atOnce: engine?.at_once ?? 1,
  };
}

const ENOUGH_OF_ITS_OWN = 3;

/** Measured from the task's own pictures, because they have its size and settings. */
function ownPace({ frames }: Pick<Task, 'frames'>, { each, atOnce }: Pace): Pace {
  const firstEnd = Math.min(
    ...frames.map(({ completed_at }) => (completed_at ? Date.parse(completed_at) : Infinity)),
  );
  const seconds = frames.flatMap(({ status, started_at, completed_at }) =>
    status === 'completed' && started_at && completed_at && Date.parse(started_at) >= firstEnd
      ? (Date.parse(completed_at) - Date.parse(started_at)) / 1000
      : [],
  );
  if (seconds.length < ENOUGH_OF_ITS_OWN) return { each, atOnce };
  return { each: { low: Math.min(...seconds), high: Math.max(...seconds) }, atOnce };
}

const remaining = (frame: Frame): number =>
  frame.status === 'queued' ? 1 : frame.status === 'running' ? 1 - frame.progress : 0;

export const scaled = (each: SecondsRange | null, times: number): SecondsRange | null =>
  each && { low: each.low * times, high: each.high * times };

export const added = (one: SecondsRange | null, other: SecondsRange | null): SecondsRange | null =>
  one && other && { low: one.low + other.low, high: one.high + other.high };

/** When each piece of work starts and the last one ends, with `atOnce` at once; in multiples of one picture's time. */
function endsOf(pieces: number[], atOnce: number): { starts: number[]; last: number } {
  const free = Array.from({ length: Math.max(1, atOnce) }, () => 0);
  const starts = pieces.map((piece) => {
    const first = Math.min(...free);
    free[free.indexOf(first)] = first + piece;
    return first;
  });
  return { starts, last: Math.max(...free) };
}

/**
 * The time of all pictures of a grid, each with its own size, steps and model. null: that of some is not measured.
 * @param asked of the recipe that the axes change
 */
export function secondsOfCells(
  families: FamilyOffer[],
  asked: Sized & { family: string },
  axes: FilledAxes,
): SecondsRange | null {
  const weighty = Object.fromEntries(Object.entries(axes).filter(([, { field }]) => WEIGHTY.has(field)));
  const times = gridCount(axes) / gridCount(weighty);
  const recipe: Recipe = { ...emptyRecipe('generation'), ...asked, video: null };
  const cells = gridPlaces(weighty).map((place) => cellRecipe(recipe, weighty, place));
  const paces = cells.map((cell) => paceOf(families, cell.family ?? asked.family, cell));
  const atOnce = Math.min(...paces.map((pace) => pace.atOnce));
  const lastOf = (end: 'low' | 'high') => {
    const pieces = paces.flatMap(({ each }) => Array.from({ length: times }, () => each?.[end] ?? 0));
    return endsOf(pieces, atOnce).last;
  };
  return paces.every(({ each }) => each) ? { low: lastOf('low'), high: lastOf('high') } : null;
}

/** Fields of axes that change how long a picture takes. */
const WEIGHTY = new Set(['size', 'width', 'height', 'steps', 'cfg', 'model', 'speed', 'family']);

/** The time of a task with this number of pictures. */
export const secondsOf = (count: number, { each, atOnce }: Pace): SecondsRange | null =>
  scaled(
    each,
    endsOf(
      Array.from({ length: count }, () => 1),
      atOnce,
    ).last,
  );

export function secondsLeft(task: Pick<Task, 'frames'>, pace: Pace): SecondsRange | null {
  const { each, atOnce } = ownPace(task, pace);
  return scaled(each, endsOf(task.frames.map(remaining), atOnce).last);
}

/** Position of a frame (1: next) and its start, within its task. */
export function placeOf(
  task: Task,
  frame: Frame,
  pace: Pace,
): { place: number; seconds: SecondsRange | null } {
  const { each, atOnce } = ownPace(task, pace);
  const running = task.frames.filter(({ status }) => status === 'running');
  const queued = task.frames.filter(({ status }) => status === 'queued');
  const before = queued.filter(({ index }) => index < frame.index);
  const { starts } = endsOf([...running, ...before, frame].map(remaining), atOnce);
  return { place: before.length + 1, seconds: scaled(each, starts.at(-1) ?? 0) };
}
