/**
 * All engines of this process, and the one place where a request is given to one of them. Asked without a family, the
 * best available is taken; the answer says which and why.
 */
import {
  type Bilingual,
  type Choice,
  type EngineHealth,
  type Family,
  type FamilyOffer,
  type Missing,
  StudioError,
  type TaskKind,
} from '@limner/contract';
import { fallbackNote, namedNote, unnamedNote } from './choice-notes.ts';
import type { Engine, FrameRequest } from './engine.ts';

/** What a request must name for a choice; the seed comes later. */
export type Wish = Omit<FrameRequest, 'family' | 'seed' | 'width' | 'height'> & {
  /** null: the best there is. */
  family: string | null;
  width: number | null;
  height: number | null;
};

export interface Chosen {
  engine: Engine;
  family: Family;
  choice: Pick<Choice, 'family' | 'engine' | 'why' | 'note'>;
}

interface Candidate {
  engine: Engine;
  family: Family;
}

export class Engines {
  readonly #engines: Engine[];
  readonly #secondsPerFrame: (family: string) => Promise<number | null>;

  constructor(engines: Engine[], secondsPerFrame: (family: string) => Promise<number | null>) {
    this.#engines = [...engines].sort((a, b) => b.preference - a.preference);
    this.#secondsPerFrame = secondsPerFrame;
  }

  get ids(): string[] {
    return this.#engines.map((engine) => engine.id);
  }

  /**
   * @throws StudioError `family_not_found` for a name nobody knows, `unsupported` or `models_missing` when none can do it.
   */
  choose(wish: Wish): Chosen {
    const candidates = this.#candidates(wish.kind, wish.family);
    if (candidates.length === 0)
      throw new StudioError('family_not_found', { data: { family: wish.family }, field: 'family' });
    const able = candidates.filter((candidate) => canDo(candidate.family, wish));
    const refusals: Missing[][] = [];
    for (const { engine, family } of able) {
      const missing = engine.supports({ ...wish, family: family.id, seed: 0 });
      if (missing.length === 0) return { engine, family, choice: choiceOf(engine, family, wish, refusals) };
      refusals.push(missing);
    }
    throw refusal(candidates, able, refusals, wish);
  }

  /**
   * The engine to run a planned frame on now: the one chosen at creation while it can, another of the family otherwise.
   * Where nothing is missing but a server that is away, the engine is taken all the same: it waits for its servers.
   */
  forFrame(request: FrameRequest, preferred: string): Engine {
    const serving = this.#candidates(request.kind, request.family).map(({ engine }) => engine);
    const ordered = [
      ...serving.filter((engine) => engine.id === preferred),
      ...serving.filter((engine) => engine.id !== preferred),
    ];
    const obstacles = new Map(ordered.map((engine) => [engine, engine.supports(request)]));
    const able = ordered.find((engine) => obstacles.get(engine)?.length === 0);
    const waiting = ordered.find((engine) => obstacles.get(engine)?.every(({ what }) => what === 'server'));
    const engine = able ?? waiting;
    if (!engine) throw modelsMissing(this.labelOf(request.family), [...obstacles.values()].flat());
    return engine;
  }

  get(id: string): Engine | undefined {
    return this.#engines.find((engine) => engine.id === id);
  }

  /** What people call a family; its id where nobody knows it. */
  labelOf(family: string): Bilingual | string {
    const known = this.#engines.flatMap((engine) => engine.families()).find(({ id }) => id === family);
    return known?.label ?? family;
  }

  async offers(): Promise<FamilyOffer[]> {
    const byId = new Map<string, FamilyOffer>();
    for (const engine of this.#engines) {
      for (const family of engine.families()) {
        const missing = engine.missing(family.id);
        const entry = { engine: engine.id, available: missing.length === 0, missing };
        const known = byId.get(family.id);
        if (!known) {
          const seconds_per_frame = await this.#secondsPerFrame(family.id);
          byId.set(family.id, { ...family, available: entry.available, engines: [entry], seconds_per_frame });
          continue;
        }
        // The form of the first engine that can run it is the one to draw.
        const merged = {
          ...known,
          available: known.available || entry.available,
          engines: [...known.engines, entry],
        };
        byId.set(family.id, known.available || !entry.available ? merged : { ...merged, ...family });
      }
    }
    return [...byId.values()];
  }

  async health(): Promise<EngineHealth[]> {
    return (await Promise.all(this.#engines.map((engine) => engine.health()))).flat();
  }

  async close(): Promise<void> {
    await Promise.all(this.#engines.map((engine) => engine.close()));
  }

  #candidates(kind: TaskKind, family: string | null): Candidate[] {
    return this.#engines.flatMap((engine) =>
      engine
        .families()
        .filter((offered) => offered.kind === kind && (family === null || offered.id === family))
        .map((offered) => ({ engine, family: offered })),
    );
  }
}

/** Can this family do it at all, wherever it runs. */
function canDo(family: Family, wish: Wish): boolean {
  if (wish.type && !family.types.includes(wish.type)) return false;
  if (wish.controlnet && !family.controls.includes(wish.controlnet.type)) return false;
  if (wish.references.length > 0 && wish.references.length > family.references) return false;
  return true;
}

/** `refusals`: what better candidates lacked. */
function choiceOf(engine: Engine, family: Family, wish: Wish, refusals: Missing[][]): Chosen['choice'] {
  const base = { family: family.id, engine: engine.id };
  if (wish.family === null)
    return { ...base, why: 'best', note: unnamedNote(engine, family, refusals.length === 0) };
  if (refusals.length === 0) return { ...base, why: 'asked', note: namedNote(engine, family) };
  return { ...base, why: 'fallback', note: fallbackNote(engine, refusals[0]?.[0]) };
}

function refusal(candidates: Candidate[], able: Candidate[], refusals: Missing[][], wish: Wish): StudioError {
  if (able.length > 0) return cannotRun(able, refusals, wish);
  const family = candidates[0]?.family;
  const what = wish.controlnet ? `ControlNet ${wish.controlnet.type}` : (wish.type ?? wish.kind);
  const field = wish.controlnet ? 'controlnet' : 'type';
  const [known] = candidates.flatMap((each) =>
    each.engine.supports({ ...wish, family: each.family.id, seed: 0 }),
  );
  const reason = {
    en: [`it has no ${what}.`, known?.cure.en].filter(Boolean).join(' '),
    zh: `不支持 ${what}。${known?.cure.zh ?? ''}`,
  };
  return new StudioError('unsupported', {
    data: { family: family?.label ?? wish.family, reason, types: family?.types },
    field,
  });
}

/** An engine that is here and names what it lacks tells more than one that is not here. */
function cannotRun(able: Candidate[], refusals: Missing[][], wish: Wish): StudioError {
  const named = refusals.findIndex((missing) => missing.some(({ what }) => what !== 'server'));
  const at = Math.max(0, named);
  const field = wish.kind === 'remove_bg' || wish.kind === 'upscale' ? 'model' : 'family';
  return modelsMissing(able[at]?.family.label ?? wish.family ?? '', refusals[at] ?? [], field);
}

function modelsMissing(family: Bilingual | string, missing: Missing[], field = 'family'): StudioError {
  const server = missing.find((item) => item.server)?.server ?? family;
  return new StudioError('models_missing', {
    data: {
      server,
      missing: missing.map((item) => ({
        en: `${item.name}. ${item.cure.en}`,
        zh: `${item.name}。${item.cure.zh}`,
      })),
      items: missing,
    },
    field,
  });
}
