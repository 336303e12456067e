/** Presets: named settings of the form, shared by all users of this Limner. */
import {
  type Caller,
  type Preset,
  type PresetCreate,
  PresetSettings,
  type PresetUpdate,
  readRecipe,
  StudioError,
  UNTOUCHED_SETTINGS,
} from '@limner/contract';
import { SYSTEM } from '../access.ts';
import type { Bus } from '../bus/bus.ts';
import type { Database, Reader, Writer } from '../db/database.ts';
import { parsed } from '../db/parsed.ts';
import type { PresetRow } from '../db/schema.ts';
import { UniqueViolation } from '../db/unique-violation.ts';
import { deletePreset, insertPreset, listPresets, presetNamed, updatePreset } from './presets-store.ts';

export class Presets {
  readonly #db: Database;
  readonly #bus: Pick<Bus, 'publish'>;

  constructor(db: Database, bus: Pick<Bus, 'publish'>) {
    this.#db = db;
    this.#bus = bus;
  }

  async list(caller: Caller): Promise<Preset[]> {
    return (await listPresets(caller, this.#db.read)).map(toPreset);
  }

  create(caller: Caller, { name, settings }: PresetCreate): Promise<Preset> {
    return this.#named(name, async (trx) => {
      await refuseTakenName(trx, name, null);
      const now = Date.now();
      const row = { name, settings: JSON.stringify(settings), created_at: now, updated_at: now };
      return toPreset(await insertPreset(caller, trx, row));
    });
  }

  update(caller: Caller, id: number, { name, settings }: PresetUpdate): Promise<Preset> {
    return this.#named(name, async (trx) => {
      if (name !== undefined) await refuseTakenName(trx, name, id);
      const row = await updatePreset(caller, trx, id, {
        ...(name === undefined ? {} : { name }),
        ...(settings === undefined ? {} : { settings: JSON.stringify(settings) }),
        updated_at: Date.now(),
      });
      if (!row) throw notFound(id);
      return toPreset(row);
    });
  }

  delete(caller: Caller, id: number): Promise<void> {
    return this.#change(async (trx) => {
      if (!(await deletePreset(caller, trx, id))) throw notFound(id);
    });
  }

  /** Two requests may take a name at once; the database refuses the second. */
  async #named(name: string | undefined, work: (trx: Writer) => Promise<Preset>): Promise<Preset> {
    try {
      return await this.#change(work);
    } catch (error) {
      if (!(error instanceof UniqueViolation) || name === undefined) throw error;
      await refuseTakenName(this.#db.read, name, null);
      throw error;
    }
  }

  /** One transaction, then the event. */
  async #change<T>(work: (trx: Writer) => Promise<T>): Promise<T> {
    const result = await this.#db.write(work);
    this.#bus.publish({ type: 'changed', list: 'presets' });
    return result;
  }
}

const notFound = (id: number) => new StudioError('preset_not_found', { data: { id }, field: 'id' });

/** Names are unique over all callers. */
async function refuseTakenName(db: Reader, name: string, except: number | null): Promise<void> {
  const row = await presetNamed(SYSTEM, db, name);
  // The client may want to replace the existing preset.
  if (row && row.id !== except)
    throw new StudioError('preset_name_taken', { data: { name, id: row.id }, field: 'name' });
}

function toPreset(row: PresetRow): Preset {
  const settings = readSettings(row.settings);
  return {
    id: row.id,
    name: row.name,
    settings: settings ?? UNTOUCHED_SETTINGS,
    problem: settings ? null : new StudioError('preset_damaged', { data: { name: row.name } }).body(),
    created_at: new Date(row.created_at).toISOString(),
    updated_at: new Date(row.updated_at).toISOString(),
  };
}

/** Adds defaults for fields that are newer than the stored preset, and reads recipes of every version. Null: damaged. */
function readSettings(text: string): PresetSettings | null {
  const stored = parsed<PresetSettings>(text);
  const kept = stored && { ...stored, recipe: readRecipe(stored.recipe) };
  return PresetSettings.safeParse(kept).data ?? null;
}
