/** Creation of tasks, one transaction each. */
import {
  type Caller,
  extendedSize,
  imagesOf,
  type Missing,
  type Recipe,
  recipeStyleOf,
  type Size,
  StudioError,
  type Task,
} from '@limner/contract';
import { SYSTEM } from '../access.ts';
import type { Database, Writer } from '../db/database.ts';
import type { Dispatch } from '../dispatch/dispatch.ts';
import { type Chosen, type Engines, laneOf } from '../engines/engines.ts';
import {
  drawnWords,
  hasWords,
  lorasOfAll,
  notesOfAll,
  searchedText,
  withNegative,
} from '../prompts/drawn-words.ts';
import type { Library } from '../prompts/library.ts';
import type { Wildcards } from '../prompts/wildcards.ts';
import type { Search } from '../search/search.ts';
import type { TaskNews } from './news.ts';
import { frameSeeds, planFrom, withWords } from './plan.ts';
import type { RequestedTask } from './requested-task.ts';
import { type PictureLookup, resolveRecipe, type StyleLookup } from './resolve-recipe.ts';
import { countActive } from './store/task-list.ts';
import * as store from './store/task-rows.ts';
import { toTask } from './to-task.ts';

export interface NewTasksOptions {
  db: Database;
  search: Search;
  dispatch: Pick<Dispatch, 'offer'>;
  news: TaskNews;
  engines: Engines;
  styles: StyleLookup;
  pictures: PictureLookup;
  wildcards: Pick<Wildcards, 'libraries'>;
  maxQueuedTasks: number;
}

type LibraryOf = ReturnType<Wildcards['libraries']>;

export class NewTasks {
  readonly #db: Database;
  readonly #search: Search;
  readonly #dispatch: Pick<Dispatch, 'offer'>;
  readonly #news: TaskNews;
  readonly #engines: Engines;
  readonly #styles: StyleLookup;
  readonly #pictures: PictureLookup;
  readonly #wildcards: Pick<Wildcards, 'libraries'>;
  readonly #maxQueuedTasks: number;
  #waiting = { count: 0, untilMs: 0 };

  constructor(options: NewTasksOptions) {
    this.#db = options.db;
    this.#search = options.search;
    this.#dispatch = options.dispatch;
    this.#news = options.news;
    this.#engines = options.engines;
    this.#styles = options.styles;
    this.#pictures = options.pictures;
    this.#wildcards = options.wildcards;
    this.#maxQueuedTasks = options.maxQueuedTasks;
  }

  /** Chooses the engine, makes the plan, writes the rows and wakes the workers. `alongside` as for `createAll`. */
  async create(
    caller: Caller,
    requested: RequestedTask,
    alongside?: (trx: Writer, task: number) => Promise<void>,
  ): Promise<Task> {
    const created = await this.createAll(caller, [requested], async (trx, [task]) => {
      const made = task as store.TaskWithFrames;
      await alongside?.(trx, made.task.id);
      return made;
    });
    return toTask(created, this.#news.beyondRows);
  }

  /**
   * All tasks or none. `alongside` writes what belongs to them in the same transaction, and returns the result; it may
   * run twice.
   */
  async createAll<T>(
    caller: Caller,
    requested: RequestedTask[],
    alongside: (trx: Writer, tasks: store.TaskWithFrames[]) => Promise<T>,
  ): Promise<T> {
    await this.#refuseBeyondLimit(requested.length);
    const libraries = await this.#libraries(requested);
    const insert = () =>
      this.#db.write(async (trx) => {
        const tasks: store.TaskWithFrames[] = [];
        for (const [index, each] of requested.entries())
          tasks.push(await this.#insert(caller, trx, each, libraries[index] as Library));
        return { tasks, result: await alongside(trx, tasks) };
      });
    const { tasks, result } = await insert().catch(async (error: unknown) => {
      if (!(error instanceof StudioError) || error.code !== 'models_missing') throw error;
      // A missing file may have been added since the engines read their files.
      await this.#engines.refresh();
      return insert();
    });
    this.#waiting.count += tasks.length;
    for (const { task } of tasks) await this.#news.changed(task.id);
    this.#dispatch.offer(tasks.map(({ task }) => task));
    return result;
  }

  /** What no engine has for the recipe; empty: it can be made a task. */
  async missing(caller: Caller, sent: Recipe): Promise<Missing[]> {
    const found = sent.style && (await this.#styles.find(caller, sent.style, 'style', this.#db.read));
    const recipe = { ...sent, style: found && recipeStyleOf(found, sent.style ?? {}) };
    if (this.#engines.missing(recipe).length === 0) return [];
    await this.#engines.refresh();
    return this.#engines.missing(recipe);
  }

  /**
   * What the prompts of each draw from, read before the transaction, which lets no other write wait for files.
   * @throws StudioError with the request's name of the field
   */
  async #libraries(requested: readonly RequestedTask[]): Promise<Library[]> {
    const libraryOf = this.#wildcards.libraries();
    const known = new Map<string, Library>();
    const libraries: Library[] = [];
    for (const { recipe, fieldOf } of requested) {
      const key = JSON.stringify(hasWords(recipe) && [recipe.prompt, recipe.negative_prompt]);
      const library = known.get(key) ?? (await libraryFor(recipe, libraryOf).catch(inFieldsOf(fieldOf)));
      known.set(key, library);
      libraries.push(library);
    }
    return libraries;
  }

  async #insert(
    caller: Caller,
    trx: Writer,
    requested: RequestedTask,
    library: Library,
  ): Promise<store.TaskWithFrames> {
    const { order, fieldOf } = requested;
    const { priority, source_task_id = null } = order;
    if (source_task_id !== null) await refuseUnknownSource(caller, trx, source_task_id);
    const { plan, lane, seeds, words } = await this.#plan(caller, trx, requested, library).catch(
      inFieldsOf(fieldOf),
    );
    const { kind, prompt, style, input_image, references } = plan.recipe;
    const [firstFrame = null] = kind === 'animation' ? references : [];
    const made = prompt === '' ? (input_image ?? firstFrame) : null;
    const source = made && (await this.#pictures.resolve(caller, made, 'input_image', trx));
    const planned = {
      kind,
      lane,
      priority,
      family: plan.choice.family,
      prompt,
      source_name: source ? source.name : '',
      search_text: this.#search.textOf(searchedText(prompt, words)),
      style_id: style?.id ?? null,
      source_task_id,
      plan: JSON.stringify(caller.request ? { ...plan, origin: caller.request } : plan),
      total_frames: seeds.length,
      created_at: Date.now(),
    };
    return store.insertTask(caller, trx, planned, seeds, imagesOf(plan.recipe), words);
  }

  async #plan(caller: Caller, trx: Writer, requested: RequestedTask, library: Library) {
    const { batch_size = 1 } = requested.order;
    const isWordless = (recipe: Recipe) => requested.isWordless === true || this.#paintsWordless(recipe);
    const recipe = await resolveRecipe(caller, requested.recipe, trx, {
      styles: this.#styles,
      pictures: this.#pictures,
      labelOf: (family) => this.#engines.labelOf(family),
      firstAble: (families, recipe) => this.#engines.firstAble(families, recipe),
      isWordless,
    });
    const input = await this.#paintedOver(caller, trx, recipe);
    const isNamed = requested.recipe.family !== null && requested.isFamilyImplied !== true;
    const first = this.#engines.choose(recipe, isNamed);
    const seeds = frameSeeds(recipe.seed, batch_size, first.family, Math.random);
    const options = { library, listed: this.#engines.loras(), isWordless: isWordless(recipe) };
    const drawn = seeds.map((seed) => drawnWords(recipe, seed, options));
    const loras = lorasOfAll(recipe, drawn);
    const chosen = loras.length > recipe.loras.length ? this.#withLoras(recipe, loras, isNamed) : first;
    const plan = planFrom(recipe, chosen, input);
    return {
      plan: withWords(plan, chosen.family, loras, notesOfAll(drawn)),
      lane: laneOf(chosen.engine, recipe.kind),
      seeds,
      words: drawn.map(({ words }) => words && withNegative(words, recipe, plan.recipe)),
    };
  }

  /** It takes pictures apart into layers, or is a workflow without a prompt. */
  #paintsWordless({ family: id, type }: Recipe): boolean {
    const family = id === null ? undefined : this.#engines.family(id);
    return family?.takes_prompt === false || (type === 'img2img' && family?.layered === true);
  }

  /** What the tags of a prompt name decides like the recipe's own LoRAs. */
  #withLoras(recipe: Recipe, loras: Recipe['loras'], isNamed: boolean): Chosen {
    const chosen = this.#engines.choose({ ...recipe, loras }, isNamed);
    frameSeeds(recipe.seed, 0, chosen.family, Math.random);
    return chosen;
  }

  /** The picture that a generation or a video begins with. */
  async #paintedOver(
    caller: Caller,
    trx: Writer,
    { kind, input_image, outpaint }: Recipe,
  ): Promise<Size | null> {
    if ((kind !== 'generation' && kind !== 'video') || input_image === null) return null;
    return extendedSize(await this.#pictures.resolve(caller, input_image, 'input_image', trx), outpaint);
  }

  /**
   * Accepts by a count of the last second: the limit protects disk and memory and need not be exact. Refuses by a count
   * of this moment: tasks that ended or were cancelled meanwhile leave room.
   */
  async #refuseBeyondLimit(tasks: number): Promise<void> {
    const limit = this.#maxQueuedTasks;
    if (this.#waiting.untilMs < Date.now() || this.#waiting.count + tasks > limit) {
      this.#waiting = {
        count: (await countActive(SYSTEM, this.#db.read)).queued,
        untilMs: Date.now() + 1000,
      };
    }
    const { count } = this.#waiting;
    if (count >= limit) throw new StudioError('queue_full', { data: { count } });
    if (count + tasks > limit) throw new StudioError('queue_short', { data: { tasks, count, limit } });
  }
}

async function libraryFor(recipe: Recipe, libraryOf: LibraryOf): Promise<Library> {
  const { prompt, negative_prompt } = recipe;
  if (!hasWords(recipe)) return libraryOf([]);
  await libraryOf([prompt]).catch(inField('prompt'));
  return libraryOf([prompt, negative_prompt]).catch(inField('negative_prompt'));
}

async function refuseUnknownSource(caller: Caller, trx: Writer, id: number): Promise<void> {
  const [row] = (await store.taskRow(caller, trx, { id })).rows;
  if (!row) throw new StudioError('task_not_found', { data: { id }, field: 'source_task_id' });
}

const inField = (field: string) => (error: unknown) => {
  throw error instanceof StudioError ? error.inField(field) : error;
};

/** The same refusal with the request's name of the field. */
const inFieldsOf = (fieldOf: (field: string) => string) => (error: unknown) => {
  if (!(error instanceof StudioError) || error.field === undefined) throw error;
  throw error.inField(fieldOf(error.field));
};
