/** A data folder on a small file system. Needs the right to mount one, so it runs on Linux as root alone. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ScriptedEngine } from './scripted-engine.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

let folder: string;
let mounted = false;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'limner-full-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', folder], { stdio: 'ignore' });
    mounted = true;
  } catch {
    // not root, or not Linux
  }
});

afterAll(async () => {
  if (mounted) execFileSync('umount', ['-l', folder]);
  await rm(folder, { recursive: true, force: true });
});

const noisy = () => {
  const raw = { width: 256, height: 256, channels: 4 as const };
  return sharp(randomBytes(256 * 256 * 4), { raw })
    .png()
    .toBuffer();
};

const fill = async (name: string, sizeBytes: number) =>
  writeFile(path.join(folder, name), Buffer.alloc(sizeBytes)).catch(() => undefined);
/** To the last byte. */
const fillUp = async () => {
  for (const sizeBytes of [1024 ** 2, 4096, 1]) {
    for (let index = 0; index < 64; index += 1) {
      const file = path.join(folder, `filler-${sizeBytes}-${index}-${Date.now()}`);
      const written = await writeFile(file, Buffer.alloc(sizeBytes)).then(
        () => true,
        () => false,
      );
      if (!written) break;
    }
  }
};
const upload = async (studio: TestStudio) =>
  studio.client.call('upload', { file: new Blob([new Uint8Array(await noisy())]), fileName: 'a.png' });
const generate = (studio: TestStudio, batch_size: number) =>
  studio.client.call('generate', { body: { prompt: 'noise', family: 'scripted', batch_size } });

it('a disk that fills up fails the pictures that no longer fit, keeps the others, and a retry finishes them', async (context) => {
  if (!mounted) return context.skip('no right to mount a small file system');
  const studio = await startStudio({ dataDir: folder, engines: [new ScriptedEngine(() => noisy())] });
  try {
    await fill('filler', 8 * 1024 ** 2);
    const { id } = await generate(studio, 32);
    const task = await studio.ended(id);
    expect(task.status).toBe('partial');
    const failed = task.frames.filter((frame) => frame.status === 'failed');
    expect(new Set(failed.map((frame) => frame.error?.code))).toEqual(new Set(['disk_full']));
    const kept = task.frames.filter((frame) => frame.status === 'completed');
    expect(kept.every((frame) => existsSync(path.join(folder, frame.output?.url ?? '')))).toBe(true);
    expect((await readdir(path.join(folder, '.tmp'))).filter((name) => name !== 'incoming')).toEqual([]);
    await expect(upload(studio)).rejects.toMatchObject({ code: 'disk_full', status: 507 });

    await rm(path.join(folder, 'filler'));
    await studio.client.call('retryTask', { params: { id } });
    const again = await studio.ended(id);
    expect(again.frames.map((frame) => frame.error?.code).filter(Boolean)).toEqual([]);
    expect(again.status).toBe('completed');
  } finally {
    await studio.close();
  }
});

it('a disk without a byte left refuses new tasks, and takes them again when there is room', async (context) => {
  if (!mounted) return context.skip('no right to mount a small file system');
  const studio = await startStudio({ dataDir: folder, engines: [new ScriptedEngine()] });
  try {
    for (let index = 0; index < 50; index += 1) await fill(`filler${index}`, 1024 ** 2);
    const refusals: unknown[] = [];
    // The last free pages may still take a few rows.
    for (let turn = 0; turn < 200 && refusals.length === 0; turn += 1) {
      await generate(studio, 32).catch((error) => refusals.push(error));
    }
    expect(refusals[0]).toMatchObject({ code: 'disk_full', status: 507 });
    for (let index = 0; index < 50; index += 1)
      await rm(path.join(folder, `filler${index}`), { force: true });
    const { id } = await generate(studio, 1);
    expect(await studio.client.call('getTask', { params: { id } })).toMatchObject({ id });
  } finally {
    await studio.close();
  }
});

it('a disk that others filled to the last byte still lets tasks be deleted', async (context) => {
  if (!mounted) return context.skip('no right to mount a small file system');
  for (const name of await readdir(folder)) await rm(path.join(folder, name), { recursive: true });
  const studio = await startStudio({ dataDir: folder, engines: [new ScriptedEngine(() => noisy())] });
  try {
    const tasks = [await generate(studio, 4), await generate(studio, 4), await generate(studio, 4)];
    for (const { id } of tasks) expect((await studio.ended(id)).status).toBe('completed');
    const [one, ...others] = tasks.map(({ id }) => id);
    await fillUp();
    await studio.client.call('deleteTask', { params: { id: one ?? 0 } });
    await studio.client.call('deleteTasks', { body: { tasks: others } });
    expect((await studio.client.tasks({})).items).toEqual([]);
    expect(await studio.client.call('emptyBin', { body: {} })).toMatchObject({ removed: 3 });
    await expect.poll(() => readdir(path.join(folder, 'outputs'))).toEqual([]);
    for (const name of await readdir(folder))
      if (name.startsWith('filler')) await rm(path.join(folder, name), { force: true });
    // What is held back for the next time is there again.
    const again = await generate(studio, 1);
    await studio.ended(again.id);
    await studio.client.call('emptyBin', { body: {} });
    await fillUp();
    await studio.client.call('deleteTask', { params: { id: again.id } });
  } finally {
    await studio.close();
  }
});

it('a disk that is full at the start is not taken for another Limner', async (context) => {
  if (!mounted) return context.skip('no right to mount a small file system');
  for (const name of await readdir(folder)) await rm(path.join(folder, name), { recursive: true });
  await fill('filler', 64 * 1024 ** 2);
  await expect(startStudio({ dataDir: folder, engines: [new ScriptedEngine()] })).rejects.toThrow(/full/);
});
