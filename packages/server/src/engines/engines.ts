/**
 * All engines of this process. Chooses the engine for a recipe; if no family is named, the best available one. The
 * answer says which and why.
 */
import {
  type Bilingual,
  type Choice,
  type EngineHealth,
  type Family,
  type FamilyOffer,
  type FrameRecipe,
  isPermissive,
  type Missing,
  type Recipe,
  StudioError,
  type TaskKind,
} from '@limner/contract';
import { toStudioError } from '../error.ts';
import { builtInHealth } from './built-in-health.ts';
import { fallbackNote, namedNote, unnamedNote } from './choice-notes.ts';
import type { Engine, Lane } from './engine.ts';
import { canDo, otherKind, unfit } from './fit.ts';
import { modelChoices, offersModel, preferringModel, type Serving, withModels } from './model-choices.ts';
import { modelsMissing } from './models-missing.ts';
import { familyNotFound } from './unknown-family.ts';

/** Seconds that pictures of a family took. */
export interface MeasuredFamily extends NonNullable<FamilyOffer['measured']> {
  median: number;
}

export interface Chosen {
  engine: Engine;
  family: Family;
  choice: Pick<Choice, 'family' | 'engine' | 'why' | 'note'>;
}

export class Engines {
  readonly #engines: Engine[];
  readonly #measuredOf: (family: Family) => Promise<MeasuredFamily | null>;

  /** @param measuredOf seconds that pictures of a family took; null: none was measured */
  constructor(engines: Engine[], measuredOf: (family: Family) => Promise<MeasuredFamily | null>) {
    this.#engines = [...engines].sort((a, b) => b.preference - a.preference);
    this.#measuredOf = measuredOf;
  }

  /** Every lane that tasks can be put into. */
  get lanes(): Lane[] {
    return this.#engines.flatMap((engine) => engine.lanes);
  }

  byLane(): { engine: Engine; lane: Lane }[] {
    return this.#engines.flatMap((engine) => engine.lanes.map((lane) => ({ engine, lane })));
  }

  /** Tasks of a lane at once; `installed` is the limit for lanes without their own. Without a limit no slot stays empty. */
  maxTasks(lane: string, installed: number | null): number {
    const engine = this.#ofLane(lane);
    const own = engine?.lanes.find(({ id }) => id === lane)?.maxTasks;
    return own ?? installed ?? Math.max(TASKS_AT_ONCE, engine?.slots() ?? 0);
  }

  /**
   * @param isNamed the caller named the family of the recipe; false: a style or the route did
   * @throws StudioError `family_not_found` for an unknown name, `unsupported` or `models_missing` when none can do it.
   */
  choose(recipe: Recipe, isNamed = recipe.family !== null): Chosen {
    const candidates = this.#candidates(recipe.kind, recipe.family);
    if (candidates.length === 0) throw this.#noFamily(recipe);
    const able = preferringModel(
      freerFirst(candidates.filter((candidate) => canDo(candidate.family, recipe))),
      recipe.params.model,
    );
    const refusals: Missing[][] = [];
    /** Can do it once its server is back. */
    let later: Chosen | null = null;
    for (const { engine, family } of able) {
      const missing = obstacles(engine, family, recipe);
      if (missing.length > 0) {
        refusals.push(missing);
        continue;
      }
      const other = recipe.family === null ? restrictedOther({ engine, family }, able, recipe) : undefined;
      const chosen = {
        engine,
        family,
        choice: choiceOf({ engine, family }, recipe, { isNamed, refusals, other }),
      };
      // Another engine that serves the family that was named would not keep its user waiting.
      const away = recipe.family === null ? [] : familyMissing(engine, family);
      if (away.length === 0) return chosen;
      later ??= chosen;
      refusals.push(away);
    }
    if (later) return later;
    if (able.length > 0) throw cannotRun(able, refusals, recipe);
    throw this.#unfit(candidates, recipe);
  }

  #noFamily({ family: id, kind }: Recipe): StudioError {
    const other = id === null ? undefined : this.family(id);
    return other ? otherKind(other, kind) : familyNotFound(id ?? '', 'family');
  }

  #unfit(candidates: Serving[], recipe: Recipe): StudioError {
    const others = new Set(this.#candidates(recipe.kind, null).map(({ family }) => family));
    const cure = () => candidates.flatMap(({ engine, family }) => obstacles(engine, family, recipe))[0]?.cure;
    return unfit(candidates[0]?.family, [...others], recipe, cure);
  }

  /** What the engine that lacks least does not have for this recipe; empty: one has everything, or refuses it anyway. */
  missing(recipe: Recipe): Missing[] {
    const able = this.#candidates(recipe.kind, recipe.family).filter(({ family }) => canDo(family, recipe));
    const lacked = able.map(({ engine, family }) => missingOf(engine, family, recipe));
    return lacked.toSorted((a, b) => a.length - b.length)[0] ?? [];
  }

  /** The first of these families that can run this now, or else the first that could; null: none is made for it. */
  firstAble(families: readonly string[], recipe: Recipe): string | null {
    const fits = families.filter((family) =>
      this.#candidates(recipe.kind, family).some((each) => canDo(each.family, { ...recipe, family })),
    );
    const able = fits.find((family) => this.missing({ ...recipe, family }).length === 0);
    return able ?? fits[0] ?? null;
  }

  /**
   * The engine to run a planned frame on now: the one chosen at creation while it can, another of the family otherwise.
   * If only a server is unreachable, the engine is still chosen: it waits for its servers.
   */
  forFrame(recipe: FrameRecipe, preferred: string): Engine {
    const serving = this.#candidates(recipe.kind, recipe.family).map(({ engine }) => engine);
    const ordered = [
      ...serving.filter((engine) => engine.id === preferred),
      ...serving.filter((engine) => engine.id !== preferred),
    ];
    const obstacles = new Map(ordered.map((engine) => [engine, engine.supports(recipe)]));
    const able = ordered.find((engine) => obstacles.get(engine)?.length === 0);
    const waiting = ordered.find((engine) => obstacles.get(engine)?.every(({ what }) => what === 'server'));
    const engine = able ?? waiting;
    if (!engine)
      throw modelsMissing(this.labelOf(recipe.family), [...obstacles.values()].flat(), { field: 'family' });
    return engine;
  }

  /** Stops what an engine of this lane left running. */
  abandon(lane: string, ticket: string): void {
    this.#ofLane(lane)?.abandon?.(ticket);
  }

  /** Reads the engines' files and nodes again; some may have been added. */
  async refresh(): Promise<void> {
    await Promise.all(this.#engines.map((engine) => engine.refresh?.()));
  }

  /** Names of the LoRAs that some engine can apply. */
  loras(): string[] {
    return [...new Set(this.#engines.flatMap((engine) => engine.loras?.() ?? []))];
  }

  get(id: string): Engine | undefined {
    return this.#engines.find((engine) => engine.id === id);
  }

  family(id: string): Family | undefined {
    return this.#engines.flatMap((engine) => engine.families()).find((family) => family.id === id);
  }

  /** The label of a family; its id if it is unknown. */
  labelOf(family: string): Bilingual | string {
    return this.family(family)?.label ?? family;
  }

  async offers(): Promise<FamilyOffer[]> {
    const byId = new Map<string, Serving[]>();
    for (const engine of this.#engines)
      for (const family of engine.families())
        byId.set(family.id, [...(byId.get(family.id) ?? []), { engine, family }]);
    return Promise.all([...byId].map(([id, serving]) => this.#offer(id, serving)));
  }

  async #offer(id: string, serving: Serving[]): Promise<FamilyOffer> {
    const engines = serving.map(({ engine, family }) => engineEntry(engine, family));
    const able = engines.findIndex(({ available }) => available);
    // The form of the first engine that can run it is the one to draw.
    const [first] = able === -1 ? serving : serving.slice(able);
    if (!first) throw new Error(`no engine serves ${id}`);
    const { family } = first;
    const params =
      serving.length > 1
        ? withModels(family.params, modelChoices(serving, family.licence, lacking))
        : family.params;
    return { ...family, params, available: able !== -1, engines, ...(await this.#times(family)) };
  }

  async #times(family: Family): Promise<Pick<FamilyOffer, 'seconds_per_frame' | 'measured'>> {
    const measured = await this.#measuredOf(family);
    if (!measured) return { seconds_per_frame: null, measured: null };
    const { median, low, high, work, servers } = measured;
    return { seconds_per_frame: median, measured: { low, high, work, servers } };
  }

  async health(): Promise<EngineHealth[]> {
    const health = this.#engines.map((engine) =>
      engine.health().catch((error: unknown) => [brokenHealth(engine, error)]),
    );
    return (await Promise.all(health)).flat();
  }

  async close(): Promise<void> {
    await Promise.all(this.#engines.map((engine) => engine.close()));
  }

  #ofLane(lane: string): Engine | undefined {
    return this.#engines.find(({ lanes }) => lanes.some(({ id }) => id === lane));
  }

  #candidates(kind: TaskKind, family: string | null): Serving[] {
    return this.#engines.flatMap((engine) =>
      engine
        .families()
        .filter(
          (offered) =>
            offered.kind === kind &&
            (family === null
              ? !(offered.only_named || offered.layered || offered.repaints)
              : offered.id === family),
        )
        .map((offered) => ({ engine, family: offered })),
    );
  }
}

function engineEntry(engine: Engine, family: Family): FamilyOffer['engines'][number] {
  const missing = familyMissing(engine, family);
  return {
    engine: engine.id,
    label: family.label,
    available: missing.length === 0,
    missing,
    lane: laneOf(engine, family.kind),
    at_once: Math.max(1, engine.slots()),
  };
}

/** Of a lane without a limit whose engine has fewer slots. */
const TASKS_AT_ONCE = 3;

/** The recipe of a frame with this family. */
const framed = (recipe: Recipe, { id }: Family): FrameRecipe => ({
  ...recipe,
  family: id,
  seed: recipe.seed ?? 0,
});

/**
 * What the engine lacks for this recipe. A family that refuses the recipe is skipped, but if the request named the family,
 * its refusal is thrown.
 */
function obstacles(engine: Engine, family: Family, recipe: Recipe): Missing[] {
  return recipe.family === null ? lacking(engine, family, recipe) : engine.supports(framed(recipe, family));
}

/** A family that throws lacks what its error says. */
function lacking(engine: Engine, family: Family, recipe: Recipe): Missing[] {
  try {
    return engine.supports(framed(recipe, family));
  } catch (error) {
    return [failed(family.label, error)];
  }
}

/** A refusal is about the recipe, not about what is missing. */
function missingOf(engine: Engine, family: Family, recipe: Recipe): Missing[] {
  try {
    return engine.supports(framed(recipe, family));
  } catch (error) {
    if (error instanceof StudioError) return [];
    throw error;
  }
}

function familyMissing(engine: Engine, family: Family): Missing[] {
  try {
    return engine.missing(family.id);
  } catch (error) {
    return [failed(family.label, error)];
  }
}

function failed(label: Bilingual, error: unknown): Missing {
  const reason = toStudioError(error);
  const { message: en } = reason.body('en');
  const { message: zh } = reason.body('zh');
  return { what: 'package', name: label.en, cure: { en, zh } };
}

function brokenHealth({ id, label }: Engine, error: unknown): EngineHealth {
  const missing = failed(label, error);
  return builtInHealth({
    ...{ id, label, status: 'unreachable', running: 0 },
    ...{ families: [], missing: [missing], note: missing.cure },
  });
}

export function laneOf({ id, lanes }: Pick<Engine, 'id' | 'lanes'>, kind: TaskKind): string {
  const lane = lanes.find(({ kinds }) => kinds.includes(kind));
  if (!lane) throw new Error(`engine ${id} has no lane for ${kind}`);
  return lane.id;
}

/** Of one engine, the families that may be used for anything come first; otherwise the order stays. */
function freerFirst(candidates: Serving[]): Serving[] {
  const engines = [...new Set(candidates.map(({ engine }) => engine))];
  return engines.flatMap((engine) => {
    const own = candidates.filter((candidate) => candidate.engine === engine);
    const isFree = ({ family }: Serving) => family.licence === undefined || isPermissive(family.licence);
    return [...own.filter(isFree), ...own.filter((candidate) => !isFree(candidate))];
  });
}

/** Another family of the engine that could do it as well, but whose licence has conditions. */
function restrictedOther({ engine, family }: Serving, able: Serving[], recipe: Recipe): Family | undefined {
  if (!isPermissive(family.licence)) return undefined;
  return able.find(
    (other) =>
      other.engine === engine &&
      other.family.licence !== undefined &&
      !isPermissive(other.family.licence) &&
      lacking(engine, other.family, recipe).length === 0,
  )?.family;
}

/** `refusals`: what better candidates lack. `other`: of conditions, for `unnamedNote`. */
function choiceOf(
  { engine, family }: Serving,
  recipe: Recipe,
  { isNamed, refusals, other }: { isNamed: boolean; refusals: Missing[][]; other: Family | undefined },
): Chosen['choice'] {
  const base = { family: family.id, engine: engine.id };
  const isFirst = refusals.length === 0;
  if (recipe.family === null || (isFirst && !isNamed))
    return { ...base, why: 'best', note: unnamedNote(engine, family, isFirst, other) };
  if (isFirst) return { ...base, why: 'asked', note: namedNote(engine, family) };
  return { ...base, why: 'fallback', note: fallbackNote(engine, refusals[0]?.[0]) };
}

/**
 * Prefers the refusal of the engine that offers the requested model. Otherwise a reachable engine that lists what it lacks
 * is more helpful than an unreachable one.
 */
function cannotRun(able: Serving[], refusals: Missing[][], recipe: Recipe): StudioError {
  const named = able.some(({ family }) => offersModel(family, recipe.params.model))
    ? 0
    : refusals.findIndex((missing) => missing.some(({ what }) => what !== 'server'));
  const at = Math.max(0, named);
  const field = recipe.kind === 'remove_bg' || recipe.kind === 'upscale' ? 'params.model' : 'family';
  const missing = refusals[at] ?? [];
  const isAway = recipe.family === null && missing.every(({ what, server }) => what === 'server' && server);
  return modelsMissing(able[at]?.family.label ?? recipe.family ?? '', missing, {
    field,
    ...(isAway ? { lead: ONLY_ON_SERVERS } : {}),
  });
}

/** Before the sentence about a server that is away: its reader asked for a picture, not for a server. */
const ONLY_ON_SERVERS: Bilingual = {
  en: 'Only a ComfyUI server can do this here.',
  zh: '此处只有 ComfyUI 服务器能完成此操作。',
};
