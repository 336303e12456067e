import { OWNER } from '@limner/contract';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Cleanup } from '../src/tasks/cleanup.ts';
import { setOutputsAside } from '../src/tasks/orphans.ts';
import { planCleanup } from '../src/tasks/store/cleanup-plan.ts';
import { ScriptedEngine, tinyPng, untilAborted } from './scripted-engine.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

const DAY_MS = 86_400_000;

let studio: TestStudio;
let cleanup: Cleanup;

beforeEach(async () => {
  const engine = new ScriptedEngine(({ prompt }, { signal }) =>
    prompt === 'for ever' ? untilAborted(signal) : tinyPng,
  );
  studio = await startStudio({ engines: [engine] });
  const { db, blobs, log } = studio.studio;
  cleanup = new Cleanup({ db, blobs, log, news: { deleted: () => undefined }, days: 7, hasBin: false });
});
afterEach(() => studio.close());

const body = (rest: object = {}) => ({ prompt: 'a red dragon', family: 'scripted', ...rest });
const here = (url: string) => studio.stored.has(url);

it('takes ended tasks after their days, with their files, and leaves younger ones', async () => {
  const { id } = await studio.client.call('generate', { body: body() });
  const { output_paths } = await studio.ended(id);
  const picture = output_paths[0] ?? '';
  await fetch(`${studio.url}${picture}?w=128`);
  await cleanup.removeOld(Date.now() + 6 * DAY_MS);
  expect(await here(picture)).toBe(true);
  await cleanup.removeOld(Date.now() + 8 * DAY_MS);
  expect(await here(picture)).toBe(false);
  await expect(studio.client.call('getTask', { params: { id } })).rejects.toMatchObject({
    code: 'task_not_found',
  });
});

it('leaves an old task, and what it was made from, while another that has not ended needs its picture', async () => {
  const upload = await studio.client.call('upload', {
    file: new Blob([new Uint8Array(tinyPng)]),
    fileName: 'a.png',
  });
  const img2img = (input_image: string, rest: object = {}) =>
    studio.client.call('generate', { body: body({ type: 'img2img', input_image, ...rest }) });
  const old = await img2img(upload.id);
  const { output_paths } = await studio.ended(old.id);
  const picture = output_paths[0] ?? '';
  const reader = await img2img(picture, { prompt: 'for ever' });
  const { db } = studio.studio;
  const later = Date.now() + 8 * DAY_MS;
  expect(await planCleanup(OWNER, db.read, later, later)).toMatchObject({ tasks: 0, uploads: 0 });
  await cleanup.removeOld(later);
  expect([await here(picture), await here(upload.url)]).toEqual([true, true]);
  await studio.client.call('cancelTask', { params: { id: reader.id } });
  await cleanup.removeOld(later);
  expect([await here(picture), await here(upload.url)]).toEqual([false, false]);
});

it('takes uploads that no task uses, and only those', async () => {
  const upload = () =>
    studio.client.call('upload', { file: new Blob([new Uint8Array(tinyPng)]), fileName: 'a.png' });
  const [used, unused] = [await upload(), await upload()];
  const made = await studio.client.call('generate', {
    body: body({ type: 'img2img', input_image: used.id }),
  });
  await studio.ended(made.id);
  // The task is as old as the uploads; it is kept here so that what it uses can be seen to stay.
  await studio.studio.db.write((trx) =>
    trx
      .updateTable('tasks')
      .set({ completed_at: Date.now() + 9 * DAY_MS })
      .execute(),
  );
  await cleanup.removeOld(Date.now() + 8 * DAY_MS);
  expect([await here(used.url), await here(unused.url)]).toEqual([true, false]);
});

it('sets whole files aside whose row was never written, but no file of a frame with work and none of a stranger', async () => {
  const { id } = await studio.client.call('generate', { body: body({ batch_size: 2 }) });
  await studio.ended(id);
  await studio.studio.db.write(async (trx) => {
    await trx.deleteFrom('outputs').where('task_id', '=', id).where('frame_index', '=', 1).execute();
    await trx
      .updateTable('frames')
      .set({ status: 'running' })
      .where('task_id', '=', id)
      .where('frame_index', '=', 1)
      .execute();
  });
  const names = ['9999_0.png', 'holiday.png', `${id}_0.png`, `${id}_1.png`];
  for (const name of names) await studio.stored.write(`outputs/${name}`, Buffer.from('x'));
  const { db, blobs, log } = studio.studio;
  await setOutputsAside({ db, blobs, log }, Date.now() + 10_000);
  expect(await Promise.all(names.map((name) => here(`/outputs/${name}`)))).toEqual([false, true, true, true]);
  const day = new Date().toISOString().slice(0, 10);
  expect(await here(`set-aside/${day}/outputs/9999_0.png`)).toBe(true);
  const { parts } = await studio.client.call('storage', {});
  expect(parts.find(({ part }) => part === 'set_aside')).toMatchObject({ files: 1, size_bytes: 1 });
});

it('keeps every picture if no age is set, and removes only tasks without pictures', async () => {
  const { db, blobs, log } = studio.studio;
  const keeping = new Cleanup({ db, blobs, log, news: { deleted: () => undefined }, days: 0, hasBin: false });
  const upload = await studio.client.call('upload', {
    file: new Blob([new Uint8Array(tinyPng)]),
    fileName: 'a.png',
  });
  const { id } = await studio.client.call('generate', { body: body() });
  const { output_paths } = await studio.ended(id);
  const cancelled = await studio.client.call('generate', { body: body({ prompt: 'for ever' }) });
  await studio.client.call('cancelTask', { params: { id: cancelled.id } });
  const exists = async (task: number) => (await fetch(`${studio.url}/api/tasks/${task}`)).status === 200;
  await keeping.removeOld(Date.now() + 6 * DAY_MS);
  expect([await here(upload.url), await exists(cancelled.id)]).toEqual([true, true]);
  await keeping.removeOld(Date.now() + 900 * DAY_MS);
  expect([await here(upload.url), await exists(cancelled.id)]).toEqual([false, false]);
  expect([await here(output_paths[0] ?? ''), await exists(id)]).toEqual([true, true]);
});

it('every answer says when a task is cleaned up, and the clean-up keeps that date', async () => {
  const { id: kept } = await studio.client.call('generate', { body: body() });
  expect((await studio.ended(kept)).expires_at).toBeNull();
  const dated = await startStudio({
    engines: [new ScriptedEngine()],
    environ: { TASK_CLEANUP_DAYS: '7', BIN_DAYS: '0' },
  });
  try {
    const { id } = await dated.client.call('generate', { body: body() });
    const { completed_at, expires_at } = await dated.ended(id);
    const atMs = Date.parse(expires_at ?? '');
    expect(atMs - Date.parse(completed_at ?? '')).toBe(7 * DAY_MS);
    expect((await dated.client.tasks({})).items.map((item) => item.expires_at)).toEqual([expires_at]);
    const [event] = await dated.studio.tasks.snapshot(OWNER, [id]);
    expect(event?.expires_at).toBe(expires_at);
    const star = (starred: boolean) =>
      dated.client.call('starOutputs', { body: { outputs: [`${id}_0`], starred } });
    await star(true);
    expect(await dated.client.call('getTask', { params: { id } })).toMatchObject({ expires_at: null });
    await star(false);
    const { db, blobs, log } = dated.studio;
    const news = { deleted: () => undefined };
    const byAge = new Cleanup({ db, blobs, log, news, days: 7, hasBin: false });
    expect(await byAge.removeOld(atMs)).toMatchObject({ tasks: 0 });
    expect(await byAge.removeOld(atMs + 1)).toMatchObject({ tasks: 1 });
  } finally {
    await dated.close();
  }
});
