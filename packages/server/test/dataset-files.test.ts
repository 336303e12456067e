/** Archives and folders that become data sets: good files are kept, and each bad one is answered by name. */
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addFile, type Client, codeOf, endedWork, outcomes, png, zipOf } from './dataset-client.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

let studio: TestStudio;
let client: Client;
let id: number;

beforeEach(async () => {
  studio = await startStudio({ environ: { MAX_FILE_SIZE: String(2 * 1024 ** 2) } });
  client = studio.client;
  id = (await client.call('createDataset', { body: { name: 'Cats' } })).id;
});
afterEach(() => studio.close());

const items = async () => (await client.call('getDataset', { params: { id } })).items;
const captions = async () => (await items()).map(({ name, caption }) => `${name}: ${caption}`);

/** Every place where the archive has these bytes gets others of the same length. */
function patched(zip: Buffer, from: string, to: string): Buffer {
  expect(from.length).toBe(to.length);
  return Buffer.from(zip.toString('latin1').replaceAll(from, to), 'latin1');
}

/** The flag of encryption, in both headers of the entry. */
function encrypted(zip: Buffer, name: string): Buffer {
  const copy = Buffer.from(zip);
  for (let at = copy.indexOf(name); at >= 0; at = copy.indexOf(name, at + 1)) {
    const isLocal = copy.readUInt32LE(at - 30) === 0x04034b50;
    const flags = isLocal ? at - 24 : at - 38;
    copy.writeUInt16LE(copy.readUInt16LE(flags) | 1, flags);
  }
  return copy;
}

describe('an archive', () => {
  it('becomes pictures in the order of their names, with the captions beside them', async () => {
    const zip = await zipOf({
      'cats/10.png': await png(10),
      'cats/2.png': await png(2),
      'cats/2.txt': 'a cat,\n sitting',
      'dogs/2.png': await png(3),
      'dogs/2.txt': 'a dog',
      'alone.txt': 'nobody',
      'cats/10.txt': ' \n',
      '__MACOSX/._2.png': 'x',
    });
    const work = await addFile(client, id, zip, 'cats.zip');
    expect(work).toMatchObject({ status: 'running', total: 8 });
    const ended = await endedWork(client, work);
    expect(ended).toMatchObject({ status: 'done', done: 8 });
    expect(outcomes(ended)).toEqual({
      '__MACOSX/._2.png': 'left_out',
      'alone.txt': 'caption_alone',
      'cats/2.png': 'added',
      'cats/10.png': 'added',
      'dogs/2.png': 'added',
      'cats/2.txt': 'captioned',
      'cats/10.txt': 'left_out',
      'dogs/2.txt': 'captioned',
    });
    expect(await captions()).toEqual(['2.png: a cat, sitting', '10.png: ', '2.png: a dog']);
    // Again: nothing is there twice.
    const again = await endedWork(client, await addFile(client, id, zip, 'cats.zip'));
    expect(outcomes(again)['cats/2.png']).toBe('known');
    expect(await items()).toHaveLength(3);
  });

  it('keeps its good files beside every kind of bad one', async () => {
    const zip = await zipOf({
      'good.png': await png(1),
      'AA/evil.png': await png(2),
      '.AA/root.png': await png(2),
      'secret.png': await png(3),
      'inner.zip': await zipOf({ 'a.png': await png(4) }),
      'notes.pdf': '%PDF-1.7 nothing',
      'cut.png': (await png(5, { side: 900 })).subarray(0, 400),
      'zeros.png': Buffer.alloc(3 * 1024 ** 2),
      'bad.txt': Buffer.from([0xff, 0xff, 0x00, 0xd8, 0x01]),
      'huge.txt': 'a'.repeat(300_000),
    });
    const hostile = encrypted(
      patched(patched(zip, 'AA/evil', '../evil'), '.AA/root', '/tmp/xyz'),
      'secret.png',
    );
    const ended = await endedWork(client, await addFile(client, id, hostile, 'mixed.zip'));
    expect(outcomes(ended)).toMatchObject({
      'good.png': 'added',
      '../evil.png': 'entry_name_refused',
      '/tmp/xyz.png': 'entry_name_refused',
      'secret.png': 'entry_encrypted',
      'inner.zip': 'archive_nested',
      'notes.pdf': 'file_type',
      'cut.png': 'file_broken',
      'zeros.png': 'file_too_large',
      'bad.txt': 'caption_unreadable',
      'huge.txt': 'caption_too_long',
    });
    const huge = ended.files.find(({ name }) => name === 'huge.txt');
    expect(huge?.error?.message).toContain('The caption of huge.txt is longer than 2000 characters.');
    expect(await items()).toHaveLength(1);
  });

  it('that unpacks to much more than it is stops, with what was good until then', async () => {
    const bombs = Object.fromEntries(
      Array.from({ length: 20 }, (_, at) => [`bomb ${at}.png`, Buffer.alloc(2 * 1024 ** 2 - 1, at)]),
    );
    const zip = await zipOf({ 'a.png': await png(1), ...bombs });
    expect(zip.length).toBeLessThan(1024 ** 2);
    const ended = await endedWork(client, await addFile(client, id, zip, 'bomb.zip'));
    expect(ended).toMatchObject({ status: 'failed', error: { code: 'archive_expands' } });
    expect(ended.error?.message).toMatch(/^With bomb \d+\.png, the archive unpacks/);
    expect(await items()).toHaveLength(1);
  });

  it('whose entry is longer than it says is answered by name', async () => {
    const zip = await zipOf({ 'a.png': await png(1), 'lie.png': Buffer.alloc(100_000, 7) });
    const directory = zip.lastIndexOf('lie.png');
    const lying = Buffer.from(zip);
    lying.writeUInt32LE(50, directory - 46 + 24);
    const ended = await endedWork(client, await addFile(client, id, lying, 'lie.zip'));
    expect(outcomes(ended)).toEqual({ 'a.png': 'added', 'lie.png': 'entry_damaged' });
  });

  it('without a readable directory is refused, and leaves nothing', async () => {
    const zip = await zipOf({ 'a.png': await png(1) });
    expect(await codeOf(addFile(client, id, zip.subarray(0, zip.length - 30), 'cut.zip'))).toBe(
      'archive_broken',
    );
    const noDirectory = patched(zip, 'PK\x01\x02', 'PK\x09\x09');
    expect(await codeOf(addFile(client, id, noDirectory, 'odd.zip'))).toBe('archive_broken');
    const none = await addFile(client, id, Buffer.from('no archive'), 'none.zip').catch((error) => error);
    expect(none.message).toContain('the list of its files is missing at the end. Make it again.');
    expect(await codeOf(addFile(client, 999, zip, 'a.zip'))).toBe('dataset_not_found');
    expect(await readdir(path.join(studio.dataDir, '.tmp', 'incoming')).catch(() => [])).toEqual([]);
  });

  it('with Chinese names in GBK shows them', async () => {
    // "龙.png" in GBK has two bytes for the character.
    const zip = patched(await zipOf({ 'mm.png': await png(1) }), 'mm.png', '\xc1\xfa.png');
    const plain = Buffer.from(zip);
    for (
      let at = plain.indexOf('\xc1\xfa.png', 0, 'latin1');
      at >= 0;
      at = plain.indexOf('\xc1\xfa.png', at + 1, 'latin1')
    ) {
      const flags = plain.readUInt32LE(at - 30) === 0x04034b50 ? at - 24 : at - 38;
      plain.writeUInt16LE(plain.readUInt16LE(flags) & ~0x800, flags);
    }
    const ended = await endedWork(client, await addFile(client, id, plain, 'cats.zip'));
    expect(outcomes(ended)).toEqual({ '龙.png': 'added' });
  });
});

describe('one file', () => {
  it('is a picture, or the caption of a picture that is there', async () => {
    await addFile(client, id, await png(1), 'cat.png');
    expect(outcomes(await addFile(client, id, Buffer.from('a cat'), 'cat.txt'))).toEqual({
      'cat.txt': 'captioned',
    });
    expect(await captions()).toEqual(['cat.png: a cat']);
    expect(await codeOf(addFile(client, id, Buffer.from('a dog'), 'dog.txt'))).toBe('caption_alone');
    expect(await codeOf(addFile(client, id, Buffer.from('not a picture'), 'a.png'))).toBe('file_type');
  });
});

describe('a folder of the data folder', () => {
  it('is named by the list, never by a path, and links are refused', async () => {
    const root = path.join(studio.dataDir, 'datasets');
    await mkdir(path.join(root, 'Ink cats', 'more'), { recursive: true });
    await writeFile(path.join(root, 'Ink cats', 'a.png'), await png(1));
    await writeFile(path.join(root, 'Ink cats', 'a.txt'), 'a cat');
    await writeFile(path.join(root, 'Ink cats', 'more', 'b.png'), await png(2));
    await writeFile(path.join(root, 'Ink cats', 'brief.docx'), 'PK not a picture');
    await writeFile(path.join(root, 'Ink cats', '.DS_Store'), 'of a system');
    const outside = path.join(studio.dataDir, 'outside.png');
    await writeFile(outside, await png(3));
    await symlink(outside, path.join(root, 'Ink cats', 'link.png'));
    await symlink(studio.dataDir, path.join(root, 'linked'));
    expect(await client.call('listDatasetFolders', {})).toEqual([{ name: 'Ink cats', pictures: 3 }]);
    const add = (folder: string) => client.call('addDatasetFolder', { params: { id }, body: { folder } });
    for (const folder of ['..', '.', 'linked', 'Ink cats/more', '/etc', 'Ink cats/../..'])
      expect(await codeOf(add(folder))).toBe('folder_not_found');
    const ended = await endedWork(client, await add('Ink cats'));
    expect(outcomes(ended)).toEqual({
      'a.png': 'added',
      'a.txt': 'captioned',
      'more/b.png': 'added',
      'link.png': 'link_refused',
      'brief.docx': 'file_type',
      '.DS_Store': 'left_out',
    });
    expect(await captions()).toEqual(['a.png: a cat', 'b.png: ']);
  });
});

describe('work on a set', () => {
  it('can be cancelled, and keeps what was done', async () => {
    const files = await Promise.all(
      Array.from({ length: 40 }, async (_, at) => [`${at}.png`, await png(at, { side: 600 })] as const),
    );
    const work = await addFile(client, id, await zipOf(Object.fromEntries(files)), 'many.zip');
    const params = { id, work: work.id ?? 0 };
    const cancelled = await client.call('cancelDatasetWork', { params });
    expect(['cancelled', 'done']).toContain(cancelled.status);
    expect(await codeOf(client.call('getDatasetWork', { params: { id, work: 999 } }))).toBe(
      'dataset_work_not_found',
    );
  });
});
