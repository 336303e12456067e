/**
 * Compares rows with each other and with their files, a page at a time, and mends what contradicts itself. What cannot be
 * mended is named. A healthy row is not written.
 */
import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { imagesOf, MAX_SEED, parseOutputId, readRecipe, seedPlus } from '@limner/contract';
import { SYSTEM } from '../access.ts';
import type { Bus } from '../bus/bus.ts';
import type { Database, Reader } from '../db/database.ts';
import { parsed } from '../db/parsed.ts';
import type { OutputRow } from '../db/schema.ts';
import { findOutput, outputFileOf } from '../outputs/outputs-store.ts';
import { listPresets } from '../presets/presets-store.ts';
import type { Blobs } from '../storage/blobs.ts';
import type { TaskNews } from '../tasks/news.ts';
import { readPlan } from '../tasks/plan.ts';
import { findUpload } from '../uploads/uploads-store.ts';
import { asideRowsKey } from './aside-file.ts';
import type { FileMoves } from './file-moves.ts';
import type { FileOwners } from './file-owners.ts';
import type { FoundOutput } from './found-output.ts';
import type { RepairRun } from './repair-run.ts';
import { isUnreadable, restoredPlan, type StoredPlan } from './restored-plan.ts';
import { restoredTask } from './restored-task.ts';
import {
  checkedTask,
  countTasks,
  isInBinNamed,
  pagesOfTasks,
  pagesOfUploads,
  tasksWithoutInput,
  trainedStyles,
} from './store/checked-rows.ts';
import { type Mended, mendTask } from './store/mended-rows.ts';
import { replacePlan, storedPlans } from './store/plan-rows.ts';
import { removeRowsWithoutTask, rowsOfTask, tasksThatAreMissing } from './store/rows-without-task.ts';
import { isHeld, mendingOf, type PaintedFrom, seedless, type TaskRows } from './task-faults.ts';

export interface CheckOptions {
  db: Database;
  blobs: Blobs;
  bus: Pick<Bus, 'publish'>;
  news: Pick<TaskNews, 'changed'>;
  moves: FileMoves;
  owners: FileOwners;
  stopping: AbortSignal;
}

export class Check {
  readonly #options: CheckOptions;

  constructor(options: CheckOptions) {
    this.#options = options;
  }

  async run(run: RepairRun): Promise<void> {
    const { db, stopping } = this.#options;
    run.begin('rows', await countTasks(db.read));
    for await (const page of pagesOfTasks(db.read)) {
      await this.#checkPage(run, page);
      if (stopping.aborted) return;
      await nextTurn();
    }
    for (const task of await tasksThatAreMissing(db.read)) await this.#setRowsAside(run, task);
    for (const check of [this.#checkUploads, this.#checkStyles, this.#checkPresets])
      if (!stopping.aborted) await check.call(this, run);
  }

  async #checkPage(run: RepairRun, page: TaskRows[]): Promise<void> {
    const { db } = this.#options;
    for (const rows of page) {
      if (mendingOf(rows, Date.now()).faults.length > 0) await this.#mend(run, rows);
      for (const { task_id: task, frame_index: frame, place, file, size_bytes } of rows.outputs)
        if (!run.returning.has(file) && !(await this.#isThere(file, size_bytes)))
          if (await outputFileOf(SYSTEM, db.read, { task, frame, place }))
            // It may have been deleted since.
            run.find('output_file_missing', file, false);
      run.advance();
    }
    const [first, last] = [page[0], page.at(-1)];
    if (!first || !last) return;
    for (const stored of await storedPlans(db.read, first.task.id, last.task.id))
      if (isUnreadable(stored) && !isHeld(stored, Date.now())) await this.#restorePlan(run, stored);
    for (const task of await tasksWithoutInput(db.read, first.task.id, last.task.id))
      run.find('recipe_picture_missing', String(task), false);
  }

  async #mend(run: RepairRun, rows: TaskRows): Promise<void> {
    const { moves, owners } = this.#options;
    const { id } = rows.task;
    const paintedFrom = await this.#paintedFrom(rows);
    const found: OutputRow[] = [];
    for (const { frame_index } of rows.frames) {
      const output = await owners.inPlace(id, frame_index);
      if (output) found.push(output);
    }
    const mended = await moves.write((trx) => mendTask(trx, id, { found, paintedFrom, isDry: run.isDry }));
    if (!mended) return;
    for (const { kind, name } of mended.faults) if (!run.returning.has(name)) run.find(kind, name, true);
    if (!run.isDry) await this.#publish(id, mended);
  }

  /** Of frames without one: as their pictures say, or else the seed that the plan gives them. */
  async #paintedFrom(rows: TaskRows): Promise<Map<number, PaintedFrom>> {
    const { db, owners } = this.#options;
    const paintedFrom = new Map<number, PaintedFrom>();
    const missing = seedless(rows);
    if (missing.length === 0) return paintedFrom;
    const [stored] = await storedPlans(db.read, rows.task.id, rows.task.id);
    const seed = stored && readPlan(stored)?.recipe.seed;
    for (const index of missing) {
      const output = rows.outputs.find(({ frame_index }) => frame_index === index);
      const described = output && (await owners.described(output));
      const [made] = described?.recipe ? restoredTask([described]).frames : [];
      if (made) paintedFrom.set(index, { seed: made.seed, drawn: made.drawn });
      else if (seed != null)
        paintedFrom.set(index, { seed: String(seedPlus(seed, index, `${MAX_SEED}`)), drawn: null });
    }
    return paintedFrom;
  }

  async #restorePlan(run: RepairRun, stored: StoredPlan): Promise<void> {
    const { db, moves, owners, news } = this.#options;
    const rows = await checkedTask(db.read, stored.id);
    const described: FoundOutput[] = [];
    for (const output of rows?.outputs ?? []) {
      const found = await owners.described(output);
      if (found) described.push(found);
    }
    const plan = restoredPlan(stored, described);
    const isMended =
      plan !== null && (run.isDry || (await moves.write((trx) => replacePlan(trx, stored, plan))));
    run.find('plan_unreadable', String(stored.id), isMended);
    if (isMended && !run.isDry) await news.changed(stored.id);
  }

  /** First the file, then the rows: killed in between, they are set aside once more. */
  async #setRowsAside(run: RepairRun, task: number): Promise<void> {
    const { db, blobs, moves } = this.#options;
    run.find('row_without_task', String(task), true);
    if (run.isDry) return;
    const rows = JSON.stringify(await rowsOfTask(db.read, task), null, 2);
    await blobs.put(asideRowsKey(task), Readable.from([rows]));
    await moves.write((trx) => removeRowsWithoutTask(trx, task));
  }

  async #publish(id: number, { task, lane }: Mended): Promise<void> {
    const { bus, news } = this.#options;
    await news.changed(id);
    if (task.status === 'queued') bus.publish({ type: 'wake', lane });
  }

  async #isThere(key: string, sizeBytes: number | null): Promise<boolean> {
    const stat = await this.#options.blobs.stat(key);
    return stat !== null && (sizeBytes === null || sizeBytes === 0 || stat.sizeBytes === sizeBytes);
  }

  async #checkUploads(run: RepairRun): Promise<void> {
    const { db, stopping } = this.#options;
    const { read } = db;
    for await (const page of pagesOfUploads(read)) {
      if (stopping.aborted) return;
      for (const { id, file, size_bytes } of page)
        if (!run.returning.has(file) && !(await this.#isThere(file, size_bytes)))
          if (await findUpload(SYSTEM, read, id)) run.find('upload_file_missing', file, false);
    }
  }

  async #checkStyles(run: RepairRun): Promise<void> {
    for (const { name, lora_path } of await trainedStyles(this.#options.db.read))
      if (!run.returning.has(lora_path) && !(await this.#isThere(lora_path, null)))
        run.find('lora_missing', `${name}: ${lora_path}`, false);
  }

  async #checkPresets(run: RepairRun): Promise<void> {
    const { read } = this.#options.db;
    for (const { name, settings } of await listPresets(SYSTEM, read)) {
      const recipe = readRecipe(parsed<{ recipe?: unknown }>(settings)?.recipe);
      const images = recipe ? imagesOf(recipe) : [];
      for (const image of images)
        if (!(await isHere(read, image))) run.find('preset_picture_missing', `${name}: ${image}`, false);
    }
  }
}

async function isHere(db: Reader, image: string): Promise<boolean> {
  const output = parseOutputId(image);
  const found = output ? await findOutput(SYSTEM, db, output) : await findUpload(SYSTEM, db, image);
  return found !== undefined || (await isInBinNamed(db, image, output?.task ?? null));
}
