/** Addresses of pictures by id; those that are gone have none. */
import type { Reader } from '../db/database.ts';

const OUTPUT = /^(\d+)_(\d+)$/;

export async function picturesOf(db: Reader, ids: string[]): Promise<Map<string, string>> {
  const outputs = ids.filter((id) => OUTPUT.test(id));
  return new Map([
    ...(await uploads(db, [...new Set(ids.filter((id) => !OUTPUT.test(id)))])),
    ...(await painted(db, [...new Set(outputs.map((id) => Number(OUTPUT.exec(id)?.[1])))])),
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
    .selectFrom('frames')
    .select(['task_id', 'frame_index', 'file'])
    .where('task_id', 'in', tasks)
    .where('file', 'is not', null)
    .execute();
  return rows.map(({ task_id, frame_index, file }) => [`${task_id}_${frame_index}`, `/${file}`]);
}
