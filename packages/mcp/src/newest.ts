/** The newest pictures and tasks, for lists of resources and for completions. */
import { type OutputId, parseOutputId, type TaskListItem } from '@limner/contract';
import type { Studio } from './studio.ts';

const MAX_TASKS = 30;

export interface NewestPicture {
  id: OutputId;
  task: TaskListItem;
}

/** A page of tasks, newest first. */
export const tasksBefore = ({ client }: Studio, before?: number) =>
  client.tasks({ limit: MAX_TASKS, ...(before === undefined ? {} : { before }) });

export const newestTasks = async (studio: Studio): Promise<TaskListItem[]> =>
  (await tasksBefore(studio)).items;

export const newestPictures = async (studio: Studio): Promise<NewestPicture[]> =>
  picturesAmong(await newestTasks(studio));

export const picturesAmong = (tasks: readonly TaskListItem[]): NewestPicture[] =>
  tasks.flatMap((task) =>
    task.output_paths.flatMap((path) => {
      const id = /([\d_]+)\.\w+$/.exec(path)?.[1] ?? '';
      return parseOutputId(id) ? [{ id, task }] : [];
    }),
  );
