import { type ErrorBody, type ErrorCode, StudioError } from '@limner/contract';
import type { Reader } from '../db/database.ts';
import { parsed } from '../db/parsed.ts';

/** Of the newest tasks that failed; an installation in which more fail in a day has read enough. */
const TASKS = 1_000;

export interface Failures {
  code: ErrorCode;
  count: number;
  lastMs: number;
  newest: ErrorBody;
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
    const body = parsed<ErrorBody>(error) ?? new StudioError('internal').body();
    const atMs = completed_at ?? 0;
    const known = found.get(body.code) ?? { code: body.code, count: 0, lastMs: 0, newest: body };
    const isNewer = atMs >= known.lastMs;
    found.set(body.code, {
      ...known,
      count: known.count + 1,
      ...(isNewer ? { lastMs: atMs, newest: body } : {}),
    });
  }
  return [...found.values()].sort((a, b) => b.count - a.count || a.code.localeCompare(b.code));
}
