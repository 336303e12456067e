/** The whole server on Postgres, as DATABASE_URL starts it. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { StartProblem } from '../src/start-problem.ts';
import { testPostgres } from './postgres-server.ts';
import { ScriptedEngine, tinyPng } from './scripted-engine.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

const { version } = await testPostgres();
let studio: TestStudio | null = null;
let dataDir: string | null = null;

const start = async (engine: ScriptedEngine) => {
  dataDir ??= await mkdtemp(path.join(os.tmpdir(), 'limner-test-'));
  studio = await startStudio({ dialect: 'postgres', dataDir, engines: [engine] });
  return studio;
};

afterEach(async () => {
  await studio?.close();
  if (dataDir) await rm(dataDir, { recursive: true, force: true });
  [studio, dataDir] = [null, null];
});

const batch = { body: { prompt: '一条红色的龙', family: 'scripted', seed: 7, batch_size: 3 } };

describe(`the server on ${version ?? 'PGlite'}`, () => {
  it('paints, finds, stars and deletes, and knows it all after a restart', async () => {
    const { client } = await start(new ScriptedEngine());
    const { id } = await client.call('generate', batch);
    expect(await studio?.ended(id)).toMatchObject({ status: 'completed', output_paths: expect.any(Array) });
    await client.call('starOutputs', { body: { outputs: [`${id}_1`], starred: true } });
    await client.call('deleteOutput', { params: { id: `${id}_2` } });
    await studio?.close();
    const again = await start(new ScriptedEngine());
    const found = await again.client.tasks({ text: '红色', starred: 'true', status: 'completed' });
    expect(found.items.map((task) => [task.id, task.total_frames])).toEqual([[id, 2]]);
    const task = await again.client.call('getTask', { params: { id } });
    expect(task.frames.map((frame) => frame.seed)).toEqual([7, 8]);
    const picture = await fetch(`${again.url}${task.output_paths[0]}`);
    expect(picture.headers.get('content-type')).toBe('image/png');
    const { parts } = await again.client.call('storage', {});
    expect(parts.find(({ part }) => part === 'database')?.size_bytes).toBeGreaterThan(100_000);
  });

  it('goes on with a batch that a stop broke off, and paints no frame twice', async () => {
    const first = new ScriptedEngine((_, { frame, signal }) =>
      frame === 0
        ? tinyPng
        : new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    );
    const { client } = await start(first);
    const { id } = await client.call('generate', batch);
    await expect
      .poll(async () => (await client.call('getTask', { params: { id } })).frames.map(({ status }) => status))
      .toEqual(['completed', 'running', expect.any(String)]);
    await studio?.close();
    const second = new ScriptedEngine();
    await start(second);
    expect((await studio?.ended(id))?.status).toBe('completed');
    expect(second.runs.map(({ frame }) => frame).sort()).toEqual([1, 2]);
  });

  it.skipIf(version === null)('is refused to a second Limner with another data folder', async () => {
    const { studio: running } = await start(new ScriptedEngine());
    const { database } = running.config;
    const url = database.dialect === 'postgres' ? database.url : '';
    const problem = await startStudio({
      dialect: 'sqlite',
      environ: { DATABASE_URL: url },
      engines: [],
    }).catch((error) => error);
    expect(problem).toBeInstanceOf(StartProblem);
    expect(problem.texts.en).toMatch(/Another Limner is using this database with another data folder/);
    expect(problem.exitCode).toBe(3);
  });

  it.skipIf(version === null)(
    'serves two Limners that share it and their folder, under two names',
    async () => {
      const first = await start(new ScriptedEngine());
      const second = await startStudio({
        dialect: 'postgres',
        dataDir: first.dataDir,
        engines: [new ScriptedEngine()],
      });
      expect(second.studio.name).not.toBe(first.studio.name);
      expect(second.studio.comfyClientId).not.toBe(first.studio.comfyClientId);
      const { id } = await first.client.call('generate', batch);
      expect((await second.ended(id)).output_paths).toHaveLength(3);
      const refused = await startStudio({
        dialect: 'postgres',
        dataDir: first.dataDir,
        engines: [],
        environ: { LIMNER_PROCESS_NAME: first.studio.name },
      }).catch((error) => error);
      expect([refused.exitCode, refused.texts?.en]).toEqual([3, expect.stringContaining('another name')]);
      const { name } = second.studio;
      await second.close();
      const again = await startStudio({ dialect: 'postgres', dataDir: first.dataDir, engines: [] });
      expect(again.studio.name).toBe(name);
      await again.close();
    },
  );
});
