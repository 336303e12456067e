/** A desk that shares only the database with the worker that paints: no message reaches the one from the other. */
import { OWNER } from '@limner/contract';
import { afterEach, describe, expect, it } from 'vitest';
import { MemoryBus } from '../src/bus/memory-bus.ts';
import { BusDispatch } from '../src/dispatch/bus-dispatch.ts';
import { openSearch } from '../src/search/open.ts';
import { TaskNews } from '../src/tasks/news.ts';
import { Tasks } from '../src/tasks/tasks.ts';
import { NO_METERS } from '../src/telemetry/meters.ts';
import { ScriptedEngine, tinyPng, untilAborted } from './scripted-engine.ts';
import { startStudio, type TestStudio } from './start-studio.ts';
import { testDialects } from './test-database.ts';

/** The worker writes progress once a second, and looks for work and for a lost lease every few. */
const SOON = { timeout: 20_000 };

describe.each(await testDialects())('a desk in another process, on %s', (_name, dialect) => {
  let studio: TestStudio;
  afterEach(() => studio.close());

  async function start(engine: ScriptedEngine): Promise<Tasks> {
    studio = await startStudio({ engines: [engine], dialect });
    const { db, blobs, log, fileNames } = studio.studio;
    const bus = new MemoryBus();
    const search = openSearch(db, log);
    const news = new TaskNews(db.read, bus, { cleanupDays: 0, nameOf: fileNames.of });
    return new Tasks({
      db,
      search,
      blobs,
      bus,
      dispatch: new BusDispatch(bus),
      news,
      meters: NO_METERS,
      hasBin: true,
    });
  }

  it('reads progress and preview, cancels and retries, each with a greater version', async () => {
    let isStubborn = true;
    const stopped: unknown[] = [];
    const engine = new ScriptedEngine(async (_, { progress, preview, signal }) => {
      if (!isStubborn) return tinyPng;
      progress(0.25);
      preview(tinyPng, 'image/png');
      return untilAborted(signal).catch((reason) => {
        stopped.push(reason);
        throw reason;
      });
    });
    const desk = await start(engine);
    const { id } = await studio.client.call('generate', { body: { prompt: 'a dragon', family: 'scripted' } });
    await expect.poll(async () => (await desk.get(OWNER, id)).progress, SOON).toBe(0.25);
    const painting = await desk.get(OWNER, id);
    expect(painting.frames[0]?.preview_url).toContain(`/api/tasks/${id}/frames/0/preview`);
    expect(Buffer.from((await desk.preview(OWNER, id, 0))?.bytes ?? [])).toEqual(tinyPng);
    expect((await desk.list(OWNER, { limit: 1 })).items[0]?.progress).toBe(0.25);
    expect((await desk.snapshot(OWNER, [id]))[0]).toMatchObject({
      progress: 0.25,
      version: painting.version,
    });

    const cancelled = await desk.cancel(OWNER, id);
    expect(cancelled).toMatchObject({ status: 'cancelled' });
    expect(cancelled.version).toBeGreaterThan(painting.version);
    expect(await desk.preview(OWNER, id, 0)).toBe(null);
    await expect.poll(() => stopped.length, SOON).toBe(1);
    expect((await desk.get(OWNER, id)).status).toBe('cancelled');

    isStubborn = false;
    expect((await desk.retry(OWNER, id)).version).toBeGreaterThan(cancelled.version);
    await expect.poll(async () => (await desk.get(OWNER, id)).status, SOON).toBe('completed');
  });
});
