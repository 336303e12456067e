/** Grids: creates a task for every cell, keeps which, and shows them again. */
import {
  type Caller,
  cellRecipe,
  checkedValues,
  type Family,
  familyField,
  GRID_AXES,
  type Grid,
  type GridChoices,
  type GridListItem,
  type GridQuery,
  type GridRequest,
  gridPlaces,
  isRepeatedCell,
  type Language,
  onAxis,
  Recipe,
  type SheetQuery,
  StudioError,
  typedValues,
} from '@limner/contract';
import { firstIssue, reasonOf } from '@limner/contract/reasons';
import type { Database } from '../db/database.ts';
import type { Engines } from '../engines/engines.ts';

import type { Styles } from '../styles/styles.ts';
import type { NewTasks } from '../tasks/new-tasks.ts';
import { randomSeed } from '../tasks/plan.ts';
import { requestedRecipe } from '../tasks/requested-task.ts';
import { isCalled, readAxes } from './grid-axes.ts';
import { type GridPlan, toGrid, toListItem } from './grid-plan.ts';
import * as store from './grids-store.ts';
import type { Sheets } from './sheet/sheets.ts';

export interface GridsOptions {
  db: Database;
  engines: Engines;
  styles: Styles;
  newTasks: NewTasks;
  sheets: Sheets;
}

export class Grids {
  readonly #db: Database;
  readonly #engines: Engines;
  readonly #styles: Styles;
  readonly #newTasks: NewTasks;
  readonly #sheets: Sheets;

  constructor({ db, engines, styles, newTasks, sheets }: GridsOptions) {
    this.#db = db;
    this.#engines = engines;
    this.#styles = styles;
    this.#newTasks = newTasks;
    this.#sheets = sheets;
  }

  /** @throws StudioError `grid_axis`, `grid_too_large`, `queue_short`, and whatever refuses one of the tasks */
  async create(caller: Caller, { axes, recipe: sent, ...order }: GridRequest): Promise<Grid> {
    if (GRID_AXES.every((name) => !axes[name])) throw noAxes();
    const recipe = { ...sent, seed: sent.seed ?? randomSeed(Math.random) };
    const { filled, kept } = readAxes(recipe, axes, await this.#offered(caller, recipe, axes));
    const places = gridPlaces(filled).filter((place) => !isRepeatedCell(kept, place));
    const requested = places.map((place) =>
      requestedRecipe({ recipe: ofOneTask(cellRecipe(recipe, filled, place)), ...order }),
    );
    const plan: GridPlan = { recipe, batch_size: order.batch_size, axes: kept };
    const row = { plan: JSON.stringify(plan), cells: places.length, created_at: Date.now() };
    const { id } = await this.#newTasks.createAll(caller, requested, (trx, tasks) =>
      store.insertGrid(
        caller,
        trx,
        row,
        places,
        tasks.map(({ task }) => task.id),
      ),
    );
    return this.get(caller, id);
  }

  /** @throws StudioError `grid_not_found` */
  async get(caller: Caller, id: number): Promise<Grid> {
    const row = await store.findGrid(caller, this.#db.read, id);
    if (!row) throw notFound(id);
    const cells = await store.cellsOf(caller, this.#db.read, id);
    return toGrid(row, cells, await store.picturesOf(caller, this.#db.read, id));
  }

  /** @throws StudioError `grid_not_found`, `grid_sheet_too_large` */
  async sheet(
    caller: Caller,
    id: number,
    query: { cell: SheetQuery['cell']; language: Language },
  ): Promise<Buffer> {
    const grid = await this.get(caller, id);
    return this.#sheets.draw(grid, await store.picturesOf(caller, this.#db.read, id), query);
  }

  async list(caller: Caller, query: GridQuery): Promise<GridListItem[]> {
    return (await store.listGrids(caller, this.#db.read, query)).map(toListItem);
  }

  /** Leaves its tasks. @throws StudioError `grid_not_found` */
  async delete(caller: Caller, id: number): Promise<void> {
    if (!(await this.#db.write((trx) => store.deleteGrid(caller, trx, id)))) throw notFound(id);
  }

  /** The families that take part, and all there is to choose from. */
  async #offered(caller: Caller, recipe: Recipe, axes: GridRequest['axes']) {
    const offers = await this.#engines.offers();
    const styles = (await this.#styles.list(caller)).map(({ name }) => name);
    const choices: GridChoices = { families: offers, styles };
    const ids = familiesOnAxis(axes, recipe, offers) ?? [await this.#family(caller, recipe, axes)];
    const families = ids.map((id) => {
      const family = offers.find((offer) => offer.id === id && offer.kind === recipe.kind);
      if (!family)
        throw new StudioError('family_not_found', { data: { family: id }, field: 'recipe.family' });
      return family;
    });
    return { families, choices };
  }

  /** As `NewTasks` chooses it, by the style or by what there is. */
  async #family(caller: Caller, recipe: Recipe, axes: GridRequest['axes']): Promise<string> {
    if (recipe.family !== null) return recipe.family;
    const style =
      recipe.style && (await this.#styles.find(caller, recipe.style, 'recipe.style', this.#db.read));
    const own = style && this.#engines.firstAble(style.families, recipe);
    if (own) return own;
    return this.#engines.choose({ ...recipe, prompt: recipe.prompt || firstPrompt(axes) }).family.id;
  }
}

const notFound = (id: number) => new StudioError('grid_not_found', { data: { id }, field: 'id' });

const noAxes = () =>
  new StudioError('invalid_request', {
    field: 'axes',
    data: { reason: { en: 'must have an axis x, y or z', zh: '必须有 x、y 或 z 轴' } },
  });

/** null: no axis names families. */
function familiesOnAxis(axes: GridRequest['axes'], recipe: Recipe, offers: Family[]): string[] | null {
  const name = GRID_AXES.find((axis) => isCalled({ field: 'family' }, axes[axis]?.field ?? ''));
  if (!name) return null;
  const field = familyField(recipe, offers);
  try {
    return checkedValues(field, typedValues(field, axes[name]?.values ?? [])).map(String);
  } catch (error) {
    throw onAxis(name, error);
  }
}

function firstPrompt(axes: GridRequest['axes']): string {
  const axis = GRID_AXES.map((name) => axes[name]).find(
    (one) => one && isCalled({ field: 'prompt' }, one.field),
  );
  return axis ? String(typedValues({ type: 'lines' }, axis.values)[0] ?? '') : '';
}

/** A value may make a recipe that no task accepts. @throws StudioError `invalid_request` */
function ofOneTask(recipe: Recipe) {
  const result = Recipe.safeParse(recipe, { reportInput: true });
  if (result.success && result.data.kind !== 'training') return { ...result.data, kind: result.data.kind };
  const issue = firstIssue(result.error?.issues ?? []);
  const field = ['recipe', ...issue.path].join('.');
  throw new StudioError('invalid_request', { field, data: { reason: reasonOf(issue) } });
}
