/** Styles: words put before a prompt and, where trained, a LoRA. The base style always exists and never changes. */
import {
  BASE_STYLE_NAME,
  type Caller,
  type RecipeStyle,
  StudioError,
  type Style,
  type StyleCreate,
  type StyleUpdate,
} from '@limner/contract';
import type { z } from 'zod';
import { refuseStranger, SYSTEM } from '../access.ts';
import type { Bus } from '../bus/bus.ts';
import type { Database, Reader, Writer } from '../db/database.ts';
import type { StyleRow } from '../db/schema.ts';
import { UniqueViolation } from '../db/unique-violation.ts';
import { familiesOf } from '../loras/families-of.ts';
import { checkpointsOfStyle } from '../outputs/checkpoints-store.ts';
import type { Blobs } from '../storage/blobs.ts';
import { readerOfStyle } from '../tasks/store/readers.ts';
import { rememberFiles } from '../tasks/store/removal.ts';
import { emptyTrash } from '../tasks/store/trash.ts';
import {
  deleteStyle,
  findStyle,
  hasBaseStyle,
  insertStyle,
  insertStyleUnlessTaken,
  listStyles,
  styleNamed,
  styleOfFile,
  styleToChange,
  updateStyle,
} from './styles-store.ts';

export type NewStyle = z.output<typeof StyleCreate>;
export type StyleChange = z.output<typeof StyleUpdate>;

export class Styles {
  readonly #db: Database;
  readonly #blobs: Blobs;
  readonly #bus: Pick<Bus, 'publish'>;

  constructor(db: Database, blobs: Blobs, bus: Pick<Bus, 'publish'>) {
    this.#db = db;
    this.#blobs = blobs;
    this.#bus = bus;
  }

  /** The base style first, then in the order they were made. */
  async list(caller: Caller): Promise<Style[]> {
    return (await listStyles(caller, this.#db.read)).map(toStyle);
  }

  get(caller: Caller, id: number): Promise<Style> {
    return readStyle(caller, this.#db.read, id);
  }

  /** As `StyleLookup` says. */
  async find(
    caller: Caller,
    { id, name, step }: Pick<RecipeStyle, 'id' | 'name' | 'step'>,
    field: string,
    db: Reader,
  ): Promise<Style> {
    const row =
      (id === null ? undefined : await findStyle(caller, db, id)) ?? (await styleNamed(caller, db, name));
    if (!row) throw new StudioError('style_not_found', { data: { id: id ?? name }, field });
    return toStyle(step ? { ...row, lora_path: await fileOfStep(db, row, { step, field }) } : row);
  }

  create(caller: Caller, style: NewStyle): Promise<Style> {
    return this.#named(style.name, async (trx) => {
      await refuseTakenName(trx, style.name, null);
      return toStyle(await insertStyle(caller, trx, { ...style, is_trained: 0, created_at: Date.now() }));
    });
  }

  /** With a number where its name is taken. The file at `loraPath` must be whole. */
  createOfLora(caller: Caller, style: TrainedStyle): Promise<Style> {
    refuseStranger(caller);
    return this.#change(async (trx) => {
      const id = await insertTrainedStyle(trx, style, false);
      const row = await findStyle(caller, trx, id);
      if (!row) throw new Error('a style is not visible to the caller who made it');
      return toStyle(row);
    });
  }

  update(caller: Caller, id: number, change: StyleChange): Promise<Style> {
    return this.#named(change.name ?? '', async (trx) => {
      const row = await changeable(caller, trx, id);
      if (change.name !== undefined) await refuseTakenName(trx, change.name, id);
      const next = { ...row, ...defined(change) };
      // With another LoRA it is no longer a style trained here.
      if (row.family && next.lora_path !== row.lora_path) {
        await discardFiles(trx, row);
        Object.assign(next, { family: null, is_trained: 0 });
      }
      const { id: _, created_at: __, ...values } = next;
      await updateStyle(trx, id, values);
      return toStyle(next);
    });
  }

  /** Also deletes its LoRA file. @throws StudioError `style_in_use` */
  async delete(caller: Caller, id: number): Promise<void> {
    await this.#change(async (trx) => {
      await discardFiles(trx, await changeable(caller, trx, id));
      await deleteStyle(trx, id);
    });
    await emptyTrash(this.#db, this.#blobs);
  }

  /** One transaction, then the event. */
  async #change<T>(work: (trx: Writer) => Promise<T>): Promise<T> {
    const result = await this.#db.write(work);
    this.#bus.publish({ type: 'changed', list: 'styles' });
    return result;
  }

  /** Two requests may take a name at once; the database refuses the second. */
  async #named(name: string, work: (trx: Writer) => Promise<Style>): Promise<Style> {
    try {
      return await this.#change(work);
    } catch (error) {
      if (error instanceof UniqueViolation) throw nameTaken(name, 'name', error);
      throw error;
    }
  }

  /** @throws StudioError `style_name_taken` */
  async refuseTakenName(name: string, field: string): Promise<void> {
    await refuseTakenName(this.#db.read, name, null, field);
  }

  /** The blob key and the name of a trained style, by its file's name. */
  async trainedFile(
    caller: Caller,
    file: string,
  ): Promise<{ key: string; name: string; createdMs: number } | null> {
    const key = `loras/${file}`;
    const row = await styleOfFile(caller, this.#db.read, key);
    return row ? { key, name: row.name, createdMs: row.created_at } : null;
  }

  /** Creates the base style if it is missing; called at every start. */
  ensureBase(): Promise<void> {
    return this.#db.write(async (trx) => {
      if (await hasBaseStyle(trx)) return;
      const base = { name: BASE_STYLE_NAME.zh, type: 'ui', trigger_words: '', is_base: 1 } as const;
      await insertStyleUnlessTaken(trx, { ...base, created_at: Date.now() });
    });
  }
}

/** @throws StudioError `style_not_found` */
export async function readStyle(caller: Caller, db: Reader, id: number): Promise<Style> {
  const row = await findStyle(caller, db, id);
  if (!row) throw new StudioError('style_not_found', { data: { id }, field: 'id' });
  return toStyle(row);
}

/** @throws StudioError `style_not_found`, `style_protected` */
async function changeable(caller: Caller, trx: Writer, id: number): Promise<StyleRow> {
  const row = await styleToChange(caller, trx, id);
  if (!row) throw new StudioError('style_not_found', { data: { id }, field: 'id' });
  if (row.is_base) throw new StudioError('style_protected');
  return row;
}

/** Blob key. @throws StudioError `style_step_missing` */
async function fileOfStep(
  db: Reader,
  { id, name: style }: StyleRow,
  { step, field }: { step: number; field: string },
): Promise<string> {
  const kept = await checkpointsOfStyle(db, id);
  const found = kept.find((each) => each.step === step);
  if (found) return found.row.file;
  const steps = kept.length > 0 ? kept.map((each) => each.step).join(', ') : NO_STEPS;
  throw new StudioError('style_step_missing', { data: { style, step, steps }, field });
}
const NO_STEPS = { en: 'none', zh: '无' };

/** Names are unique over all callers. */
async function refuseTakenName(
  db: Reader,
  name: string,
  except: number | null,
  field = 'name',
): Promise<void> {
  const row = await styleNamed(SYSTEM, db, name);
  if (row && row.id !== except) throw nameTaken(name, field);
}

const nameTaken = (name: string, field: string, cause?: unknown) =>
  new StudioError('style_name_taken', { data: { name }, field, cause });

/** A style with a LoRA file of its own. */
export interface TrainedStyle {
  name: string;
  type: 'ui' | 'vfx';
  triggerWords: string;
  /** The model it is for, see `loras/lora-models.ts`, or the family of a built-in trainer. */
  family: string;
  /** Blob key. */
  loraPath: string;
}

/** Its id. If the name was taken during the training, it gets a number. */
export async function insertTrainedStyle(
  trx: Writer,
  style: TrainedStyle,
  isTrainedHere = true,
): Promise<number> {
  const { type, triggerWords: trigger_words, family, loraPath: lora_path } = style;
  const row = {
    type,
    trigger_words,
    family,
    lora_path,
    is_trained: Number(isTrainedHere),
    created_at: Date.now(),
  };
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? style.name : `${style.name} ${n}`;
    const id = await insertStyleUnlessTaken(trx, { name, ...row });
    if (id !== null) return id;
  }
}

/** Gives a style another file of its own, and removes the one that it had. @throws StudioError `style_in_use` */
export async function replaceLora(
  caller: Caller,
  trx: Writer,
  id: number,
  { family, loraPath }: Pick<TrainedStyle, 'family' | 'loraPath'>,
): Promise<void> {
  await discardFiles(trx, await changeable(caller, trx, id));
  await updateStyle(trx, id, { family, lora_path: loraPath });
}

/** Refused while an unfinished task uses them. */
async function discardFiles(trx: Writer, style: StyleRow): Promise<void> {
  const files = filesOf(style);
  if (files.length === 0) return;
  const task = await readerOfStyle(trx, style.id);
  if (task !== null) throw new StudioError('style_in_use', { data: { task } });
  await rememberFiles(trx, files);
}

/** Files that belong to a style alone. A LoRA given by name is on a ComfyUI server. */
const filesOf = ({ family, lora_path }: StyleRow): string[] => (family && lora_path ? [lora_path] : []);

function defined<T extends object>(change: T): Partial<T> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function toStyle(row: StyleRow): Style {
  const families = row.family === null ? [] : [...familiesOf(row.family)];
  return {
    id: row.id,
    name: row.name,
    type: row.type,
    lora_path: row.lora_path,
    trigger_words: row.trigger_words,
    strength: row.strength,
    is_base: row.is_base === 1,
    is_trained: row.is_trained === 1,
    family: families[0] ?? null,
    families,
    created_at: new Date(row.created_at).toISOString(),
  };
}
