/** Styles: words put before a prompt and, where trained, a LoRA. The base style always exists and never changes. */
import {
  type RecipeStyle,
  StudioError,
  type Style,
  type StyleCreate,
  type StyleUpdate,
} from '@limner/contract';
import type { z } from 'zod';
import type { Bus } from '../bus/bus.ts';
import type { Database, Reader, Writer } from '../db/database.ts';
import { isPostgres } from '../db/lock.ts';
import type { StyleRow } from '../db/schema.ts';
import { UniqueViolation } from '../db/unique-violation.ts';
import type { Blobs } from '../storage/blobs.ts';
import { rememberFiles } from '../tasks/store/removal.ts';
import { emptyTrash } from '../tasks/store/trash.ts';

const BASE_NAME = '基础风格';

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
  async list(): Promise<Style[]> {
    const rows = await this.#db.read
      .selectFrom('styles')
      .selectAll()
      .orderBy('is_base', 'desc')
      .orderBy('id')
      .execute();
    return rows.map(toStyle);
  }

  async get(id: number, field = 'id'): Promise<Style> {
    const row = await this.#db.read.selectFrom('styles').selectAll().where('id', '=', id).executeTakeFirst();
    if (!row) throw new StudioError('style_not_found', { data: { id }, field });
    return toStyle(row);
  }

  /** By its id, or else by its name. @throws StudioError `style_not_found` with `field` */
  async find({ id, name }: Pick<RecipeStyle, 'id' | 'name'>, field: string, db: Reader): Promise<Style> {
    const rows = db.selectFrom('styles').selectAll();
    const row =
      (id === null ? undefined : await rows.where('id', '=', id).executeTakeFirst()) ??
      (await rows.where('name', '=', name).executeTakeFirst());
    if (!row) throw new StudioError('style_not_found', { data: { id: id ?? name }, field });
    return toStyle(row);
  }

  create(style: NewStyle): Promise<Style> {
    return this.#named(style.name, async (trx) => {
      await refuseTakenName(trx, style.name, null);
      return toStyle(await insert(trx, style));
    });
  }

  update(id: number, change: StyleChange): Promise<Style> {
    return this.#named(change.name ?? '', async (trx) => {
      const row = await ownStyle(trx, id);
      if (change.name !== undefined) await refuseTakenName(trx, change.name, id);
      const next = { ...row, ...defined(change) };
      // With another LoRA it is no longer a style trained here.
      if (row.family && next.lora_path !== row.lora_path) {
        await discardFiles(trx, row);
        Object.assign(next, { family: null, is_trained: 0 });
      }
      const { id: _, created_at: __, ...values } = next;
      await trx.updateTable('styles').set(values).where('id', '=', id).execute();
      return toStyle(next);
    });
  }

  /** Deletes its trained file too. @throws StudioError `style_in_use` */
  async delete(id: number): Promise<void> {
    await this.#change(async (trx) => {
      await discardFiles(trx, await ownStyle(trx, id));
      await trx.deleteFrom('styles').where('id', '=', id).execute();
      await trx.updateTable('training_runs').set({ style_id: null }).where('style_id', '=', id).execute();
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
  async trainedFile(file: string): Promise<{ key: string; name: string; createdMs: number } | null> {
    const key = `loras/${file}`;
    const row = await this.#db.read
      .selectFrom('styles')
      .selectAll()
      .where('lora_path', '=', key)
      .where('family', 'is not', null)
      .executeTakeFirst();
    return row ? { key, name: row.name, createdMs: row.created_at } : null;
  }

  /** Creates the base style if it is missing; called at every start. */
  ensureBase(): Promise<void> {
    return this.#db.write(async (trx) => {
      const found = await trx.selectFrom('styles').select('id').where('is_base', '=', 1).executeTakeFirst();
      if (found) return;
      const base = {
        name: BASE_NAME,
        type: 'ui',
        trigger_words: '',
        is_base: 1,
        created_at: Date.now(),
      } as const;
      await trx
        .insertInto('styles')
        .values(base)
        .onConflict((conflict) => conflict.column('name').doNothing())
        .execute();
    });
  }
}

async function ownStyle(trx: Writer, id: number): Promise<StyleRow> {
  const style = trx.selectFrom('styles').selectAll().where('id', '=', id);
  const row = await style.$if(isPostgres(trx), (locked) => locked.forUpdate()).executeTakeFirst();
  if (!row) throw new StudioError('style_not_found', { data: { id }, field: 'id' });
  if (row.is_base) throw new StudioError('style_protected');
  return row;
}

async function refuseTakenName(
  db: Reader,
  name: string,
  except: number | null,
  field = 'name',
): Promise<void> {
  const row = await db.selectFrom('styles').select('id').where('name', '=', name).executeTakeFirst();
  if (row && row.id !== except) throw nameTaken(name, field);
}

const nameTaken = (name: string, field: string, cause?: unknown) =>
  new StudioError('style_name_taken', { data: { name }, field, cause });

export interface TrainedStyle {
  name: string;
  type: 'ui' | 'vfx';
  triggerWords: string;
  family: string;
  /** Blob key. */
  loraPath: string;
}

/** Its id. If the name was taken during the training, it gets a number. */
export async function insertTrainedStyle(trx: Writer, style: TrainedStyle): Promise<number> {
  const { type, triggerWords: trigger_words, family, loraPath: lora_path } = style;
  const row = { type, trigger_words, family, lora_path, is_trained: 1, created_at: Date.now() };
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? style.name : `${style.name} ${n}`;
    const inserted = await trx
      .insertInto('styles')
      .values({ name, ...row })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .returning('id')
      .executeTakeFirst();
    if (inserted) return inserted.id;
  }
}

/** Refused while an unfinished task uses them. */
async function discardFiles(trx: Writer, style: StyleRow): Promise<void> {
  const files = filesOf(style);
  if (files.length === 0) return;
  const user = await trx
    .selectFrom('tasks')
    .select('id')
    .where('status', 'in', ['queued', 'running'])
    .where('style_id', '=', style.id)
    .orderBy('id')
    .executeTakeFirst();
  if (user) throw new StudioError('style_in_use', { data: { task: user.id } });
  await rememberFiles(trx, files);
}

/** Files that belong to a style alone. A LoRA given by name is on a ComfyUI server. */
const filesOf = ({ family, lora_path }: StyleRow): string[] => (family && lora_path ? [lora_path] : []);

function insert(trx: Writer, style: NewStyle): Promise<StyleRow> {
  return trx
    .insertInto('styles')
    .values({ ...style, is_trained: 0, created_at: Date.now() })
    .returningAll()
    .executeTakeFirstOrThrow();
}

function defined<T extends object>(change: T): Partial<T> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function toStyle(row: StyleRow): Style {
  return {
    id: row.id,
    name: row.name,
    type: row.type,
    lora_path: row.lora_path,
    trigger_words: row.trigger_words,
    is_base: row.is_base === 1,
    is_trained: row.is_trained === 1,
    family: row.family,
    created_at: new Date(row.created_at).toISOString(),
  };
}
