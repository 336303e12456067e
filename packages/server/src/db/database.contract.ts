/** What every adapter of the database port must do. */
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestDatabase } from '../../test/test-database.ts';
import type { Database } from './database.ts';
import { keptFact } from './facts.ts';
import { UniqueViolation } from './unique-violation.ts';

/** A PGlite has one connection, and a reader waits there for the writer. */
export function databaseContract(
  name: string,
  make: () => Promise<TestDatabase>,
  { severalConnections }: { severalConnections: boolean },
): void {
  describe(`${name} as a database`, () => {
    let place: TestDatabase;
    let db: Database;

    beforeEach(async () => {
      place = await make();
      db = await place.open();
    });
    afterEach(async () => {
      await db.close();
      await place.remove();
    });

    const trash = (file: string, options?: { durable: boolean }) =>
      db.write((trx) => trx.insertInto('trash').values({ file }).execute(), options);
    const files = async () =>
      (await db.read.selectFrom('trash').select('file').orderBy('file').execute()).map(({ file }) => file);

    it('has all tables after the first start, and the same rows after the next', async () => {
      await trash('a');
      await db.close();
      db = await place.open();
      expect(await files()).toEqual(['a']);
      for (const table of [
        'tasks',
        'frames',
        'uploads',
        'styles',
        'presets',
        'servers',
        'training_runs',
      ] as const)
        expect(await db.read.selectFrom(table).selectAll().execute()).toEqual([]);
    });

    it('is refused after a newer Limner has changed it', async () => {
      const executed = { name: '9999_later', timestamp: new Date().toISOString() };
      await db.write((trx) =>
        sql`insert into kysely_migration (name, timestamp) values (${executed.name}, ${executed.timestamp})`.execute(
          trx,
        ),
      );
      await db.close();
      await expect(place.open()).rejects.toMatchObject({
        texts: {
          en: expect.stringMatching(/newer Limner.*9999_later/),
          zh: expect.stringContaining('更新版本'),
        },
      });
    });

    it('keeps writes that arrive together; one that fails takes only itself back', async () => {
      const outcomes = await Promise.allSettled([
        trash('a'),
        db.write(async (trx) => {
          await trx.insertInto('trash').values({ file: 'half' }).execute();
          throw new Error('changed my mind');
        }),
        trash('b', { durable: false }),
        trash('c'),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual([
        'fulfilled',
        'rejected',
        'fulfilled',
        'fulfilled',
      ]);
      expect(await files()).toEqual(['a', 'b', 'c']);
    });

    it('gives back what the work returns, and throws what it throws', async () => {
      expect(await db.write(async () => 'done')).toBe('done');
      const failure = new Error('no');
      await expect(db.write(() => Promise.reject(failure))).rejects.toBe(failure);
      await expect(trash('after')).resolves.toBeDefined();
    });

    it('names a value that is taken', async () => {
      await trash('a');
      await expect(trash('a')).rejects.toBeInstanceOf(UniqueViolation);
      const both = await Promise.allSettled([trash('b'), trash('b')]);
      expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    });

    it.skipIf(!severalConnections)('shows readers nothing of a transaction that is open', async () => {
      let seen: string[] = ['not asked'];
      await db.write(async (trx) => {
        await trx.insertInto('trash').values({ file: 'a' }).execute();
        seen = await files();
      });
      expect(seen).toEqual([]);
      expect(await files()).toEqual(['a']);
    });

    it('refuses a write inside a write and goes on', async () => {
      await expect(db.write(() => trash('inner'))).rejects.toThrow(/write inside a write/);
      await trash('after');
      expect(await files()).toEqual(['after']);
    });

    it('runs a write that follows from another one that has ended', async () => {
      let later: Promise<unknown> | undefined;
      let ended = (): void => undefined;
      const first = new Promise<void>((resolve) => {
        ended = resolve;
      });
      await db.write(async (trx) => {
        later = first.then(() => trash('later'));
        await trx.insertInto('trash').values({ file: 'first' }).execute();
      });
      ended();
      await later;
      expect(await files()).toEqual(['first', 'later']);
    });

    it('gives ids, times, counts and sums as numbers', async () => {
      const created_at = 1_790_000_000_123;
      const [style] = await db.write((trx) =>
        trx
          .insertInto('styles')
          .values({ name: 'ink', type: 'ui', trigger_words: '', created_at })
          .returningAll()
          .execute(),
      );
      expect(style).toMatchObject({ id: 1, is_base: 0, family: null, created_at });
      const sums = await db.read
        .selectFrom('styles')
        .select((eb) => [eb.fn.countAll<number>().as('n'), eb.fn.sum<number>('created_at').as('sum')])
        .executeTakeFirst();
      expect(sums).toEqual({ n: 1, sum: created_at });
    });

    it('returns the number of changed rows', async () => {
      await trash('a');
      const change = (file: string) =>
        db.write((trx) =>
          trx.updateTable('trash').set({ file: 'b' }).where('file', '=', file).executeTakeFirst(),
        );
      expect((await change('a')).numUpdatedRows).toBe(1n);
      expect((await change('a')).numUpdatedRows).toBe(0n);
    });

    it('finds nothing in an empty list', async () => {
      await trash('a');
      const within = (list: string[]) =>
        db.read.selectFrom('trash').selectAll().where('file', 'in', list).execute();
      expect(await within([])).toEqual([]);
      expect(await within(['a'])).toEqual([{ file: 'a' }]);
      expect(
        await db.read.selectFrom('trash').selectAll().where('file', 'not in', []).execute(),
      ).toHaveLength(1);
    });

    it('keeps text as it was given', async () => {
      const texts = ['红色的龙 🐉', 'it\'s; \\ "quoted" -- not a comment', '\n\t ', ''];
      for (const file of texts) await trash(file);
      expect(new Set(await files())).toEqual(new Set(texts));
    });

    it('refuses rows that point at nothing', async () => {
      const frame = { task_id: 7, frame_index: 0, status: 'queued', seed: '1' } as const;
      await expect(db.write((trx) => trx.insertInto('frames').values(frame).execute())).rejects.toThrow();
    });

    it('makes a fact once, whoever asks first', async () => {
      let made = 0;
      const make = () => `made ${++made}`;
      const values = await Promise.all(Array.from({ length: 6 }, () => keptFact(db, 'id', make)));
      expect(new Set(values).size).toBe(1);
      expect(await keptFact(db, 'id', make)).toBe(values[0]);
    });

    it('knows its size', async () => {
      expect((await db.size()).database.size_bytes).toBeGreaterThan(10_000);
      expect((await db.size()).backups).toEqual({ files: 0, size_bytes: 0 });
    });

    it('runs what is under way to its end before it closes, and nothing after', async () => {
      const last = trash('last');
      await Promise.all([last, db.close()]);
      await expect(trash('too late')).rejects.toThrow(/closed/);
      db = await place.open();
      expect(await files()).toEqual(['last']);
      await sql`select 1`.execute(db.read);
    });
  });
}
