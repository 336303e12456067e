/** The operations on trainings. A run is a task: it is cancelled, resumed and deleted as one. */
import {
  isReadableText,
  StudioError,
  type Trainer,
  type Training,
  type TrainingRequest,
} from '@limner/contract';
import type { Database } from '../db/database.ts';
import type { TaskRow } from '../db/schema.ts';
import type { StyleTrainer } from '../engines/training/trainer.ts';
import type { Styles } from '../styles/styles.ts';
import { planOf } from '../tasks/plan.ts';
import { framesOfAll } from '../tasks/store/task-list.ts';
import type { Tasks } from '../tasks/tasks.ts';
import { trainingParams } from './params.ts';
import { picturesOf } from './pictures.ts';
import { toTraining } from './shape.ts';
import { secondsPerStep } from './speed.ts';
import { progressOf } from './store/run-rows.ts';

export interface TrainingsOptions {
  db: Database;
  tasks: Tasks;
  styles: Styles;
  /** The best first. */
  trainers: readonly StyleTrainer[];
}

export class Trainings {
  readonly #o: TrainingsOptions;

  constructor(options: TrainingsOptions) {
    this.#o = options;
  }

  async train(request: TrainingRequest): Promise<Training> {
    const trainer = this.#trainer(request.trainer);
    const { min, max } = trainer.images;
    const count = request.images.length;
    if (count < min || count > max)
      throw new StudioError('training_images', {
        data: { trainer: trainer.label, min, max, count },
        field: 'images',
      });
    refuseUnreadableCaptions(request);
    const params = trainingParams(trainer, request.params);
    await this.#o.styles.refuseTakenName(request.style_name, 'style_name');
    const { id } = await this.#o.tasks.train(request, trainer.id, params);
    return this.get(id);
  }

  async get(id: number): Promise<Training> {
    const row = await this.#o.db.read
      .selectFrom('tasks')
      .selectAll()
      .where('id', '=', id)
      .where('kind', '=', 'training')
      .executeTakeFirst();
    const [training] = row ? await this.#shaped([row]) : [];
    if (!training) throw new StudioError('task_not_found', { data: { id }, field: 'id' });
    return training;
  }

  async list({ limit, before }: { limit: number; before?: number }) {
    let query = this.#o.db.read.selectFrom('tasks').selectAll().where('kind', '=', 'training');
    if (before !== undefined) query = query.where('id', '<', before);
    const rows = await query
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute();
    const shown = rows.slice(0, limit);
    return {
      items: await this.#shaped(shown),
      nextBefore: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
    };
  }

  trainers(): Promise<Trainer[]> {
    return Promise.all(
      this.#o.trainers.map(async (trainer) => {
        const { id, label, description, families, images, params } = trainer;
        const [family = ''] = families;
        const missing = trainer.missing();
        const seconds_per_step = await secondsPerStep(this.#o.db.read, trainer);
        const available = missing.length === 0;
        return {
          id,
          label,
          description,
          family,
          families: [...families],
          images,
          params,
          available,
          missing,
          seconds_per_step,
        };
      }),
    );
  }

  async #shaped(rows: TaskRow[]): Promise<Training[]> {
    const { db } = this.#o;
    const ids = rows.map(({ id }) => id);
    const frames = await framesOfAll(db.read, ids);
    const progress = await progressOf(db.read, ids);
    const pictures = await picturesOf(
      db.read,
      rows.flatMap((row) => planOf(row).recipe.references),
    );
    return rows.map((row) =>
      toTraining({
        task: row,
        frames: frames.get(row.id) ?? [],
        run: progress.get(row.id),
        pictures,
        ...this.#trainerSays(row),
      }),
    );
  }

  #trainerSays(row: TaskRow): { family: string; steps: number } {
    const trainer = this.#o.trainers.find(({ id }) => id === row.family);
    const params = planOf(row).recipe.training?.params ?? {};
    // The trainer of an old run may no longer exist.
    if (!trainer) return { family: '', steps: Number(params.steps ?? 0) };
    return { family: trainer.familyOf(params), steps: trainer.stepsOf(params) };
  }

  #trainer(id: string | null | undefined): StyleTrainer {
    const { trainers } = this.#o;
    const found =
      id == null
        ? (trainers.find((each) => each.missing().length === 0) ?? trainers[0])
        : trainers.find((each) => each.id === id);
    if (!found) throw new StudioError('trainer_not_found', { data: { trainer: id ?? '' }, field: 'trainer' });
    return found;
  }
}

/** A client read them in another encoding than they were written in. */
function refuseUnreadableCaptions({ images }: TrainingRequest): void {
  const index = images.findIndex(({ caption }) => !isReadableText(caption));
  if (index < 0) return;
  const name = { en: `The caption of picture ${index + 1}`, zh: `第 ${index + 1} 张图片的说明` };
  throw new StudioError('caption_unreadable', { data: { name }, field: `images.${index}.caption` });
}
