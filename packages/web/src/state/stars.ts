/** Stars and unstars pictures. The page shows it at once; the server's event or refusal corrects it. */
import { BELONGING_ROLES, type Output, type Task } from '@limner/contract';
import { api } from '../api/api.ts';
import { attempt } from './task-actions.ts';
import { starsOf } from './task-news.ts';
import { loadTask, useTasks } from './tasks.ts';

export interface ChosenPictures {
  outputs?: string[];
  tasks?: number[];
}

/** `affected`: the tasks of these pictures. False when it failed, after saying so. */
export async function starPictures(
  chosen: ChosenPictures,
  starred: boolean,
  affected: number[],
): Promise<boolean> {
  show(chosen, starred, affected);
  const done = await attempt(() => api.call('starOutputs', { body: { ...chosen, starred } }));
  // Reloads, because without the socket there is no event, and after a failure the shown state is wrong.
  if (!done || useTasks.getState().connection !== 'open')
    await Promise.allSettled(affected.map((id) => loadTask(id, true)));
  return done;
}

function show(chosen: ChosenPictures, starred: boolean, affected: number[]): void {
  const { entries } = useTasks.getState();
  const next = { ...entries };
  for (const id of affected) {
    const entry = next[id];
    if (!entry?.detail) continue;
    const detail = withStars(entry.detail, chosen, starred);
    next[id] = { detail, item: { ...entry.item, stars: detail.stars } };
  }
  useTasks.setState({ entries: next });
}

function withStars(task: Task, { outputs = [], tasks = [] }: ChosenPictures, starred: boolean): Task {
  const isMeant = ({ id, role }: Output) =>
    (tasks.includes(task.id) && !BELONGING_ROLES.includes(role)) || outputs.includes(id);
  const frames = task.frames.map((frame) => {
    if (!frame.outputs.some(isMeant)) return frame;
    const marked = frame.outputs.map((output) => (isMeant(output) ? { ...output, starred } : output));
    return { ...frame, output: marked[0] ?? null, outputs: marked };
  });
  return { ...task, frames, stars: starsOf(frames) };
}
