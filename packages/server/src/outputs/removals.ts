/**
 * Deletes one picture of a task. With the last output of a frame the frame is deleted too, so that no list, count,
 * archive or search has it; the others keep their names.
 */
import { type Caller, type OutputId, type OutputName, outputsLeft, StudioError } from '@limner/contract';
import type { Database, Writer } from '../db/database.ts';
import type { OutputRow } from '../db/schema.ts';
import type { Blobs } from '../storage/blobs.ts';
import type { TaskNews } from '../tasks/news.ts';
import { readerOf } from '../tasks/store/readers.ts';
import { type Removal, removeFrame, removeOutputs } from '../tasks/store/removal.ts';
import { lockTasksToRemove } from '../tasks/store/task-locks.ts';
import { framesOf, readTask, type TaskWithFrames, updateTaskSummary } from '../tasks/store/task-rows.ts';
import { emptyTrash } from '../tasks/store/trash.ts';
import { outputNamed } from './output-name.ts';

export interface RemovalsOptions {
  db: Database;
  blobs: Blobs;
  news: Pick<TaskNews, 'changed'>;
  /** Deletes whole tasks. */
  tasks: { delete(caller: Caller, id: number): Promise<void> };
  /** Keeps deleted items in the bin. */
  hasBin: boolean;
}

export class Removals {
  readonly #db: Database;
  readonly #blobs: Blobs;
  readonly #news: RemovalsOptions['news'];
  readonly #tasks: RemovalsOptions['tasks'];
  readonly #removal: Removal;

  constructor({ db, blobs, news, tasks, hasBin }: RemovalsOptions) {
    this.#db = db;
    this.#blobs = blobs;
    this.#news = news;
    this.#tasks = tasks;
    this.#removal = { cause: 'deleted', keep: hasBin };
  }

  /**
   * Deleting the last picture deletes the task, unless it still has work or something to retry.
   * @throws StudioError `image_not_found`, `picture_of_run`, `picture_in_use`
   */
  async remove(caller: Caller, ref: OutputId): Promise<void> {
    const name = outputNamed(ref);
    const { task: id } = name;
    const left = await this.#db.write(
      async (trx) => {
        const { task, frames } = await removable(caller, trx, name, ref);
        const outputs = frames.find(({ frame_index }) => frame_index === name.frame)?.outputs ?? [];
        const left = outputsLeft(outputs, ({ place }) => place === name.place);
        const isWhole = left.length === 0;
        if (frames.length === 1 && isWhole) return 'nothing';
        if (isWhole) await removeFrame(trx, name, this.#removal);
        else await removeOutputs(trx, name, placesWithout(outputs, left), this.#removal);
        await updateTaskSummary(trx, { task, frames: await framesOf(trx, id) });
        return 'others';
      },
      { frees: true },
    );
    if (left === 'nothing') return this.#tasks.delete(caller, id);
    await this.#news.changed(id);
    // The next clean-up removes the rest.
    await emptyTrash(this.#db, this.#blobs).catch(() => undefined);
  }
}

const placesWithout = (outputs: readonly OutputRow[], left: readonly OutputRow[]): number[] =>
  outputs.filter((output) => !left.includes(output)).map(({ place }) => place);

async function removable(
  caller: Caller,
  trx: Writer,
  { task: id, frame: index, place }: OutputName,
  ref: OutputId,
): Promise<TaskWithFrames> {
  await lockTasksToRemove(trx, [id]);
  const found = await readTask(caller, trx, id);
  const frame = found?.frames.find(({ frame_index }) => frame_index === index);
  if (!found || !frame?.outputs.some((output) => output.place === place))
    throw new StudioError('image_not_found', { data: { ref }, field: 'id' });
  if (found.task.kind === 'training') throw new StudioError('picture_of_run', { data: { task: id } });
  const reader = await readerOf(trx, id, index);
  if (reader !== null) throw new StudioError('picture_in_use', { data: { task: reader } });
  return found;
}
