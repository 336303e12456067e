import type { Reader } from '../db/database.ts';

export const hasOutputs = async (db: Reader): Promise<boolean> =>
  (await db.selectFrom('outputs').select('task_id').limit(1).executeTakeFirst()) !== undefined;

export const hasTasks = async (db: Reader): Promise<boolean> =>
  (await db.selectFrom('tasks').select('id').limit(1).executeTakeFirst()) !== undefined;
