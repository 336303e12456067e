/** Outputs named one by one or by their tasks. */
import {
  type Caller,
  distinctNames,
  MAX_ZIP_PICTURES,
  type OutputName,
  outputId,
  type Pictures,
  type Provenance,
  StudioError,
} from '@limner/contract';
import { chunksOf } from '../chunks-of.ts';
import type { Reader } from '../db/database.ts';
import { parsed } from '../db/parsed.ts';
import type { NameOf } from './file-names.ts';
import { outputNamed } from './output-name.ts';
import { type OutputFile, outputsOfTasks } from './outputs-store.ts';

export interface ChosenPicture extends OutputName {
  /** It stands for a video, which is chosen with it. */
  isPoster: boolean;
  /** Unique among the chosen pictures. */
  fileName: string;
  file: string;
  sizeBytes: number;
  completedMs: number;
  provenance: Provenance | null;
}

const TASKS_AT_ONCE = 200;

/**
 * In the order of tasks, frames and places, each once. Missing ones are skipped, because they may just have been
 * deleted.
 * @throws StudioError `zip_empty`, `zip_too_many`
 */
export async function chosenPictures(
  caller: Caller,
  db: Reader,
  { outputs, tasks }: Pictures,
  nameOf: NameOf,
): Promise<ChosenPicture[]> {
  const whole = new Set(tasks);
  const single = new Set(outputs);
  const ids = [...new Set([...tasks, ...outputs.map((id) => outputNamed(id).task)])].sort((a, b) => a - b);
  const pictures: ChosenPicture[] = [];
  for (const some of chunksOf(ids, TASKS_AT_ONCE)) {
    const rows = await outputsOfTasks(caller, db, some);
    for (const picture of rows.map((row) => toPicture(row, nameOf)))
      if ((whole.has(picture.task) && !picture.isPoster) || single.has(outputId(picture)))
        pictures.push(picture);
  }
  if (pictures.length === 0) throw new StudioError('zip_empty');
  if (pictures.length > MAX_ZIP_PICTURES)
    throw new StudioError('zip_too_many', { data: { count: pictures.length, limit: MAX_ZIP_PICTURES } });
  const names = distinctNames(pictures.map(({ fileName }) => fileName));
  return pictures.map((picture, at) => ({ ...picture, fileName: names[at] ?? picture.fileName }));
}

const toPicture = (row: OutputFile, nameOf: NameOf): ChosenPicture => ({
  task: row.task_id,
  frame: row.frame_index,
  place: row.place,
  isPoster: row.role === 'poster',
  fileName: nameOf(row),
  file: row.file,
  sizeBytes: row.size_bytes,
  completedMs: row.created_at,
  provenance: parsed<Provenance>(row.provenance),
});
