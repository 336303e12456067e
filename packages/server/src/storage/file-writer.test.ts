import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { bundled } from '../../test/bundle.ts';
import { serverDir } from '../../test/places.ts';
import { FileWriter } from './file-writer.ts';

const entry = await bundled(path.join(serverDir, 'src', 'storage', 'file-thread.ts'));
let root: string;
let writer: FileWriter;

beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'limner-writer-'));
  writer = new FileWriter(entry);
});
afterEach(async () => {
  await writer.close();
  await rm(root, { recursive: true, force: true });
});

const write = (name: string, text: string, folder = root) =>
  writer.write({
    temporary: path.join(root, `${name}.half`),
    target: path.join(folder, name),
    bytes: Buffer.from(text),
  });

it('puts many files at their places at once, each with its own bytes and hash', async () => {
  const names = Array.from({ length: 40 }, (_, index) => `picture-${index}`);
  const hashes = await Promise.all(names.map((name) => write(name, name)));
  expect(new Set(hashes).size).toBe(names.length);
  for (const name of names) expect(await readFile(path.join(root, name), 'utf8')).toBe(name);
});

it('reports the failure of one file, leaves nothing of it and writes the others', async () => {
  const nowhere = path.join(root, 'nowhere');
  const [lost, kept] = await Promise.allSettled([write('a', 'a', nowhere), write('b', 'b')]);
  expect(lost).toMatchObject({ status: 'rejected', reason: { code: 'ENOENT' } });
  expect(kept.status).toBe('fulfilled');
  expect(await readdir(root)).toEqual(['b']);
});

it('starts again after its thread died', async () => {
  await write('a', 'a');
  const dying = write('b', 'b'.repeat(30_000_000));
  await writer.close();
  await expect(dying).rejects.toThrow('ended');
  await write('c', 'c');
  expect(await readFile(path.join(root, 'c'), 'utf8')).toBe('c');
});
