/** The pictures of trainings by id; deleted ones are absent. */
import type { TrainingPicture } from '@limner/contract';
import type { Reader } from '../db/database.ts';
import { outputId, outputUrl, parseOutputId } from '../outputs/output-name.ts';

export interface KnownPicture extends Omit<TrainingPicture, 'name'> {
  url: string;
}

export async function picturesOf(db: Reader, ids: string[]): Promise<Map<string, KnownPicture>> {
  const outputs = ids.flatMap((id) => parseOutputId(id) ?? []);
  const uploaded = ids.filter((id) => parseOutputId(id) === null);
  return new Map([
    ...(await uploads(db, [...new Set(uploaded)])),
    ...(await painted(db, [...new Set(outputs.map(({ task }) => task))])),
  ]);
}

async function uploads(db: Reader, ids: string[]): Promise<[string, KnownPicture][]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('uploads')
    .select(['id', 'file', 'width', 'height', 'sha256'])
    .where('id', 'in', ids)
    .execute();
  return rows.map(({ id, file, width, height, sha256 }) => [
    id,
    { url: `/${file}`, width, height, content: sha256 },
  ]);
}

/** Their content is not hashed: equal pictures are found by their name alone. */
async function painted(db: Reader, tasks: number[]): Promise<[string, KnownPicture][]> {
  if (tasks.length === 0) return [];
  const rows = await db
    .selectFrom('outputs')
    .select(['task_id', 'frame_index', 'place', 'file', 'width', 'height'])
    .where('task_id', 'in', tasks)
    .execute();
  return rows.map(({ task_id: task, frame_index: frame, place, file, width, height }) => {
    const id = outputId({ task, frame, place });
    return [id, { url: outputUrl(file), width, height, content: id }];
  });
}
