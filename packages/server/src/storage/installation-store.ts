import type { Reader } from '../db/database.ts';

export const hasOutputs = async (db: Reader): Promise<boolean> =>
  (await db.selectFrom('outputs').select('task_id').limit(1).executeTakeFirst()) !== undefined;

/** null: there is none. */
export async function newestOutputFile(db: Reader): Promise<string | null> {
  const newest = db.selectFrom('outputs').select('file').orderBy('created_at', 'desc').limit(1);
  return (await newest.executeTakeFirst())?.file ?? null;
}

export const hasTasks = async (db: Reader): Promise<boolean> =>
  (await db.selectFrom('tasks').select('id').limit(1).executeTakeFirst()) !== undefined;
