import { StudioError } from '@limner/contract';
import { afterEach, expect, it } from 'vitest';
import { ScriptedEngine, tinyPng } from './scripted-engine.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

let studio: TestStudio;
afterEach(() => studio.close());

it('says what runs, what waits, what failed, and where things are', async () => {
  const engine = new ScriptedEngine(({ prompt }) => {
    if (prompt === 'fails') throw new StudioError('engine_refused', { data: { server: 'x' }, again: false });
    return tinyPng;
  });
  studio = await startStudio({ engines: [engine], dialect: 'sqlite', files: 'disk' });
  const generate = (prompt: string) =>
    studio.client.call('generate', { body: { prompt, width: 64, height: 64 } });
  for (const prompt of ['fails', 'fails']) await studio.ended((await generate(prompt)).id);
  await studio.client.call('pauseLane', { params: { lane: 'scripted' }, body: { paused: true } });
  await generate('waits');
  const status = await studio.client.call('status', {});
  expect(status.processes).toMatchObject([{ role: 'serve', paints: true, alive: true, is_this: true }]);
  const lane = status.lanes.find(({ id }) => id === 'scripted');
  expect(lane).toMatchObject({ queued: 1, running: 0, paused: true, engine: { en: 'Scripted' } });
  expect(lane?.oldest_seconds).toBeGreaterThanOrEqual(0);
  expect(status.errors).toMatchObject([
    { code: 'engine_refused', count: 2, error: { code: 'engine_refused', data: { server: 'x' } } },
  ]);
  expect(status.database).toMatchObject({ kind: 'sqlite' });
  expect(status.storage.kind).toBe('folder');
  expect(status.redis).toBeNull();
  expect(status.problems).toEqual([
    {
      what: expect.objectContaining({ en: expect.stringContaining('the lane is paused') }),
      cure: expect.anything(),
    },
  ]);
});
