/** Styles: words put before a prompt and, where trained, a LoRA. The base style always exists and never changes. */
import { StudioError, type Style, type StyleCreate, type StyleUpdate } from '@limner/contract';
import type { z } from 'zod';
import type { Database, Writer } from '../db/database.ts';
import type { StyleRow } from '../db/schema.ts';

const BASE_NAME = '基础风格';

export type NewStyle = z.output<typeof StyleCreate>;
export type StyleChange = z.output<typeof StyleUpdate>;

export class Styles {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
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

  async get(id: number): Promise<Style> {
    const row = await this.#db.read.selectFrom('styles').selectAll().where('id', '=', id).executeTakeFirst();
    if (!row) throw new StudioError('style_not_found', { data: { id } });
    return toStyle(row);
  }

  create(style: NewStyle): Promise<Style> {
    return this.#db.write(async (trx) => {
      await refuseTakenName(trx, style.name, null);
      return toStyle(await insert(trx, { ...style, is_base: 0 }));
    });
  }

  update(id: number, change: StyleChange): Promise<Style> {
    return this.#db.write(async (trx) => {
      const row = await ownStyle(trx, id);
      if (change.name !== undefined) await refuseTakenName(trx, change.name, id);
      const next = { ...row, ...defined(change) };
      const { name, type, trigger_words, lora_path } = next;
      await trx
        .updateTable('styles')
        .set({ name, type, trigger_words, lora_path })
        .where('id', '=', id)
        .execute();
      return toStyle(next);
    });
  }

  delete(id: number): Promise<void> {
    return this.#db.write(async (trx) => {
      await ownStyle(trx, id);
      await trx.deleteFrom('styles').where('id', '=', id).execute();
    });
  }

  /** Makes the base style where there is none; called at every start. */
  ensureBase(): Promise<void> {
    return this.#db.write(async (trx) => {
      const found = await trx.selectFrom('styles').select('id').where('is_base', '=', 1).executeTakeFirst();
      if (found) return;
      await insert(trx, { name: BASE_NAME, type: 'ui', trigger_words: '', lora_path: null, is_base: 1 });
    });
  }
}

async function ownStyle(trx: Writer, id: number): Promise<StyleRow> {
  const row = await trx.selectFrom('styles').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) throw new StudioError('style_not_found', { data: { id } });
  if (row.is_base) throw new StudioError('style_protected');
  return row;
}

async function refuseTakenName(trx: Writer, name: string, except: number | null): Promise<void> {
  const row = await trx.selectFrom('styles').select('id').where('name', '=', name).executeTakeFirst();
  if (row && row.id !== except) throw new StudioError('style_name_taken', { data: { name }, field: 'name' });
}

function insert(trx: Writer, style: NewStyle & { is_base: 0 | 1 }): Promise<StyleRow> {
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
    created_at: new Date(row.created_at).toISOString(),
  };
}
