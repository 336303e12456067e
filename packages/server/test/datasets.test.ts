/** Data sets: what they hold, how captions and crops change, and what a training learns from them. */
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Trained, TrainingContext, TrainingJob } from '../src/engines/training/trainer.ts';
import { addFile, type Client, codeOf, endedWork, outcomes, png } from './dataset-client.ts';
import { ScriptedEngine, tinyPng } from './scripted-engine.ts';
import { gate, ScriptedTrainer } from './scripted-trainer.ts';
import { startStudio, type TestStudio } from './start-studio.ts';
import { unpacked } from './unpacked.ts';

/** Keeps what it sees of the pictures. */
class SeeingTrainer extends ScriptedTrainer {
  seen: { width: number; height: number; corner: number[] }[] = [];

  override async run(job: TrainingJob, ctx: TrainingContext): Promise<Trained> {
    this.seen = [];
    for (const index of job.pictures.keys()) {
      const picture = await ctx.openPicture(index);
      const { data, info } = await sharp(await picture.read())
        .ensureAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true });
      expect([info.width, info.height]).toEqual([picture.width, picture.height]);
      this.seen.push({ width: info.width, height: info.height, corner: [...data.subarray(0, 4)] });
    }
    return super.run(job, ctx);
  }
}

let studio: TestStudio;
let client: Client;
let trainer: SeeingTrainer;

beforeEach(async () => {
  trainer = new SeeingTrainer();
  studio = await startStudio({ engines: [new ScriptedEngine(() => tinyPng)], trainers: [trainer] });
  client = studio.client;
});
afterEach(() => studio.close());

const create = async (name = 'Cats', trigger_words = '') =>
  (await client.call('createDataset', { body: { name, trigger_words } })).id;
const get = (id: number) => client.call('getDataset', { params: { id } });
const change = (id: number, changes: object[]) =>
  client.call('changeDatasetPictures', { params: { id }, body: { changes } as never });

async function filled(
  count: number,
  name = 'Cats',
  trigger = '',
): Promise<{ id: number; pictures: number[] }> {
  const id = await create(name, trigger);
  for (let seed = 1; seed <= count; seed += 1) await addFile(client, id, await png(seed), `cat ${seed}.png`);
  return { id, pictures: (await get(id)).items.map((item) => item.id) };
}

const train = (dataset: number, style_name = 'Ink') =>
  client.call('train', { body: { style_name, dataset } });

describe('a data set', () => {
  it('holds uploads, files and pictures of the history, each content once', async () => {
    const id = await create();
    const upload = await client.call('upload', {
      file: new Blob([new Uint8Array(await png(1))]),
      fileName: 'a.png',
    });
    const { id: task } = await client.call('generate', {
      body: { prompt: 'a red dragon', family: 'scripted' },
    });
    await studio.ended(task);
    const work = await client.call('addDatasetPictures', {
      params: { id },
      body: { images: [{ image: upload.id, caption: 'a cat' }, { image: '77_0' }], tasks: [task] },
    });
    expect(outcomes(work)).toEqual({
      [upload.id]: 'added',
      '77_0': 'image_not_found',
      [`${task}_0`]: 'added',
    });
    expect(outcomes(await addFile(client, id, await png(1), 'same.png'))).toEqual({ 'same.png': 'known' });

    const set = await get(id);
    expect(set.items.map(({ caption, name }) => [name, caption])).toEqual([
      ['a.png', 'a cat'],
      ['a red dragon.png', 'a red dragon'],
    ]);
    expect(set).toMatchObject({ pictures: 2, captioned: 2, versions: [], used_by: null });
    // The copy does not depend on its task.
    await client.call('deleteTask', { params: { id: task } });
    expect((await fetch(studio.url + (set.items[1]?.url ?? ''))).status).toBe(200);
    expect(await client.call('listDatasets', {})).toMatchObject([
      { id, pictures: 2, covers: expect.any(Array) },
    ]);
  });

  it('takes many pictures of the history after the answer', async () => {
    const id = await create();
    const { id: task } = await client.call('generate', {
      body: { prompt: 'a red dragon', family: 'scripted' },
    });
    await studio.ended(task);
    const images = Array.from({ length: 12 }, (_, n) => ({ image: `77_${n}` }));
    const begun = await client.call('addDatasetPictures', {
      params: { id },
      body: { images, tasks: [task] },
    });
    expect(begun).toMatchObject({ status: 'running', total: 13, id: expect.any(Number) });
    const work = await endedWork(client, begun);
    expect(work).toMatchObject({ status: 'done', done: 13 });
    expect(outcomes(work)).toMatchObject({ '77_0': 'image_not_found', [`${task}_0`]: 'added' });
    expect((await get(id)).pictures).toBe(1);
  });

  it('refuses bad names, captions, crops and ids, and changes nothing then', async () => {
    const { id, pictures } = await filled(2);
    const [first = 0] = pictures;
    for (const name of ['', ' ', 'x'.repeat(61), 'a\u0007b', 'a\u202eb'])
      expect(await codeOf(client.call('createDataset', { body: { name } }))).toBe('invalid_request');
    expect(await codeOf(client.call('createDataset', { body: { name: 'Cats' } }))).toBe('dataset_name_taken');
    expect(await codeOf(get(999))).toBe('dataset_not_found');
    const half = { x: 0.6, y: 0, width: 0.5, height: 1 };
    expect(await codeOf(change(id, [{ id: first, crop: half }]))).toBe('invalid_request');
    expect(await codeOf(change(id, [{ id: first, caption: 'x'.repeat(2001) }]))).toBe('invalid_request');
    expect(await codeOf(change(id, [{ id: first, caption: 'ï\ufffd' }]))).toBe('caption_unreadable');
    expect(
      await codeOf(
        change(id, [
          { id: first, caption: 'a' },
          { id: 999, caption: 'b' },
        ]),
      ),
    ).toBe('dataset_picture_not_found');
    expect((await get(id)).items.map(({ caption, crop }) => [caption, crop])).toEqual([
      ['', null],
      ['', null],
    ]);
  });

  it('changes many captions at once, after a preview', async () => {
    const { id, pictures } = await filled(3);
    await change(
      id,
      pictures.map((picture, at) => ({ id: picture, caption: `a cat, cat ${at}` })),
    );
    const edit = { kind: 'replace' as const, find: 'cat', replace: 'dog' };
    const preview = await client.call('editDatasetCaptions', {
      params: { id },
      body: { edit, pictures: pictures.slice(0, 2), preview: true },
    });
    expect([preview.hits, preview.changed.length]).toEqual([4, 2]);
    expect(preview.changed[0]).toMatchObject({ caption: 'a dog, dog 0', before: 'a cat, cat 0' });
    expect((await get(id)).items[0]?.caption).toBe('a cat, cat 0');
    await client.call('editDatasetCaptions', {
      params: { id },
      body: { edit, pictures: pictures.slice(0, 2) },
    });
    expect((await get(id)).items.map(({ caption }) => caption)).toEqual([
      'a dog, dog 0',
      'a dog, dog 1',
      'a cat, cat 2',
    ]);
    const tooLong = { kind: 'suffix' as const, text: 'x'.repeat(1999) };
    expect(
      await codeOf(client.call('editDatasetCaptions', { params: { id }, body: { edit: tooLong } })),
    ).toBe('caption_too_long');
  });

  it('keeps its order, and puts chosen pictures first', async () => {
    const { id, pictures } = await filled(3);
    const [a = 0, b = 0, c = 0] = pictures;
    const ordered = await client.call('orderDatasetPictures', { params: { id }, body: { pictures: [c, a] } });
    expect(ordered.items.map((item) => item.id)).toEqual([c, a, b]);
    const left = await client.call('removeDatasetPictures', { params: { id }, body: { pictures: [a] } });
    expect(left.items.map((item) => item.id)).toEqual([c, b]);
  });

  it('is exported with its captions, and an import gives the same set', async () => {
    const { id, pictures } = await filled(2, 'Cats', 'inky');
    await change(id, [{ id: pictures[0], caption: 'a cat' }]);
    const answer = await fetch(`${studio.url}/api/datasets/${id}/zip`);
    const zip = Buffer.from(await answer.arrayBuffer());
    const files = unpacked(zip);
    expect([...files.keys()]).toEqual(['cat 1.png', 'cat 1.txt', 'cat 2.png', 'cat 2.txt']);
    expect(String(files.get('cat 1.txt'))).toBe('inky, a cat');
    expect(answer.headers.get('content-disposition')).toContain('Cats.zip');
    const plain = await fetch(`${studio.url}/api/datasets/${id}/zip?trigger_words=false`);
    expect(String(unpacked(Buffer.from(await plain.arrayBuffer())).get('cat 1.txt'))).toBe('a cat');
  });

  it('tells what is wrong with it and where', async () => {
    const id = await create();
    await addFile(client, id, await png(1), '1.png');
    await addFile(client, id, await png(1, { side: 310 }), 'nearly.png');
    await addFile(client, id, await png(2, { side: 100 }), 'small.png');
    await addFile(client, id, await png(3, { side: 2000, height: 300 }), 'long.png');
    await addFile(client, id, await png(4, { alpha: 0.4 }), 'clear.png');
    const { items } = await get(id);
    const named = (ids: number[]) => items.filter((item) => ids.includes(item.id)).map(({ name }) => name);
    const check = await client.call('checkDataset', { params: { id }, query: { resolution: 256 } });
    const found = Object.fromEntries(check.findings.map(({ kind, pictures }) => [kind, named(pictures)]));
    expect(found).toMatchObject({
      small: ['small.png'],
      near_duplicates: ['1.png', 'nearly.png'],
      extreme_ratio: ['long.png'],
      transparent: ['clear.png'],
      no_trigger: [],
    });
    expect(check.buckets.flatMap(({ pictures }) => pictures)).toHaveLength(5);
    await client.call('updateDataset', {
      params: { id },
      body: { ground: '#ffffff', trigger_words: 'inky' },
    });
    const after = await client.call('checkDataset', { params: { id } });
    expect(after.findings.map(({ kind }) => kind)).not.toContain('transparent');
    expect(after.findings.map(({ kind }) => kind)).not.toContain('no_trigger');
  });
});

describe('a training from a data set', () => {
  it('learns from its pictures as cut and on their ground, and names the version', async () => {
    const { id, pictures } = await filled(2, 'Cats', 'inky');
    await addFile(client, id, await png(9, { alpha: 0 }), 'clear.png');
    await change(id, [
      { id: pictures[0], caption: 'a cat', crop: { x: 0.5, y: 0, width: 0.5, height: 1 } },
      { id: pictures[1], caption: 'inky, a dog' },
    ]);
    await client.call('updateDataset', { params: { id }, body: { ground: '#00ff00' } });
    const run = await train(id);
    expect(run.dataset).toEqual({ id, name: 'Cats', version: 1 });
    expect(run.trigger_words).toBe('inky');
    await studio.ended(run.id);
    expect(trainer.runs[0]?.job.pictures.map(({ caption }) => caption)).toEqual([
      'inky, a cat',
      'inky, a dog',
      'inky',
    ]);
    expect(trainer.seen.map(({ width, height }) => [width, height])).toEqual([
      [150, 300],
      [300, 300],
      [300, 300],
    ]);
    expect(trainer.seen[2]?.corner).toEqual([0, 255, 0, 255]);
  });

  it('uses the newest version of an unchanged set again, and a new one of a changed set', async () => {
    const { id, pictures } = await filled(2);
    const first = await train(id, 'A');
    const second = await train(id, 'B');
    await change(id, [{ id: pictures[0], caption: 'a cat' }]);
    const third = await train(id, 'C');
    expect([first, second, third].map(({ dataset }) => dataset?.version)).toEqual([1, 1, 2]);
    expect((await get(id)).versions).toMatchObject([
      { number: 2, pictures: 2, runs: [third.id] },
      { number: 1, pictures: 2, runs: [first.id, second.id] },
    ]);
  });

  it('is refused without pictures, with both sources, and from an unknown or empty set', async () => {
    const empty = await create('Empty');
    const { id } = await filled(5);
    const ask = (body: object) =>
      codeOf(client.call('train', { body: { style_name: 'A', ...body } as never }));
    expect(await ask({})).toBe('invalid_request');
    expect(await ask({ dataset: id, images: [{ image: 'u' }] })).toBe('invalid_request');
    expect(await ask({ dataset: 999 })).toBe('dataset_not_found');
    expect(await ask({ dataset: empty })).toBe('dataset_empty');
    expect(await ask({ dataset: id })).toBe('training_images');
    expect((await get(id)).versions).toEqual([]);
  });

  it('keeps its set from being deleted until it has ended', async () => {
    const held = gate(trainer, 1);
    const { id } = await filled(2);
    const run = await train(id);
    expect((await get(id)).used_by).toBe(run.id);
    expect(await codeOf(client.call('deleteDataset', { params: { id } }))).toBe('dataset_in_use');
    held.open();
    await studio.ended(run.id);
    await client.call('deleteDataset', { params: { id } });
    expect(await client.call('listDatasets', {})).toEqual([]);
    expect((await client.call('getTraining', { params: { id: run.id } })).dataset).toMatchObject({
      name: 'Cats',
    });
  });
});

describe('a deleted data set', () => {
  it('comes back from the bin with pictures, captions and versions, also if its name was taken', async () => {
    const { id, pictures } = await filled(2);
    await change(id, [{ id: pictures[0], caption: 'a cat' }]);
    const run = await train(id);
    await studio.ended(run.id);
    const before = await get(id);
    await client.call('deleteDataset', { params: { id } });
    await create('Cats');
    const [item] = (await client.call('listBin', {})).items;
    expect(item).toMatchObject({ kind: 'dataset', title: 'Cats' });
    await client.call('restoreFromBin', { body: { items: [item?.id ?? 0] } });
    const after = await get(id);
    expect(after).toEqual({ ...before, name: 'Cats (2)' });
  });

  it('keeps its uploads from the clean-up until it leaves the bin', async () => {
    const { id } = await filled(2);
    await client.call('updateDataset', { params: { id }, body: { ground: null } });
    const { db } = studio.studio;
    const age = () =>
      db.write(async (trx) => {
        await trx.updateTable('uploads').set({ created_at: 1 }).execute();
      });
    const uploads = async () => (await db.read.selectFrom('uploads').select('id').execute()).length;
    await age();
    const plan = () => client.call('planCleanup', { query: { older_than_days: 0 } });
    expect((await plan()).uploads).toBe(0);
    await client.call('cleanUp', { body: { older_than_days: 0 } });
    expect(await uploads()).toBe(2);

    await client.call('deleteDataset', { params: { id } });
    expect((await plan()).uploads).toBe(0);
    await client.call('cleanUp', { body: { older_than_days: 0 } });
    expect(await uploads()).toBe(2);

    await client.call('emptyBin', { body: {} });
    expect((await plan()).uploads).toBe(2);
    await client.call('cleanUp', { body: { older_than_days: 0 } });
    expect(await uploads()).toBe(0);
  });

  it('leaves the uploads of a version to it when pictures are removed', async () => {
    const { id, pictures } = await filled(2);
    const run = await train(id);
    await studio.ended(run.id);
    await client.call('deleteTask', { params: { id: run.id } });
    await client.call('removeDatasetPictures', { params: { id }, body: { pictures } });
    const { db } = studio.studio;
    await db.write(async (trx) => {
      await trx.updateTable('uploads').set({ created_at: 1 }).execute();
    });
    expect((await client.call('planCleanup', { query: { older_than_days: 0 } })).uploads).toBe(0);
  });
});
