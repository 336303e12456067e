import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { RecipeStyle } from '@limner/contract';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { storedFile } from '../../../../test/folder-run-files.ts';
import type { ComfyClient } from '../link/client.ts';
import { LoraFolder } from './lora-folder.ts';
import { ServerLoras } from './server-loras.ts';

const STYLE: RecipeStyle = {
  ...{ id: 4, name: 'Ink wash', trigger_words: '', family: 'z-image' },
  lora_path: 'loras/trained-7.safetensors',
};
const NAME = 'trained_style_Ink_wash_trained-7.safetensors';
const LORA = storedFile(Buffer.from('lora'));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'limner-loras-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A server that lists these LoRAs. */
function serverWith(listed: string[]) {
  const uploadFile = vi.fn(async () => {});
  const client = { fileSize: async () => null, modelNames: async () => listed, uploadFile };
  const loras = new ServerLoras(client as unknown as ComfyClient, () => null, new LoraFolder(folder));
  return { loras, uploadFile };
}
const put = (loras: ServerLoras) => loras.put(STYLE, async () => LORA);

it.each([
  ['Linux', `limner/${NAME}`],
  ['Windows', `limner\\${NAME}`],
])('a folder that is shared with a server on %s gets the file, which is not sent again', async (_, name) => {
  const { loras, uploadFile } = serverWith([name]);
  await put(loras);
  expect(await readFile(path.join(folder, 'limner', NAME), 'utf8')).toBe('lora');
  expect(uploadFile).not.toHaveBeenCalled();
});

it('a server that does not list the file of the folder is sent it', async () => {
  const { loras, uploadFile } = serverWith(['other.safetensors']);
  await put(loras);
  expect(uploadFile).toHaveBeenCalledTimes(1);
});

it('nothing else in the folder is touched, and no half of a file stays', async () => {
  await mkdir(path.join(folder, 'limner'));
  await writeFile(path.join(folder, 'limner', 'mine.safetensors'), 'mine');
  const { loras } = serverWith([]);
  await put(loras);
  expect((await readdir(path.join(folder, 'limner'))).sort()).toEqual(['mine.safetensors', NAME]);
});

it('an upload that failed is remembered until one succeeds', async () => {
  const { loras, uploadFile } = serverWith([]);
  uploadFile.mockRejectedValueOnce(new Error('away'));
  await expect(put(loras)).rejects.toThrow('away');
  expect(loras.failureOf(STYLE)).toMatchObject({ message: 'away' });
  await put(loras);
  expect(loras.failureOf(STYLE)).toBeNull();
});
