/** Tasks and uploads that a clean-up may delete, in that order. */
import { type ExpressionBuilder, sql } from 'kysely';
import type { Writer } from '../../db/database.ts';
import type { Schema } from '../../db/schema.ts';
import { isUnread } from './readers.ts';

/**
 * Ended before then, without a star, and read by nobody; `unwanted`: of them those that came to nothing.
 */
export const oldTasks = (trx: Writer, before: number, which: 'all' | 'unwanted') =>
  trx
    .selectFrom('tasks')
    .selectAll()
    .where('stars', '=', sql.lit(0))
    .where('completed_at', '<', before)
    .where(isUnread)
    .$if(which === 'unwanted', (tasks) =>
      tasks.where('status', 'in', ['failed', 'cancelled']).where(hasNoOutput),
    )
    .orderBy('completed_at');

/** Made before then, and read by no task. */
export const unusedUploads = (trx: Writer, before: number) =>
  trx
    .selectFrom('uploads')
    .where('created_at', '<', before)
    .where((eb) =>
      eb.not(eb.exists(eb.selectFrom('task_inputs').select('image').whereRef('image', '=', 'uploads.id'))),
    );

const hasNoOutput = (eb: ExpressionBuilder<Schema, 'tasks'>) =>
  eb.not(eb.exists(eb.selectFrom('outputs').select('place').whereRef('outputs.task_id', '=', 'tasks.id')));
