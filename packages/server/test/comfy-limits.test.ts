/** Servers that send too much, endlessly or nothing: each gives a named error and takes bounded memory. */
import { afterEach, describe, expect, it } from 'vitest';
import type { ComfyEngine, ComfyEngineOptions } from '../src/engines/comfy/comfy-engine.ts';
import { ComfyClient } from '../src/engines/comfy/link/client.ts';
import { timing } from '../src/engines/comfy/run/job-timing.ts';
import { FakeComfy, type FakeOptions } from './fake-comfy/fake-comfy.ts';
import { Desk, engineFor, frame, until } from './fake-comfy/fake-frames.ts';
import { startStudio } from './start-studio.ts';

let fake: FakeComfy;
let engine: ComfyEngine | null = null;

async function studio(faults: FakeOptions['faults'], options: Partial<ComfyEngineOptions> = {}) {
  fake = await FakeComfy.start({ faults: faults ?? {} });
  engine = engineFor([fake], options);
  return engine;
}

const status = async () => (await engine?.health())?.[0]?.status;

afterEach(async () => {
  await engine?.close();
  engine = null;
  await fake.close();
});

const MIB = 2 ** 20;

describe('an answer that never ends', () => {
  it.each([
    ['/system_stats', (client: ComfyClient) => client.systemStats(), 8 * MIB],
    ['/features', (client: ComfyClient) => client.maxUploadBytes(), 8 * MIB],
    ['/object_info', (client: ComfyClient) => client.objectInfo(), 64 * MIB],
    ['/queue', (client: ComfyClient) => client.queue(), 48 * MIB],
    ['/history', (client: ComfyClient) => client.history('x'), 48 * MIB],
    ['/prompt', (client: ComfyClient) => client.submit({ graph: {}, promptId: 'x', clientId: 'y' }), 8 * MIB],
  ])('at %s is cut off and named', async (endless, ask, mostBytes) => {
    fake = await FakeComfy.start({ faults: { endless } });
    const client = new ComfyClient({ name: 'hostile', url: fake.url });
    await expect(ask(client)).rejects.toMatchObject({
      code: 'engine_answer_too_large',
      data: { engine: 'hostile' },
    });
    expect(fake.sentBytes).toBeLessThan(mostBytes);
    await client.close();
  });

  it('that comes byte by byte ends at its deadline', async () => {
    fake = await FakeComfy.start({ faults: { trickling: '/system_stats' } });
    const client = new ComfyClient({ name: 'slow', url: fake.url });
    await expect(client.systemStats(undefined, 200)).rejects.toMatchObject({ code: 'engine_not_responding' });
    await client.close();
  });

  it('in place of a picture ends at the largest that is taken, and is not held', async () => {
    fake = await FakeComfy.start({ faults: { endless: '/view' } });
    const client = new ComfyClient({ name: 'hostile', url: fake.url });
    const file = { filename: 'a.png', subfolder: '', type: 'output' };
    const answer = await client.view(file);
    const readAll = async () => {
      for await (const _ of answer?.chunks ?? []);
    };
    await expect(readAll()).rejects.toMatchObject({ code: 'engine_answer_too_large' });
    expect(fake.sentBytes).toBeLessThan(300 * MIB);
    await client.close();
  });

  it('of a server that is added leaves the studio answering, with the reason on the server', async () => {
    fake = await FakeComfy.start({ faults: { endless: '/' } });
    const made = await startStudio({ engines: [] });
    const added = await made.client.call('addEngine', { body: { url: fake.url, name: 'hostile' } });
    expect(added.status).toBe('unreachable');
    const [missing] = added.missing;
    expect(missing?.cure.en).toContain('more than 1 MiB');
    expect(missing?.cure.zh).toContain('1 MiB');
    expect(fake.sentBytes).toBeLessThan(40 * MIB);
    await made.close();
  });
});

describe('a server that is frozen', () => {
  const quick = { pingMs: 20, silentMs: 60, deadMs: 60_000 };

  it('is said to be not responding, gets nothing new, and carries on when it answers again', async () => {
    const made = await studio({ promptMs: 200 }, { timing: quick });
    await until(async () => (await status()) === 'ready');
    const first = made.run(frame(), new Desk());
    await until(() => fake.executed.length === 1);
    fake.faults.frozen = true;
    await until(async () => (await status()) === 'not_responding');
    const [health] = await made.health();
    expect(health?.missing[0]?.cure).toMatchObject({
      en: expect.stringContaining('takes connections but does not answer'),
      zh: expect.stringContaining('没有回应'),
    });
    const second = made.run(frame({ seed: 2 }), new Desk({ frame: 1 }));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(fake.count('POST /prompt')).toBe(1);
    fake.faults.frozen = false;
    await Promise.all([first, second]);
    expect(await status()).toMatch(/ready|busy/);
    expect(fake.sockets.accepted).toBe(1);
  });

  it('is reported by default within fifteen seconds', () => {
    const { silentMs, pingMs, healthMs, probeMs } = timing(600_000);
    // Silence is noticed at a ping; without a socket a probe must fail.
    expect(silentMs + pingMs).toBeLessThan(15_000);
    expect(healthMs + probeMs).toBeLessThan(15_000);
    expect(silentMs).toBeGreaterThan(2 * pingMs);
  });

  it('from the start is reported as such, and the list of engines answers at once', async () => {
    const made = await studio({ frozen: true }, { timing: { ...quick, probeMs: 80 } });
    await until(async () => (await status()) === 'not_responding');
    fake.faults.frozen = false;
    await until(async () => (await status()) === 'ready');
    expect(made.missing('plain')).toEqual([]);
  });
});

it('a socket that is never greeted is given up, and prompts are followed by asking', async () => {
  const made = await studio({ silentSocket: true }, { timing: { handshakeMs: 50 } });
  await until(async () => (await status()) === 'ready');
  expect(await made.run(frame(), new Desk())).toHaveLength(1);
});

describe('a newer ComfyUI', () => {
  it('takes our prompt ids, is asked about jobs by id, and shows previews', async () => {
    const made = await studio({ newer: true, promptMs: 60 });
    await until(() => made.missing('plain').length === 0);
    const desk = new Desk();
    expect(await made.run(frame(), desk)).toHaveLength(1);
    expect(desk.previews.length).toBeGreaterThan(0);
    expect(fake.count('GET /jobs')).toBeGreaterThan(1);
    expect(fake.count('GET /history') + fake.count('GET /queue')).toBe(0);
  });

  it('cancels a prompt by its id and leaves the others', async () => {
    const made = await studio({ newer: true, promptMs: 400 });
    await until(() => made.missing('plain').length === 0);
    const desk = new Desk();
    const run = made.run(frame(), desk).catch((error: unknown) => error);
    await until(() => fake.executed.length === 1);
    desk.abort.abort(new Error('cancelled'));
    await run;
    await until(() => fake.queue.remaining === 0);
    expect(fake.count('POST /jobs')).toBe(1);
    expect(fake.count('POST /interrupt') + fake.count('POST /queue')).toBe(0);
  });
});
