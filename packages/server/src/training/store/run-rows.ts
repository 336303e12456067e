/** Rows of training runs. Every write of a worker names its lease. */
import { isFinal, type LossPoint, TrainingPhase } from '@limner/contract';
import type { Selectable, Updateable } from 'kysely';
import type { Reader, Writer } from '../../db/database.ts';
import type { TrainingRunsTable } from '../../db/schema.ts';
import { lossOf } from '../../tasks/store/frame-progress.ts';
import { lockTask } from '../../tasks/store/task-locks.ts';

export type RunRow = Selectable<TrainingRunsTable>;

export interface RunProgress {
  /** The last step taken. */
  step: number;
  /** The step of the checkpoint. */
  resumeStep: number;
  loss: LossPoint[];
  phase: TrainingPhase | null;
  /** Of the last sign of life; null: none yet. */
  heardMs: number | null;
  lora: string | null;
  styleId: number | null;
  /** The model that the LoRA of its style is for; null: the style has none of a training. */
  styleModel: string | null;
}

const runRows = (db: Reader, tasks: number[]): Promise<RunRow[]> =>
  tasks.length === 0
    ? Promise.resolve([])
    : db.selectFrom('training_runs').selectAll().where('task_id', 'in', tasks).execute();

export const runRow = async (db: Reader, task: number): Promise<RunRow | undefined> =>
  (await runRows(db, [task]))[0];

/** Up to a step. */
export const curveOf = async (db: Reader, task: number, step: number): Promise<LossPoint[]> =>
  ((await lossOf(db, [task])).get(task) ?? []).filter(([at]) => at <= step);

/** While a worker holds the run, the curve is newer than the row. */
export async function progressOf(db: Reader, tasks: number[]): Promise<Map<number, RunProgress>> {
  const rows = await runRows(db, tasks);
  const curves = await lossOf(db, tasks);
  const models = await modelsOfStyles(db, rows);
  return new Map(
    tasks.map((id) => {
      const row = rows.find(({ task_id }) => task_id === id);
      const loss = curves.get(id) ?? [];
      const step = Math.max(row?.reached ?? 0, loss.at(-1)?.[0] ?? 0);
      const {
        step: resumeStep = 0,
        lora = null,
        style_id: styleId = null,
        heard_at: heardMs = null,
      } = row ?? {};
      const phase = TrainingPhase.safeParse(row?.phase).data ?? null;
      const styleModel = models.get(styleId ?? 0) ?? null;
      return [id, { step, resumeStep, loss, phase, heardMs, lora, styleId, styleModel }];
    }),
  );
}

/** By the id of the style. */
async function modelsOfStyles(db: Reader, rows: readonly RunRow[]): Promise<Map<number, string | null>> {
  const ids = rows.flatMap(({ style_id }) => style_id ?? []);
  if (ids.length === 0) return new Map();
  const styles = await db.selectFrom('styles').select(['id', 'family']).where('id', 'in', ids).execute();
  return new Map(styles.map(({ id, family }) => [id, family]));
}

export async function writeRun(
  trx: Writer,
  task_id: number,
  values: Omit<Updateable<TrainingRunsTable>, 'task_id'>,
): Promise<void> {
  await trx
    .insertInto('training_runs')
    .values({ task_id, ...values })
    .onConflict((conflict) => conflict.column('task_id').doUpdateSet(values))
    .execute();
}

/** Of the run's frame, also after it was cancelled. A later try that waits or runs keeps its own. */
export async function writeProgress(
  trx: Writer,
  { task, lease }: { task: number; lease: string },
  progress: number,
): Promise<void> {
  await trx
    .updateTable('frames')
    .set({ progress })
    .where('task_id', '=', task)
    .where('status', 'in', ['running', 'failed', 'cancelled'])
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('tasks')
          .select('id')
          .where('id', '=', task)
          .where((or) => or.or([or('lease', 'is', null), or('lease', '=', lease)])),
      ),
    )
    .execute();
}

/**
 * Whether a try may write. `held`: the task has this lease or another one of the same worker. The other lease occurs when a
 * task is cancelled and retried while its earlier try still writes the checkpoint; tries of one worker wait for each other.
 * `free`: no worker holds the task; it was cancelled, or a stopping worker released it. Both may write.
 */
export type Access = 'held' | 'free' | 'none';

export async function accessTo(trx: Writer, task: number, lease: string): Promise<Access> {
  await lockTask(trx, task);
  const row = await trx
    .selectFrom('tasks')
    .select(['status', 'lease'])
    .where('id', '=', task)
    .executeTakeFirst();
  if (!row || row.status === 'completed') return 'none';
  if (row.lease === null) return 'free';
  return workerOf(row.lease) === workerOf(lease) ? 'held' : 'none';
}

const workerOf = (lease: string): string => lease.slice(0, lease.lastIndexOf('/'));

const statusOf = async (db: Reader, task: number) =>
  (await db.selectFrom('tasks').select('status').where('id', '=', task).executeTakeFirst())?.status;

/** ms; null: there is no such task. */
export const madeAt = async (db: Reader, task: number): Promise<number | null> =>
  (await db.selectFrom('tasks').select('created_at').where('id', '=', task).executeTakeFirst())?.created_at ??
  null;

export const isThere = async (db: Reader, task: number): Promise<boolean> =>
  (await statusOf(db, task)) !== undefined;

/** No try reads its work folder any more. A training that failed or was cancelled keeps it for its log and to resume. */
export async function isDoneWithFiles(db: Reader, task: number): Promise<boolean> {
  const row = await db
    .selectFrom('tasks')
    .select(['kind', 'status'])
    .where('id', '=', task)
    .executeTakeFirst();
  if (!row) return false;
  return row.status === 'completed' || (row.kind === 'animation' && isFinal(row.status));
}

/** True if a LoRA's file is not needed: its run was deleted or cancelled, and no style has the file. */
export async function isUnwanted(db: Reader, task: number, lora: string): Promise<boolean> {
  if (![undefined, 'cancelled'].includes(await statusOf(db, task))) return false;
  const style = db.selectFrom('styles').select('id').where('lora_path', '=', lora);
  return (await style.executeTakeFirst()) === undefined;
}

/** It belongs to a style, to `task` if that may still make one, to the bin, or waits to be removed. */
export async function isKnownLora(db: Reader, key: string, task: number | null): Promise<boolean> {
  const status = task === null ? undefined : await statusOf(db, task);
  if (status === 'queued' || status === 'running') return true;
  const style = db.selectFrom('styles').select('id').where('lora_path', '=', key).limit(1);
  const run = db.selectFrom('training_runs').select('task_id').where('lora', '=', key).limit(1);
  const binned = db.selectFrom('bin').select('id').where('task_id', '=', task).limit(1);
  const trashed = db.selectFrom('trash').select('file').where('file', '=', key);
  for (const query of [style, run, binned, trashed]) if (await query.executeTakeFirst()) return true;
  return false;
}
