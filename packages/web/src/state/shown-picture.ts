/** The viewer's picture and its neighbours: through its batch, then through the tasks in the order of the page. */
import { create } from 'zustand';
import { picturesOf, refTo } from './frames.ts';
import type { PictureRef } from './picture-ref.ts';
import { loadTask, useTasks } from './tasks.ts';

interface Viewer {
  shown: PictureRef | null;
  /** The previously shown picture, for comparison. */
  before: PictureRef | null;
  /** The order of tasks; null: all loaded tasks, newest first. */
  ids: readonly number[] | null;
}

export const useViewer = create<Viewer>(() => ({ shown: null, before: null, ids: null }));

export function openPicture(shown: PictureRef, ids: readonly number[] | null = null): void {
  useViewer.setState({ shown, before: null, ids });
}

/** With its first finished picture. */
export async function openTask(id: number): Promise<void> {
  await loadTask(id).catch(() => undefined);
  const [first] = finishedOf(id);
  if (first) openPicture(first);
}

export const closeViewer = (): void => useViewer.setState({ shown: null, before: null, ids: null });

export function showPicture(picture: PictureRef): void {
  useViewer.setState(({ shown }) => ({ shown: picture, before: shown }));
}

/** To the next or the previous picture; after the last of a batch to the next task. */
export async function turnPicture(direction: 1 | -1): Promise<void> {
  const { shown } = useViewer.getState();
  if (!shown) return;
  const here = finishedOf(shown.task);
  const next = here[placeIn(here, shown) + direction];
  if (next !== undefined) showPicture(next);
  else await turnTask(direction, direction === 1 ? 0 : -1);
}

/** To the neighbouring task that has a picture; `at` counts its pictures, from the end when negative. */
export async function turnTask(direction: 1 | -1, at: 0 | -1 = 0): Promise<boolean> {
  const { shown } = useViewer.getState();
  if (!shown) return false;
  const ids = order();
  for (let place = ids.indexOf(shown.task) + direction; place in ids; place += direction) {
    const id = ids[place] as number;
    await loadTask(id).catch(() => undefined);
    // The user has moved on meanwhile.
    if (useViewer.getState().shown !== shown) return true;
    const picture = finishedOf(id).at(at);
    if (picture === undefined) continue;
    showPicture(picture);
    return true;
  }
  return false;
}

/** The shown task was deleted: shows the next one, the previous one, or closes. */
export async function leaveTask(): Promise<void> {
  if (!(await turnTask(1)) && !(await turnTask(-1))) closeViewer();
}

/** The shown picture was deleted: shows its neighbour, or leaves the task if it has none. */
export async function leavePicture(): Promise<void> {
  const { shown } = useViewer.getState();
  if (!shown) return;
  const here = finishedOf(shown.task);
  const next = here.find((picture) => isAfter(picture, shown)) ?? here.at(-1);
  if (next === undefined) await leaveTask();
  else useViewer.setState({ shown: next, before: null });
}

/** Has the shown task's place also when the task is deleted. */
function order(): readonly number[] {
  const { ids, shown } = useViewer.getState();
  if (ids) return ids;
  const loaded = Object.values(useTasks.getState().entries)
    .filter(({ item }) => item.task_kind !== 'control_preview')
    .map(({ item }) => item.id);
  return [...new Set([...loaded, ...(shown ? [shown.task] : [])])].sort((a, b) => b - a);
}

/** The finished pictures of a task. */
function finishedOf(id: number): PictureRef[] {
  const task = useTasks.getState().entries[id]?.detail;
  if (!task) return [];
  return picturesOf(task)
    .filter(({ output }) => output !== null)
    .map((frame) => refTo(task, frame));
}

const placeIn = (pictures: PictureRef[], { frame, place }: PictureRef): number =>
  pictures.findIndex((each) => each.frame === frame && (place === undefined || each.place === place));

const isAfter = (one: PictureRef, other: PictureRef): boolean =>
  one.frame > other.frame || (one.frame === other.frame && (one.place ?? 0) > (other.place ?? 0));
