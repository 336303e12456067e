import type { ErrorBody, ErrorCode } from '@limner/contract';
import type { Reader } from '../db/database.ts';
import { parsed } from '../db/parsed.ts';

/** Of the newest tasks that failed; an installation in which more fail in a day has read enough. */
const TASKS = 1_000;

export interface Failures {
  code: ErrorCode;
  count: number;
  lastMs: number;
}

/** Failed frames since a time by their code, most frequent first. */
export async function failuresSince(db: Reader, sinceMs: number): Promise<Failures[]> {
  const rows = await db
    .selectFrom('frames')
    .select(['error', 'completed_at'])
    .where('task_id', 'in', (eb) =>
      eb
        .selectFrom('tasks')
        .select('id')
        .where('status', 'in', ['failed', 'partial'])
        .orderBy('id', 'desc')
        .limit(TASKS),
    )
    .where('status', '=', 'failed')
    .where('completed_at', '>', sinceMs)
    .execute();
  const found = new Map<ErrorCode, Failures>();
  for (const { error, completed_at } of rows) {
    const code = parsed<ErrorBody>(error)?.code ?? 'internal';
    const known = found.get(code) ?? { code, count: 0, lastMs: 0 };
    found.set(code, {
      code,
      count: known.count + 1,
      lastMs: Math.max(known.lastMs, completed_at ?? 0),
    });
  }
  return [...found.values()].sort((a, b) => b.count - a.count || a.code.localeCompare(b.code));
}
