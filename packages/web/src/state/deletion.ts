/** Deletes one task or one picture: into the bin at once, from which Undo restores it. */
import type { Frame, RestoreRequest, Task } from '@limner/contract';
import i18next from 'i18next';
import { api } from '../api/api.ts';
import { ask } from './ask.ts';
import { binDays, binLine, notifyDeleted } from './bin.ts';
import { attempt } from './task-actions.ts';
import { forgetPicture, forgetTask, useTasks } from './tasks.ts';

/** False if it stays. */
export function deleteTask(id: number): Promise<boolean> {
  const count = useTasks.getState().entries[id]?.item.stars ?? 0;
  return deleteOne({
    name: `task ${id}`,
    starred: count > 0 ? i18next.t('select.starredAsk', { id, count }) : null,
    question: i18next.t('select.taskAsk', { id }),
    deleted: i18next.t('wall.deleted', { id }),
    undo: { tasks: [id] },
    remove: async () => {
      await api.call('deleteTask', { params: { id } });
      forgetTask(id);
    },
  });
}

/** Deleting the last picture deletes the task. False if it stays. */
export async function deletePicture(task: Task, { output }: Frame): Promise<boolean> {
  if (!output) return false;
  if (task.frames.flatMap(({ outputs }) => outputs).length === 1 && task.frames.length === 1)
    return deleteTask(task.id);
  const { id, starred } = output;
  return deleteOne({
    name: `picture ${id}`,
    starred: starred ? i18next.t('tools.starredAsk') : null,
    question: i18next.t('tools.deleteAsk'),
    deleted: i18next.t('tools.pictureDeleted'),
    undo: { outputs: [id] },
    remove: async () => {
      await api.call('deleteOutput', { params: { id } });
      forgetPicture(task.id, id);
    },
  });
}

interface Deletion {
  name: string;
  /** What is asked if something starred goes; null: nothing does. */
  starred: string | null;
  /** What is asked where there is no bin. */
  question: string;
  deleted: string;
  undo: Partial<RestoreRequest>;
  remove: () => Promise<void>;
}

/** Deletions whose answer is not here yet: a second press of the key is not a second deletion. */
const underWay = new Set<string>();

async function deleteOne(deletion: Deletion): Promise<boolean> {
  const { name, deleted, undo, remove } = deletion;
  if (underWay.has(name)) return false;
  underWay.add(name);
  let isDeleted = false;
  await attempt(async () => {
    const days = await binDays();
    if (!(await mayDelete(deletion, days))) return;
    await remove();
    isDeleted = true;
    notifyDeleted(deleted, undo, days);
  });
  underWay.delete(name);
  return isDeleted;
}

async function mayDelete({ starred, question }: Deletion, days: number): Promise<boolean> {
  if (starred === null && days > 0) return true;
  const [confirm, keep] = [i18next.t('select.delete'), i18next.t('select.keep')];
  return ask({ title: starred ?? question, lines: [binLine(days)], confirm, keep });
}
