/**
 * Recovers files without a row: outputs become completed tasks with the recipe that is in them, uploads become uploads
 * again, and a trained LoRA becomes the style that its training describes. What cannot be recovered stays where it is and
 * is named.
 *
 * Files are moved, never copied: first each to the key that its row will name, then one transaction inserts the rows. If
 * the process dies in between, the files have no row and are set aside again. So a file is in one place at every moment,
 * and is recovered once.
 */
import { createHash } from 'node:crypto';
import type { Caller, RepairResult } from '@limner/contract';
import { refuseStranger } from '../access.ts';
import type { Bus } from '../bus/bus.ts';
import type { Database, Writer } from '../db/database.ts';
import type { StyleTrainer } from '../engines/training/trainer.ts';
import type { Logger } from '../log.ts';
import type { Search } from '../search/search.ts';
import type { Blobs } from '../storage/blobs.ts';
import { setUnknownAside, unknownFiles } from '../storage/set-aside.ts';
import { insertTrainedStyle, type TrainedStyle } from '../styles/styles.ts';
import type { TaskNews } from '../tasks/news.ts';
import { orphanOutputs } from '../tasks/orphans.ts';
import { orphanLoras } from '../training/orphans.ts';
import { writeRun } from '../training/store/run-rows.ts';
import { loraKey } from '../training/training-runs.ts';
import { orphanUploads } from '../uploads/orphans.ts';
import { insertUpload } from '../uploads/uploads-store.ts';
import {
  type AsideFile,
  type AsideLora,
  type AsideOutput,
  type AsideUpload,
  asideFile,
} from './aside-file.ts';
import { type FoundOutput, readOutput, readPicture } from './found-output.ts';
import { type Move, RepairRun } from './repair-run.ts';
import { groupsOf, outputRow, type RestoredTask, restoredTask } from './restored-task.ts';
import { insertRestoredTask, isFreeUploadId, takeTaskId } from './store/repair-rows.ts';

export interface RepairOptions {
  db: Database;
  blobs: Blobs;
  bus: Pick<Bus, 'publish'>;
  news: Pick<TaskNews, 'changed'>;
  log: Pick<Logger, 'warn'>;
  search: Pick<Search, 'textOf'>;
  trainers: readonly Pick<StyleTrainer, 'id' | 'familyOf'>[];
  /** Files written since then may get their row any moment. */
  beforeMs: () => number;
  stopping: AbortSignal;
}

export class Repair {
  readonly #options: RepairOptions;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: RepairOptions) {
    this.#options = options;
  }

  /** One after another: the second finds what the first has left. */
  run(caller: Caller, { dry_run }: { dry_run: boolean }): Promise<RepairResult> {
    refuseStranger(caller);
    const next = this.#last.then(() => this.#run(new RepairRun(caller, dry_run, this.#options)));
    this.#last = next.catch(() => undefined);
    return next;
  }

  async #run(run: RepairRun): Promise<RepairResult> {
    const { db, blobs, log, beforeMs } = this.#options;
    if (!run.isDry)
      for (const orphans of orphansOf(db))
        await setUnknownAside({ blobs, log, beforeMs: beforeMs(), ...orphans });
    const { outputs, uploads, loras } = await this.#files(run);
    for (const upload of uploads) await this.#unlessStopped(() => this.#takeUpload(run, upload));
    // In their order, so that the pictures which a task was made from are here before it.
    for (const task of [...outputs.keys()].sort((a, b) => a - b))
      await this.#unlessStopped(() => this.#takeOutputs(run, outputs.get(task) ?? [], loras.get(task) ?? []));
    for (const [task, files] of loras)
      if (!outputs.has(task)) for (const file of files) run.leave(file, 'no_description');
    return run.result;
  }

  async #unlessStopped(work: () => Promise<void>): Promise<void> {
    if (!this.#options.stopping.aborted) await work();
  }

  async #files(run: RepairRun) {
    const outputs = new Map<number, AsideOutput[]>();
    const loras = new Map<number, AsideLora[]>();
    const uploads: AsideUpload[] = [];
    for await (const each of this.#unknown(run)) {
      const file = asideFile(each);
      if (!file) run.leave(each, 'unknown_name');
      else if (file.kind === 'upload') uploads.push(file);
      else if (file.kind === 'lora') loras.set(file.task, [...(loras.get(file.task) ?? []), file]);
      else outputs.set(file.name.task, [...(outputs.get(file.name.task) ?? []), file]);
    }
    return { outputs, uploads, loras };
  }

  /** Those that were set aside; in a dry run also those that would be set aside first. */
  async *#unknown({ isDry }: RepairRun): AsyncGenerator<AsideFile> {
    const { db, blobs, beforeMs } = this.#options;
    yield* blobs.list('set-aside/');
    if (isDry)
      for (const orphans of orphansOf(db)) yield* unknownFiles({ blobs, beforeMs: beforeMs(), ...orphans });
  }

  async #takeUpload(run: RepairRun, file: AsideUpload): Promise<void> {
    const { db, blobs } = this.#options;
    const { id, extension, key } = file;
    const picture = await readPicture(blobs, key);
    if (picture === 'gone') return;
    if (picture === 'damaged') return run.leave(file, picture);
    if (!(await isFreeUploadId(db.read, id))) return run.leave(file, 'is_here');
    const { bytes, mediaType: media_type, width, height } = picture;
    const target = `uploads/${id}.${extension}`;
    const row = { id, file: target, name: `${id}.${extension}`, media_type, width, height };
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const whole = { ...row, size_bytes: bytes.length, sha256, created_at: Date.now() };
    const isBack = await run.moveAndWrite([{ file, target }], () =>
      db.write((trx) => insertUpload(run.caller, trx, whole)),
    );
    if (!isBack) return;
    run.result.uploads += 1;
  }

  /** All files of one task id. */
  async #takeOutputs(run: RepairRun, files: AsideOutput[], loras: AsideLora[]): Promise<void> {
    const found: FoundOutput[] = [];
    for (const file of files) {
      const output = await readOutput(this.#options.blobs, file);
      if (output === 'damaged') run.leave(file, output);
      else if (output !== 'gone') found.push(output);
    }
    const left = [...loras];
    for (const group of groupsOf(found)) {
      const task = restoredTask(group);
      const style = this.#styleOf(task);
      const lora = style && left.shift();
      await this.#takeTask(run, task, style && lora ? { style, lora } : null);
    }
    for (const file of left) run.leave(file, 'no_description');
  }

  async #takeTask(run: RepairRun, task: RestoredTask, trained: Trained | null): Promise<void> {
    const { db, search, news, bus } = this.#options;
    const { caller, result } = run;
    const wanted = task.outputs[0]?.file.name.task ?? 0;
    const id = run.isDry ? wanted : await db.write((trx) => takeTaskId(trx, wanted));
    const outputs = task.outputs.map((output) => outputRow(id, task.kind, output));
    const moves: Move[] = task.outputs.map(({ file }, at) => ({ file, target: outputs[at]?.file ?? '' }));
    if (trained) moves.push({ file: trained.lora, target: loraKey(id) });
    const searchText = search.textOf(task.plan.recipe.prompt);
    const isBack = await run.moveAndWrite(moves, () =>
      db.write(async (trx) => {
        await insertRestoredTask(caller, trx, { id, task, outputs, searchText });
        if (trained) await insertStyle(trx, id, trained.style);
      }),
    );
    if (!isBack) return;
    run.countTask(task);
    if (trained) result.styles += 1;
    if (run.isDry) return;
    result.task_ids.push(id);
    await news.changed(id);
    if (trained) bus.publish({ type: 'changed', list: 'styles' });
  }

  /** null: its trainer is not there, so nobody knows for which model it was made. */
  #styleOf({ recipe }: RestoredTask): NewStyle | null {
    const trainer = this.#options.trainers.find(({ id }) => id === recipe?.family);
    const training = recipe?.training;
    if (!trainer || !training) return null;
    const { style_name: name, style_type: type, trigger_words: triggerWords, params } = training;
    return { name, type, triggerWords, family: trainer.familyOf(params) };
  }
}

const orphansOf = (db: Database) => [orphanOutputs(db), orphanUploads(db), orphanLoras(db)];

/** The style of a restored training, as the end of the training would have made it. */
async function insertStyle(trx: Writer, task: number, style: NewStyle): Promise<void> {
  const lora = loraKey(task);
  await writeRun(trx, task, { lora, style_id: await insertTrainedStyle(trx, { ...style, loraPath: lora }) });
}

type NewStyle = Omit<TrainedStyle, 'loraPath'>;

interface Trained {
  style: NewStyle;
  lora: AsideLora;
}
