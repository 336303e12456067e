import { afterEach, describe, expect, it } from 'vitest';
import { ONE_PROCESS } from './process/skipping.ts';
import { ScriptedEngine, tinyPng } from './scripted-engine.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

let studio: TestStudio;
afterEach(() => studio.close());

describe.runIf(ONE_PROCESS)('a process that was asked to stop', () => {
  it('is not ready for more, finishes what it paints, answers, and leaves what waits', async () => {
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const engine = new ScriptedEngine(() => released.then(() => tinyPng));
    studio = await startStudio({ engines: [engine], environ: { MAX_CONCURRENT_TASKS: '1' } });
    const ready = async () => {
      const answer = await fetch(`${studio.url}/readyz`);
      return [answer.status, await answer.json()];
    };
    const generate = () =>
      studio.client.call('generate', { body: { prompt: 'a star', width: 64, height: 64 } });
    expect(await ready()).toEqual([200, { status: 'ready', database: 'ok', storage: 'ok' }]);
    const first = await generate();
    await expect.poll(() => engine.runs.length).toBe(1);

    studio.studio.announceDrain();
    expect(await ready()).toEqual([503, { status: 'stopping', database: 'ok', storage: 'ok' }]);
    expect((await fetch(`${studio.url}/healthz`)).status).toBe(200);
    const second = await generate();
    release();
    expect((await studio.ended(first.id)).status).toBe('completed');
    const { status } = await studio.client.call('getTask', { params: { id: second.id } });
    expect([status, engine.runs.length]).toEqual(['queued', 1]);
  });

  it('is not ready while its database does not answer', async () => {
    let isBroken = false;
    studio = await startStudio({
      engines: [new ScriptedEngine()],
      around: (db) => ({
        ...db,
        dialect: db.dialect,
        size: () => db.size(),
        close: () => db.close(),
        write: (work, options) => db.write(work, options),
        get read() {
          if (isBroken) throw new Error('gone');
          return db.read;
        },
      }),
    });
    expect((await fetch(`${studio.url}/readyz`)).status).toBe(200);
    isBroken = true;
    const answer = await fetch(`${studio.url}/readyz`);
    isBroken = false;
    expect([answer.status, await answer.json()]).toEqual([
      503,
      { status: 'not_ready', database: 'failed', storage: 'ok' },
    ]);
  });
});
