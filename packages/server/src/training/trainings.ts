/** The operations on trainings. A run is a task: it is cancelled, resumed and deleted as one. */
import {
  type Bilingual,
  type Caller,
  type CheckpointChoice,
  type EstimateRequest,
  isReadableText,
  StudioError,
  type Trainer,
  type Training,
  type TrainingEstimate,
  type TrainingImage,
  type TrainingRequest,
} from '@limner/contract';
import { frozenSet } from '../datasets/versions.ts';
import type { Database, Writer } from '../db/database.ts';
import type { TaskRow } from '../db/schema.ts';
import { modelsMissing } from '../engines/models-missing.ts';
import { RUN_LOG } from '../engines/run-files.ts';
import type { StyleTrainer } from '../engines/training/trainer.ts';
import type { BlobStat, Blobs } from '../storage/blobs.ts';
import type { Styles } from '../styles/styles.ts';
import type { NewTasks } from '../tasks/new-tasks.ts';
import { readPlan } from '../tasks/plan.ts';
import { requestedTraining, type TrainingPictures } from '../tasks/requested-task.ts';
import { pausedLanes } from '../tasks/store/paused-lanes.ts';
import { workFolder } from '../tasks/store/removal.ts';
import { framesOfAll } from '../tasks/store/task-list.ts';
import type { CheckpointStyles } from './checkpoint-styles.ts';
import { trainingEstimate } from './estimate.ts';
import { trainingParams } from './params.ts';
import { picturesOf } from './pictures.ts';
import { measuredPace } from './speed.ts';
import { progressOf } from './store/run-rows.ts';
import { computingRuns, findTraining, listTrainings } from './store/training-rows.ts';
import { toTraining } from './to-training.ts';

export interface TrainingsOptions {
  db: Database;
  blobs: Pick<Blobs, 'stat'>;
  newTasks: Pick<NewTasks, 'create'>;
  styles: Styles;
  checkpointStyles: Pick<CheckpointStyles, 'choose'>;
  /** The best first. */
  trainers: readonly StyleTrainer[];
}

export class Trainings {
  readonly #db: Database;
  readonly #blobs: TrainingsOptions['blobs'];
  readonly #newTasks: TrainingsOptions['newTasks'];
  readonly #styles: Styles;
  readonly #checkpointStyles: TrainingsOptions['checkpointStyles'];
  readonly #trainers: TrainingsOptions['trainers'];

  constructor({ db, blobs, newTasks, styles, checkpointStyles, trainers }: TrainingsOptions) {
    this.#db = db;
    this.#blobs = blobs;
    this.#newTasks = newTasks;
    this.#styles = styles;
    this.#checkpointStyles = checkpointStyles;
    this.#trainers = trainers;
  }

  async train(caller: Caller, request: TrainingRequest): Promise<Training> {
    const trainer = this.#trainer(request.trainer);
    const params = trainingParams(trainer, request.params);
    // Without its program its models are of no use.
    const program = trainer.missing();
    if (program.length > 0) throw modelsMissing(trainer.label, program, { field: 'trainer' });
    const missing = trainer.missingFor?.(params) ?? [];
    if (missing.length > 0) throw modelsMissing(trainer.label, missing, { field: 'params' });
    const { keep, ...pictures } = await this.#pictures(caller, request);
    const { min, max } = trainer.images;
    const count = pictures.images.length;
    if (count < min || count > max)
      throw new StudioError('training_images', {
        data: { trainer: trainer.label, min, max, count },
        field: request.dataset == null ? 'images' : 'dataset',
      });
    refuseUnreadableCaptions(pictures.images);
    await this.#styles.refuseTakenName(request.style_name, 'style_name');
    const requested = requestedTraining(request, pictures, trainer.id, params);
    const { id } = await this.#newTasks.create(caller, requested, keep);
    return this.get(caller, id);
  }

  estimate({ trainer: id, params, pictures }: EstimateRequest): Promise<TrainingEstimate> {
    const trainer = this.#trainer(id);
    return trainingEstimate(this.#db.read, trainer, trainingParams(trainer, params), pictures);
  }

  /** `keep`: writes the version of the data set, in the transaction that creates the run. */
  async #pictures(
    caller: Caller,
    { images, dataset, trigger_words }: TrainingRequest,
  ): Promise<TrainingPictures & { keep?: (trx: Writer, task: number) => Promise<void> }> {
    if (dataset == null) {
      if (!images) throw invalid('images', NO_PICTURES);
      return { images, trigger_words, crops: [], ground: null, dataset: null };
    }
    if (images) throw invalid('dataset', BOTH);
    const frozen = await frozenSet(caller, this.#db.read, dataset);
    return { ...frozen, trigger_words: trigger_words || frozen.trigger_words };
  }

  async get(caller: Caller, id: number): Promise<Training> {
    const row = await findTraining(caller, this.#db.read, id);
    const [training] = row ? await this.#trainingsOf(caller, [row]) : [];
    if (!training) throw new StudioError('task_not_found', { data: { id }, field: 'id' });
    return training;
  }

  /** Makes the LoRA after a step the one of the run's style. @throws StudioError `task_not_found`, `checkpoint_not_found`, `style_in_use` */
  async choose(caller: Caller, id: number, { step }: CheckpointChoice): Promise<Training> {
    const row = await findTraining(caller, this.#db.read, id);
    if (row) await this.#checkpointStyles.choose(caller, id, { step, ...this.#trainerSays(row) });
    return this.get(caller, id);
  }

  /** What its program wrote; null: it runs none, or the run is completed. @throws StudioError `task_not_found` */
  async log(caller: Caller, id: number): Promise<(BlobStat & { key: string }) | null> {
    if (!(await findTraining(caller, this.#db.read, id)))
      throw new StudioError('task_not_found', { data: { id }, field: 'id' });
    const key = logKey(id);
    const stat = await this.#blobs.stat(key);
    return stat && { ...stat, key };
  }

  async list(caller: Caller, { limit, ...filter }: { limit: number; before?: number; style?: number }) {
    const rows = await listTrainings(caller, this.#db.read, { ...filter, limit: limit + 1 });
    const shown = rows.slice(0, limit);
    return {
      items: await this.#trainingsOf(caller, shown),
      nextBefore: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
    };
  }

  trainers(): Promise<Trainer[]> {
    return Promise.all(
      this.#trainers.map(async (trainer) => {
        await trainer.refresh?.();
        const { id, label, description, families, images, params, presets } = trainer;
        const [family = ''] = families;
        const missing = trainer.missing();
        const seconds_per_step = (await measuredPace(this.#db.read, trainer))?.secondsPerStep ?? null;
        const available = missing.length === 0;
        return {
          id,
          label,
          description,
          family,
          families: [...families],
          images,
          params,
          presets,
          available,
          missing,
          seconds_per_step,
        };
      }),
    );
  }

  async #trainingsOf(caller: Caller, rows: TaskRow[]): Promise<Training[]> {
    const ids = rows.map(({ id }) => id);
    const frames = await framesOfAll(this.#db.read, ids);
    const progress = await progressOf(this.#db.read, ids);
    const pictures = await picturesOf(
      caller,
      this.#db.read,
      rows.flatMap((row) => readPlan(row)?.recipe.references ?? []),
    );
    // The folder of a completed run is removed.
    const open = rows.filter(({ status }) => status !== 'completed');
    const logs = await Promise.all(
      open.map(async ({ id }) => ((await this.#blobs.stat(logKey(id))) ? id : null)),
    );
    const waitsFor = await this.#waitsFor(caller, rows);
    const isQueued = rows.some(({ status }) => status === 'queued');
    const paused = isQueued ? await pausedLanes(this.#db.read) : new Map<string, number>();
    return rows.map((row) =>
      toTraining({
        waitsFor: waitsFor(row),
        isLanePaused: paused.has(row.lane),
        hasLog: logs.includes(row.id),
        task: row,
        frames: frames.get(row.id) ?? [],
        run: progress.get(row.id),
        pictures,
        ...this.#trainerSays(row),
      }),
    );
  }

  /** Answers the run that computes on the device of a waiting one; null: it does not wait, or the caller cannot see which. */
  async #waitsFor(caller: Caller, rows: TaskRow[]): Promise<(row: TaskRow) => number | null> {
    const isOpen = ({ status }: TaskRow) => status === 'queued' || status === 'running';
    const computing = rows.some(isOpen) ? await computingRuns(caller, this.#db.read) : [];
    const deviceOf = (family: string) => this.#trainers.find(({ id }) => id === family)?.device;
    return (row) => {
      if (!isOpen(row) || computing.some(({ id }) => id === row.id)) return null;
      const device = deviceOf(row.family);
      if (device === undefined) return null;
      return computing.find(({ family }) => deviceOf(family) === device)?.id ?? null;
    };
  }

  #trainerSays(row: TaskRow): Pick<Training, 'family' | 'steps' | 'has_samples'> {
    const trainer = this.#trainers.find(({ id }) => id === row.family);
    const { training, references } = readPlan(row)?.recipe ?? { training: null, references: [] };
    const params = training?.params ?? {};
    // The trainer of an old run may no longer exist.
    if (!trainer) return { family: '', steps: Number(params.steps ?? 0), has_samples: false };
    const has_samples = trainer.hasSamples(params);
    return {
      family: trainer.familyOf(params),
      steps: trainer.stepsOf(params, references.length),
      has_samples,
    };
  }

  #trainer(id: string | null | undefined): StyleTrainer {
    const trainers = this.#trainers;
    const found =
      id == null
        ? (trainers.find((each) => each.missing().length === 0) ?? trainers[0])
        : trainers.find((each) => each.id === id);
    if (!found) throw new StudioError('trainer_not_found', { data: { trainer: id ?? '' }, field: 'trainer' });
    return found;
  }
}

const logKey = (id: number): string => `${workFolder(id)}${RUN_LOG}`;

const invalid = (field: string, reason: Bilingual) =>
  new StudioError('invalid_request', { data: { reason }, field });
const NO_PICTURES = { en: 'is required, or else a dataset', zh: '为必填项，或改用 dataset' };
const BOTH = { en: 'cannot be given beside images', zh: '不能与 images 同时指定' };

/** Refuses captions that the client decoded in the wrong encoding. */
function refuseUnreadableCaptions(images: readonly TrainingImage[]): void {
  const index = images.findIndex(({ caption }) => !isReadableText(caption));
  if (index < 0) return;
  const name = { en: `The caption of picture ${index + 1}`, zh: `第 ${index + 1} 张图片的说明` };
  throw new StudioError('caption_unreadable', { data: { name }, field: `images.${index}.caption` });
}
