/** Finished pictures that were named one by one or by their tasks. */
import { MAX_ZIP_PICTURES, type Pictures, StudioError } from '@limner/contract';
import type { Reader } from '../db/database.ts';

export interface ChosenPicture {
  task: number;
  index: number;
  prompt: string;
  file: string;
  sizeBytes: number;
  completedMs: number;
}

/** `12_0`, which the contract has checked. */
export function outputName(id: string): { task: number; index: number } {
  const [task, index] = id.split('_').map(Number) as [number, number];
  return { task, index };
}

const TASKS_AT_ONCE = 200;

/**
 * In the order of tasks and frames, each once. What is gone is passed over: somebody else may just have deleted it.
 * @throws StudioError `zip_empty`, `zip_too_many`
 */
export async function chosenPictures(db: Reader, { outputs, tasks }: Pictures): Promise<ChosenPicture[]> {
  const whole = new Set(tasks);
  const single = new Set(outputs);
  const ids = [...new Set([...tasks, ...outputs.map((id) => outputName(id).task)])].sort((a, b) => a - b);
  const pictures: ChosenPicture[] = [];
  for (let start = 0; start < ids.length; start += TASKS_AT_ONCE) {
    for (const picture of await picturesOf(db, ids.slice(start, start + TASKS_AT_ONCE)))
      if (whole.has(picture.task) || single.has(`${picture.task}_${picture.index}`)) pictures.push(picture);
  }
  if (pictures.length === 0) throw new StudioError('zip_empty');
  if (pictures.length > MAX_ZIP_PICTURES)
    throw new StudioError('zip_too_many', { data: { count: pictures.length, limit: MAX_ZIP_PICTURES } });
  return pictures;
}

async function picturesOf(db: Reader, tasks: number[]): Promise<ChosenPicture[]> {
  const rows = await db
    .selectFrom('frames')
    .innerJoin('tasks', 'tasks.id', 'frames.task_id')
    .select([
      'frames.task_id',
      'frames.frame_index',
      'frames.file',
      'frames.size_bytes',
      'frames.completed_at',
      'tasks.prompt',
    ])
    .where('frames.task_id', 'in', tasks)
    .where('frames.status', '=', 'completed')
    .orderBy('frames.task_id')
    .orderBy('frames.frame_index')
    .execute();
  return rows.flatMap((row) =>
    row.file === null
      ? []
      : {
          task: row.task_id,
          index: row.frame_index,
          prompt: row.prompt,
          file: row.file,
          sizeBytes: row.size_bytes ?? 0,
          completedMs: row.completed_at ?? 0,
        },
  );
}
