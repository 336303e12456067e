/**
 * Recovers files without a row. A file whose row exists goes back to its place. Other outputs become completed tasks with
 * the recipe that is in them, uploads become uploads again, and a trained LoRA becomes the style that its training
 * describes. What cannot be recovered stays where it is and is named.
 *
 * Files are moved, never copied: first each to the key that its row names, then one transaction inserts the rows. If the
 * process dies in between, the files have no row and are set aside again (`store/move-journal.ts`). So a file is in one
 * place at every moment, and is recovered once.
 */
import { createHash } from 'node:crypto';
import { type DrawnWords, isFinal, outputId } from '@limner/contract';
import type { Bus } from '../bus/bus.ts';
import type { Database, Writer } from '../db/database.ts';
import { parsed } from '../db/parsed.ts';
import type { StyleTrainer } from '../engines/training/trainer.ts';
import type { Logger } from '../log.ts';
import type { StarNotes } from '../outputs/star-notes.ts';
import { searchedText } from '../prompts/drawn-words.ts';
import type { Search } from '../search/search.ts';
import type { Blobs } from '../storage/blobs.ts';
import { setUnknownAside, today, type UnknownFilesOptions, unknownFiles } from '../storage/set-aside.ts';
import { insertTrainedStyle, type TrainedStyle } from '../styles/styles.ts';
import type { TaskNews } from '../tasks/news.ts';
import { orphanOutputs } from '../tasks/orphans.ts';
import { hasWork } from '../tasks/state.ts';
import { loraKey } from '../training/lora-keys.ts';
import { orphanLoras } from '../training/orphans.ts';
import { writeRun } from '../training/store/run-rows.ts';
import { orphanUploads } from '../uploads/orphans.ts';
import { insertUpload } from '../uploads/uploads-store.ts';
import {
  type AsideFile,
  type AsideLora,
  type AsideOutput,
  type AsideUpload,
  asideFile,
  dayOf,
  isAsideRows,
} from './aside-file.ts';
import type { FileMoves, Move } from './file-moves.ts';
import type { FileOwners, Owner } from './file-owners.ts';
import { type FoundOutput, readOutput, readPicture } from './found-output.ts';
import type { RepairRun } from './repair-run.ts';
import {
  groupsOf,
  outputRow,
  type RestoredOutput,
  type RestoredTask,
  restoredTask,
} from './restored-task.ts';
import { openJournal, removeJournal, writeJournal } from './store/move-journal.ts';
import { insertMissingOutput } from './store/owner-rows.ts';
import { insertRestoredTask, isFreeUploadId, takeTaskId } from './store/repair-rows.ts';

export interface RecoveryOptions {
  db: Database;
  blobs: Blobs;
  bus: Pick<Bus, 'publish'>;
  news: Pick<TaskNews, 'changed'>;
  log: Pick<Logger, 'warn'>;
  search: Pick<Search, 'textOf'>;
  starNotes: Pick<StarNotes, 'has' | 'update'>;
  trainers: readonly Pick<StyleTrainer, 'id' | 'familyOf'>[];
  /** Files written since then may get their row any moment. */
  beforeMs: () => number;
  stopping: AbortSignal;
}

/** By the task in their names. */
export interface AsideFiles {
  count: number;
  outputs: Map<number, AsideOutput[]>;
  loras: Map<number, AsideLora[]>;
  uploads: AsideUpload[];
}

export class Recovery {
  readonly #options: RecoveryOptions;
  readonly #moves: FileMoves;
  readonly #owners: FileOwners;

  constructor(options: RecoveryOptions, moves: FileMoves, owners: FileOwners) {
    this.#options = options;
    this.#moves = moves;
    this.#owners = owners;
  }

  /** Sets aside what a killed repair has moved without inserting its rows. */
  async undo(): Promise<void> {
    const { db, blobs } = this.#options;
    const journal = await openJournal(db);
    for (const { from, to } of journal?.moves ?? [])
      await blobs.setAside(to, dayOf({ key: from }) ?? today());
    if (journal) await this.#moves.write(removeJournal);
  }

  /**
   * Sets unknown files aside, moves files back to their rows, and returns the others. A dry run only lists them. Ends
   * between two files after `stopping`.
   */
  async files(run: RepairRun): Promise<AsideFiles> {
    run.begin('files', null);
    if (!run.isDry) await this.#setAside(run);
    const files: AsideFiles = { count: 0, outputs: new Map(), loras: new Map(), uploads: [] };
    for await (const each of this.#unknown(run)) {
      if (this.#options.stopping.aborted) break;
      run.advance();
      const file = asideFile(each);
      const owner = file && (await this.#owners.find(file));
      if (!file) run.leave(each, 'unknown_name');
      else if (owner) await this.#giveBack(run, file, owner);
      else add(files, file);
    }
    return files;
  }

  async recover(run: RepairRun, { count, outputs, loras, uploads }: AsideFiles): Promise<void> {
    run.begin('recovery', count);
    for (const upload of uploads) {
      await this.#unlessStopped(() => this.#takeUpload(run, upload));
      run.advance();
    }
    // In their order, so that the pictures which a task was made from are here before it.
    for (const task of [...outputs.keys()].sort((a, b) => a - b))
      await this.#unlessStopped(() => this.#takeOutputs(run, outputs.get(task) ?? [], loras.get(task) ?? []));
    for (const [task, files] of loras)
      if (!outputs.has(task)) for (const file of files) run.leave(file, 'no_description');
  }

  async #unlessStopped(work: () => Promise<void>): Promise<void> {
    if (!this.#options.stopping.aborted) await work();
  }

  async #setAside(run: RepairRun): Promise<void> {
    const { blobs, log, beforeMs, stopping } = this.#options;
    const onUnknown = (key: string) => run.find('file_without_row', key, true);
    const stopped = () => stopping.aborted;
    for (const orphans of this.#orphans())
      await setUnknownAside({ blobs, log, onUnknown, beforeMs: beforeMs(), stopped, ...orphans });
  }

  /**
   * Not files that lie at the place of a frame without an output: the check gives them their rows. A frame with work whose
   * task has ended writes no file any more.
   */
  #orphans(): Pick<UnknownFilesOptions, 'prefix' | 'isUnknown'>[] {
    const { db } = this.#options;
    const outputs = orphanOutputs(db, ({ status }, frame) => hasWork([frame]) && !isFinal(status));
    const isUnknown = async (key: string) =>
      (await outputs.isUnknown(key)) && !(await this.#owners.isInPlace(key));
    return [{ ...outputs, isUnknown }, orphanUploads(db), orphanLoras(db)];
  }

  /** Those that were set aside; in a dry run also those that would be set aside first. */
  async *#unknown(run: RepairRun): AsyncGenerator<AsideFile> {
    const { blobs, beforeMs } = this.#options;
    for await (const file of blobs.list('set-aside/')) if (!isAsideRows(file.key)) yield file;
    if (!run.isDry) return;
    for (const orphans of this.#orphans())
      for await (const file of unknownFiles({ blobs, beforeMs: beforeMs(), ...orphans })) {
        run.find('file_without_row', file.key, true);
        yield file;
      }
  }

  async #giveBack(run: RepairRun, file: AsideFile, { kind, target, row }: Owner): Promise<void> {
    const isBack = await this.#moves.moveAndWrite(run, [{ file, target }], async (trx) => {
      if (row) await insertMissingOutput(trx, row);
    });
    if (!isBack) return;
    const name = row ? outputId({ task: row.task_id, frame: row.frame_index, place: row.place }) : target;
    run.find(kind, name, true);
    run.result.returned_files += 1;
    if (run.isDry) for (const each of [target, name]) run.returning.add(each);
    else if (row) await this.#options.news.changed(row.task_id);
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
    const isBack = await this.#moves.moveAndWrite(run, [{ file, target }], (trx) =>
      insertUpload(run.caller, trx, whole),
    );
    if (isBack) run.result.uploads += 1;
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
    run.advance(files.length);
  }

  async #takeTask(run: RepairRun, task: RestoredTask, trained: Trained | null): Promise<void> {
    const { search, news, bus, starNotes } = this.#options;
    const { caller, result } = run;
    const starred = await this.#starredOf(task);
    const { id, outputs, moves } = await this.#place(run, task, trained, starred);
    const words = task.frames.map(({ drawn }) => parsed<DrawnWords>(drawn));
    const searchText = search.textOf(searchedText(task.plan.recipe.prompt, words));
    const isBack = await this.#moves.moveAndWrite(run, moves, async (trx) => {
      await insertRestoredTask(caller, trx, { id, task, outputs, searchText });
      if (trained) await insertStyle(trx, id, trained.style);
      await removeJournal(trx);
    });
    if (!isBack) return;
    run.countTask(task, starred.size);
    if (trained) result.styles += 1;
    if (run.isDry) return;
    result.task_ids.push(id);
    await news.changed(id);
    if (starred.size > 0) await starNotes.update([id]);
    if (trained) bus.publish({ type: 'changed', list: 'styles' });
  }

  async #starredOf({ outputs }: RestoredTask): Promise<Set<FoundOutput>> {
    const starred = new Set<FoundOutput>();
    for (const output of outputs)
      if (await this.#options.starNotes.has(output.file.name, output.file.sizeBytes)) starred.add(output);
    return starred;
  }

  /** An id, and the places of its files, which are noted before the first is moved. */
  async #place(
    run: RepairRun,
    task: RestoredTask,
    trained: Trained | null,
    starred: Set<FoundOutput>,
  ): Promise<Placed> {
    const wanted = task.outputs[0]?.file.name.task ?? 0;
    const placed = (id: number): Placed => {
      const outputs = task.outputs.map((output) => outputRow(id, task.kind, output, starred.has(output)));
      const moves: Move[] = task.outputs.map(({ file }, at) => ({ file, target: outputs[at]?.file ?? '' }));
      if (trained) moves.push({ file: trained.lora, target: loraKey(id) });
      return { id, outputs, moves };
    };
    if (run.isDry) return placed(wanted);
    return this.#moves.write(async (trx) => {
      const place = placed(await takeTaskId(trx, wanted));
      const moves = place.moves.map(({ file, target }) => ({ from: file.key, to: target }));
      await writeJournal(trx, { task: place.id, moves });
      return place;
    });
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

function add(files: AsideFiles, file: AsideOutput | AsideUpload | AsideLora): void {
  const { outputs, loras, uploads } = files;
  files.count += 1;
  if (file.kind === 'upload') uploads.push(file);
  else if (file.kind === 'lora') loras.set(file.task, [...(loras.get(file.task) ?? []), file]);
  else outputs.set(file.name.task, [...(outputs.get(file.name.task) ?? []), file]);
}

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

interface Placed {
  id: number;
  outputs: RestoredOutput[];
  moves: Move[];
}
