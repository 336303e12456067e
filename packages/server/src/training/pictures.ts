/** Addresses of pictures by id; those that are gone have none. */
import type { Reader } from '../db/database.ts';
import { outputId, outputUrl, parseOutputId } from '../outputs/output-name.ts';

export async function picturesOf(db: Reader, ids: string[]): Promise<Map<string, string>> {
  const outputs = ids.flatMap((id) => parseOutputId(id) ?? []);
  const uploaded = ids.filter((id) => parseOutputId(id) === null);
  return new Map([
    ...(await uploads(db, [...new Set(uploaded)])),
    ...(await painted(db, [...new Set(outputs.map(({ task }) => task))])),
  ]);
}

async function uploads(db: Reader, ids: string[]): Promise<[string, string][]> {
  if (ids.length === 0) return [];
  const rows = await db.selectFrom('uploads').select(['id', 'file']).where('id', 'in', ids).execute();
  return rows.map(({ id, file }) => [id, `/${file}`]);
}

async function painted(db: Reader, tasks: number[]): Promise<[string, string][]> {
  if (tasks.length === 0) return [];
  const rows = await db
    .selectFrom('outputs')
    .select(['task_id', 'frame_index', 'place', 'file'])
    .where('task_id', 'in', tasks)
    .execute();
  return rows.map(({ task_id: task, frame_index: frame, place, file }) => [
    outputId({ task, frame, place }),
    outputUrl(file),
  ]);
}
