/** What every adapter of the search port must do. */
import { OWNER } from '@limner/contract';
import type { Migration } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestDatabase } from '../../test/test-database.ts';
import type { Database } from '../db/database.ts';
import { migrations } from '../db/migrations.ts';
import { createLog } from '../log.ts';
import { openSearch } from './open.ts';
import type { RowFilter, Search } from './search.ts';
import { searchWords } from './search-words.ts';

const PROMPTS = [
  'a red dragon',
  'A RED-DRAGON, flying!',
  'dragonfly over água',
  'a café in the rain',
  '红色的龙在山上',
  '红龙，绿色的山',
  '一条red龙',
  'see example.com/dragon for 3.5 metres',
  "O'Hara & sons <b>bold</b> 100%",
  'ДРАКОН красный',
  'photorealistic',
  'photography',
  'Überraschung im Wald',
  'Châteaux de la Loire',
  'Красный рассвет',
  'ｋｎｉｇｈｔ　２',
  '一把金鑰匙插在鎖裡',
  '城堡的金钥匙，紅綢',
];

export function searchContract(name: string, make: () => Promise<TestDatabase>): void {
  describe(`${name} finds`, () => {
    let place: TestDatabase;
    let db: Database;
    let search: Search;

    beforeAll(async () => {
      place = await make();
      db = await place.open();
      search = openSearch(db, createLog('silent'));
      for (const prompt of PROMPTS) await add(prompt);
    });
    afterAll(async () => {
      await search.close();
      await db.close();
      await place.remove();
    });

    async function add(prompt: string, values: { status?: 'queued' | 'completed'; style_id?: number } = {}) {
      const { id } = await db.write((trx) =>
        trx
          .insertInto('tasks')
          .values({
            kind: 'generation',
            status: 'completed',
            lane: 'x',
            priority: 0,
            family: 'starter',
            prompt,
            search_text: search.textOf(prompt),
            plan: '{}',
            total_frames: 1,
            version: 1,
            created_at: 1,
            ...values,
          })
          .returning('id')
          .executeTakeFirstOrThrow(),
      );
      return id;
    }

    const all = { from: 1, to: Number.MAX_SAFE_INTEGER, upwards: false, limit: 100, filter: {} as RowFilter };
    const found = async (text: string, page: Partial<typeof all> = {}) =>
      (await search.page(OWNER, { ...all, ...page, words: searchWords(text) })).map(({ prompt }) => prompt);
    const prompts = (...indices: number[]) => indices.sort((a, b) => b - a).map((index) => PROMPTS[index]);

    it.each<[string, string, number[]]>([
      ['a word, whatever its case and what stands beside it', 'dragon ', [0, 1, 7]],
      ['the beginning of the last word', 'dragon', [0, 1, 2, 7]],
      ['all words in any order', 'dragon red ', [0, 1]],
      ['no word in the middle of another', 'ragon', []],
      ['a letter without its accent', 'cafe ', [3]],
      ['an accent where there is one', 'café ', [3]],
      ['an accent where there is none', 'rèd ', [0, 1, 6]],
      ['a Chinese character', '龙', [4, 5, 6]],
      ['a Chinese word', '红色', [4]],
      ['a longer run of Chinese in one piece', '红色的龙', [4]],
      ['no run of Chinese whose parts stand apart', '红色的山', []],
      ['two Chinese words', '红龙 绿色', [5]],
      ['words of two languages', 'red 龙', [6]],
      ['parts of an address', 'example com ', [7]],
      ['a number', '3 5 metres', [7]],
      ['words between signs', 'bold 100 ', [8]],
      ['a name with an apostrophe', "o'hara ", [8]],
      ['other alphabets', 'дракон', [9]],
      ['the beginning of a long word', 'photorea', [10]],
      ['a long word with a capital that is not ASCII', 'Überraschung', [12]],
      ['a long word without its accent', 'uberraschung', [12]],
      ['the beginning of a long word without its accent', 'chateau', [13]],
      ['the beginning of a long word with its accent', 'CHÂTEAU', [13]],
      ['a long word of another alphabet', 'Красный', [9, 14]],
      ['a long word in small letters', 'красный', [9, 14]],
      ['a short beginning of long words', 'photo', [10, 11]],
      ['full-width letters', 'ｐｈｏｔｏｒｅａ', [10]],
      ['what is written in full-width letters', 'knight 2 ', [15]],
      ['traditional characters by simplified ones', '金钥匙', [16, 17]],
      ['simplified characters by traditional ones', '金鑰匙', [16, 17]],
      ['one character in either script', '紅', [4, 5, 17]],
      ['one simplified character in either script', '红', [4, 5, 17]],
      ['no traditional run whose parts stand apart', '金鎖', []],
      ['nothing that is nowhere', 'unicorn', []],
    ])('%s', async (_, text, expected) => {
      expect(await found(text)).toEqual(prompts(...expected));
    });

    it('a page from either end', async () => {
      expect(await found('dragon', { limit: 2 })).toEqual(prompts(7, 2));
      expect(await found('dragon', { limit: 2, upwards: true })).toEqual([PROMPTS[0], PROMPTS[1]]);
      expect(await found('dragon', { from: 2, to: 3 })).toEqual(prompts(2, 1));
    });

    it('what was written a moment before, and what has changed since', async () => {
      const id = await add('a griffin', { status: 'queued', style_id: 5 });
      expect(await found('griffin')).toEqual(['a griffin']);
      expect(await found('griffin', { filter: { status: 'queued', style_id: 5 } })).toEqual(['a griffin']);
      expect(await found('griffin', { filter: { status: 'running' } })).toEqual([]);
      const change = (values: { status: 'completed'; stars: number }) =>
        db.write((trx) => trx.updateTable('tasks').set(values).where('id', '=', id).execute());
      await change({ status: 'completed', stars: 1 });
      expect(await found('griffin', { filter: { status: 'completed', starred: true } })).toEqual([
        'a griffin',
      ]);
      expect(await found('griffin', { filter: { starred: false } })).toEqual([]);
      await db.write((trx) => trx.deleteFrom('tasks').where('id', '=', id).execute());
      expect(await found('griffin')).toEqual([]);
    });

    it('what an older Limner wrote in traditional characters and full-width letters', async () => {
      const old = { 舊鐘樓: '舊 鐘 樓 舊鐘 鐘樓', 'ｂｅｌｌ　ｔｏｗｅｒ': 'ｂｅｌｌ ｔｏｗｅｒ' };
      const ids = await Promise.all(Object.keys(old).map((prompt) => add(prompt)));
      await db.write(async (trx) => {
        for (const [at, search_text] of Object.values(old).entries())
          await trx
            .updateTable('tasks')
            .set({ search_text, stars: 1 })
            .where('id', '=', ids[at] as number)
            .execute();
      });
      expect(await found('旧钟楼')).toEqual([]);
      const { '0011_plain_search_texts': migration } = await migrations(db.dialect).getMigrations();
      await db.write((trx) => (migration as Migration).up(trx));
      for (const words of ['旧钟楼', '鐘樓', '钟'])
        expect(await found(words), words).toEqual([Object.keys(old)[0]]);
      expect(await found('bell tower ')).toEqual([Object.keys(old)[1]]);
      await db.write((trx) => trx.deleteFrom('tasks').where('id', 'in', ids).execute());
    });

    it('pages of tasks that lie far apart, from either end and with filters', async () => {
      const ids = [100_000, 131_071, 131_072, 262_143, 262_144, 400_000, 790_000];
      const task = {
        kind: 'generation',
        status: 'completed',
        lane: 'x',
        priority: 0,
        family: "o'x\\",
      } as const;
      const values = ids.map((id) => ({
        ...task,
        id,
        prompt: `${id}`,
        search_text: search.textOf('wyvern thunderstorm'),
        stars: id % 2,
        plan: '{}',
        total_frames: 1,
        version: 1,
        created_at: 1,
      }));
      await db.write((trx) => trx.insertInto('tasks').values(values).execute());
      const page = { from: 1, to: 800_000, filter: { family: "o'x\\" } as RowFilter };
      for (let limit = 1; limit <= ids.length; limit += 1) {
        const newest = ids.slice(-limit).reverse();
        expect(await found('wyvern', { ...page, limit })).toEqual(newest.map(String));
        const oldest = ids.slice(0, limit).map(String);
        expect(await found('wyvern', { ...page, limit, upwards: true })).toEqual(oldest);
      }
      expect(await found('wyvern thunderst', { ...page, limit: 2 })).toEqual(['790000', '400000']);
      const oldest = { ...page, limit: 2, upwards: true };
      expect(await found('thunderst', oldest)).toEqual(['100000', '131071']);
      const stars = { ...page.filter, starred: true };
      expect(await found('wyvern', { ...page, filter: stars, limit: 3 })).toEqual(['262143', '131071']);
      expect(await found('wyv', { ...page, from: 131_072, to: 262_143 })).toEqual(['262143', '131072']);
      await db.write((trx) => trx.deleteFrom('tasks').where('id', 'in', ids).execute());
    });

    it('what is rare behind many others', async () => {
      await add('a basilisk of old', { style_id: 9 });
      await db.write(async (trx) => {
        const task = {
          kind: 'upscale',
          status: 'completed',
          lane: 'x',
          priority: 0,
          family: 'upscale',
        } as const;
        const prompt = 'a basilisk';
        const many = {
          ...task,
          prompt,
          search_text: search.textOf(prompt),
          plan: '{}',
          total_frames: 1,
          version: 1,
        };
        await trx
          .insertInto('tasks')
          .values(Array.from({ length: 600 }, (_, n) => ({ ...many, created_at: n })))
          .execute();
      });
      expect(await found('basilisk', { filter: { style_id: 9 } })).toEqual(['a basilisk of old']);
      expect(await found('basilisk', { filter: { family: 'upscale' }, limit: 3 })).toHaveLength(3);
      expect(await found('basilisk old ')).toEqual(['a basilisk of old']);
      expect(await found('café', { limit: 3 })).toEqual(prompts(3));
      await db.write((trx) => trx.deleteFrom('tasks').where('prompt', 'like', 'a basilisk%').execute());
    });
  });
}
