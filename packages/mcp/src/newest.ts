/** The newest pictures and tasks, for lists of resources and for completions. */
import { type OutputId, parseOutputId, type TaskListItem } from '@limner/contract';
import type { Studio } from './studio.ts';

const MAX_TASKS = 30;

export interface NewestPicture {
  id: OutputId;
  task: TaskListItem;
}

export const newestTasks = async ({ client }: Studio): Promise<TaskListItem[]> =>
  (await client.tasks({ limit: MAX_TASKS })).items;

export const newestPictures = async (studio: Studio): Promise<NewestPicture[]> =>
  (await newestTasks(studio)).flatMap((task) =>
    task.output_paths.flatMap((path) => {
      const id = /([\d_]+)\.\w+$/.exec(path)?.[1] ?? '';
      return parseOutputId(id) ? [{ id, task }] : [];
    }),
  );
