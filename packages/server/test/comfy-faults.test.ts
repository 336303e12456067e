/** Each way a ComfyUI can go wrong has its right ending: a picture, or an error that names what happened. */
import type { ErrorCode, StudioError } from '@limner/contract';
import { afterEach, describe, expect, it } from 'vitest';
import type { ComfyEngine, ComfyEngineOptions } from '../src/engines/comfy/comfy-engine.ts';
import { FakeComfy, type FakeOptions } from './fake-comfy/fake-comfy.ts';
import { bytesOf, Desk, engineFor, frame, picture, until } from './fake-comfy/fake-frames.ts';

let fake: FakeComfy;
let engine: ComfyEngine;

async function studio(faults: FakeOptions['faults'], options: Partial<ComfyEngineOptions> = {}) {
  fake = await FakeComfy.start({ faults: faults ?? {} });
  engine = engineFor([fake], options);
  await until(() => engine.missing('plain').length === 0);
}

afterEach(async () => {
  await engine.close();
  await fake.close();
});

const failure = (run: Promise<unknown>): Promise<StudioError> =>
  run.then(
    () => Promise.reject(new Error('it should have failed')),
    (error) => error,
  );

async function failsWith(code: ErrorCode, desk = new Desk()): Promise<StudioError> {
  const error = await failure(engine.run(frame(), desk));
  expect(error).toMatchObject({ name: 'StudioError', code });
  expect(error.message).not.toMatch(/\/srv|traceback/i);
  return error;
}

const paints = async (desk = new Desk()) => bytesOf((await engine.run(frame(), desk))[0]);

describe('a ComfyUI that goes wrong', () => {
  it('slow: the frame takes its time', async () => {
    await studio({ promptMs: 300 });
    expect((await paints()).length).toBeGreaterThan(0);
  });

  it('mute socket: the result is found by asking, and a new socket is opened under a new id', async () => {
    await studio({ muteSocket: true });
    await paints();
    await until(() => fake.sockets.accepted > 1);
    fake.faults.muteSocket = false;
    const desk = new Desk({ frame: 1 });
    await until(async () => {
      await engine.run(
        frame({ seed: Math.floor(Math.random() * 1e6) }),
        Object.assign(desk, { ticket: null }),
      );
      return desk.previews.length > 0;
    });
  });

  it('no socket at all: everything works by asking', async () => {
    await studio({ refuseSocket: true, promptMs: 60 });
    expect((await paints()).length).toBeGreaterThan(0);
    expect((await engine.health())[0]?.note?.en).toContain('WebSocket cannot be opened');
  });

  it('dropped sockets: it connects again and loses nothing', async () => {
    await studio({ cutSocketAfter: 5, promptMs: 100 });
    const runs = [1, 2, 3].map((seed) => engine.run(frame({ seed }), new Desk({ frame: seed })));
    expect(await Promise.all(runs)).toHaveLength(3);
    expect(fake.sockets.accepted).toBeGreaterThan(1);
    expect(fake.executed).toHaveLength(3);
  });

  it('dies in mid prompt and comes back empty: the job is lost, the next try paints', async () => {
    await studio({ dieAtPrompt: 1, promptMs: 50 });
    const desk = new Desk();
    await failsWith('job_lost', desk);
    expect((await paints(desk)).length).toBeGreaterThan(0);
    expect(new Set(fake.executed).size).toBe(2);
  });

  it('dies and stays away: the job is lost as soon as its port is closed', async () => {
    await studio({ hang: true }, { timing: { goneMs: 60 } });
    const run = failure(engine.run(frame(), new Desk()));
    await until(() => fake.executed.length === 1);
    await fake.crash();
    expect(await run).toMatchObject({ code: 'job_lost' });
  });

  it('500s now and then: the prompt is sent again once it is known not to be there', async () => {
    await studio({});
    fake.faults.serverErrors = { path: '/prompt', times: 2 };
    await paints();
    expect(fake.executed).toHaveLength(1);
  });

  it('500s for ever: the frame fails and says so', async () => {
    await studio({});
    fake.faults.serverErrors = { path: '/prompt', times: Number.POSITIVE_INFINITY };
    const error = await failsWith('engine_failed');
    expect(error.message).toContain('HTTP 500');
  });

  it('500s while it is asked for the result: it is asked again', async () => {
    await studio({ muteSocket: true, promptMs: 50 });
    fake.faults.serverErrors = { path: '/history', times: 3 };
    await paints();
    expect(fake.executed).toHaveLength(1);
  });

  it('breaks the connection after it took the prompt: the prompt is found, not sent twice', async () => {
    await studio({ breakAnswers: 1, promptMs: 100 });
    await paints();
    expect(fake.executed).toHaveLength(1);
    expect(fake.count('POST /prompt')).toBe(1);
  });

  it.each([true, false])(
    'is sent nodes that wait for each other: it refuses them (newer: %s)',
    async (newer) => {
      await studio({ newer });
      const prompt = {
        '1': { class_type: 'ImageScale', inputs: { image: ['2', 0] } },
        '2': { class_type: 'ImageScale', inputs: { image: ['1', 0] } },
        '3': { class_type: 'SaveImage', inputs: { images: ['2', 0], filename_prefix: 'x' } },
      };
      const body = JSON.stringify({ prompt, prompt_id: crypto.randomUUID() });
      const answer = await fetch(`${fake.url}/prompt`, { method: 'POST', body });
      const { error, node_errors } = (await answer.json()) as Record<string, Record<string, unknown>>;
      expect([answer.status, error?.type]).toEqual([400, 'prompt_outputs_failed_validation']);
      const details = '2 (ImageScale) -> 1 (ImageScale) -> 2 (ImageScale)';
      const errors = [expect.objectContaining({ type: 'dependency_cycle', details })];
      expect(node_errors).toMatchObject(newer ? { '1': { errors }, '2': { errors } } : {});
      await paints();
    },
  );

  it('refuses validation: node, input and reason are named', async () => {
    const details = "ckpt_name: 'x.safetensors' not in (list of length 30)";
    await studio({
      refuse: { classType: 'CheckpointLoaderSimple', input: 'ckpt_name', type: 'value_not_in_list', details },
    });
    const error = await failsWith('engine_refused');
    expect(error.data).toMatchObject({ node: 'CheckpointLoaderSimple #1', field: 'ckpt_name' });
    expect(error.message).toContain('does not have "x.safetensors"');
    expect(fake.executed).toHaveLength(0);
  });

  it('out of memory on the first prompt: memory is freed, and the next try paints', async () => {
    await studio({ outOfMemoryAt: [1] });
    const desk = new Desk();
    await failsWith('out_of_memory', desk);
    await until(() => fake.queue.freed.length === 1);
    expect(fake.queue.freed).toEqual([{ unload_models: true, free_memory: true }]);
    expect((await paints(desk)).length).toBeGreaterThan(0);
  });

  it('frees nothing between healthy frames', async () => {
    await studio({});
    for (const seed of [1, 2, 3]) await engine.run(frame({ seed }), new Desk({ frame: seed }));
    expect(fake.queue.freed).toEqual([]);
  });

  it('a node that fails: it and its reason are named, without the folders of the server', async () => {
    const message =
      'Error while deserializing header: /srv/comfy/models/vae/ae.safetensors is cut short\nmore';
    await studio({ failingNode: { classType: 'VAEDecode', message } });
    const error = await failsWith('engine_node_failed');
    expect(error.data).toMatchObject({ node: 'VAEDecode #6' });
    expect(error.message).toContain('ae.safetensors is cut short');
  });

  it('no output: a frame without a picture is never done', async () => {
    await studio({ noOutput: true });
    await failsWith('no_image');
  });

  it('files that are gone for good: no picture either', async () => {
    await studio({ missingFiles: 100 });
    await failsWith('no_image');
  });

  it('duplicate and foreign events: they change nothing', async () => {
    await studio({ noise: true, promptMs: 40 });
    const desk = new Desk();
    await paints(desk);
    expect(desk.fractions).toEqual(desk.fractions.toSorted((a, b) => a - b));
    expect(fake.executed).toHaveLength(1);
  });

  it('history that comes late: it is asked for again', async () => {
    await studio({ historyDelayMs: 120 });
    await paints();
  });

  it('hangs in mid prompt: given up after the time without a sign of life, and stopped', async () => {
    await studio({ hang: true }, { timing: { runningMs: 150 } });
    const desk = new Desk();
    await failsWith('frame_timeout', desk);
    await until(() => fake.queue.remaining === 0);
    expect(desk.ticket).toBeNull();
  });

  it('is full of work of others: waiting counts on its own and is longer', async () => {
    await studio({ promptMs: 900 }, { timing: { runningMs: 600, waitingMs: 10_000, pollMs: 30 } });
    const stranger = fake.queue;
    const { graph } = await import('./fake-comfy/fake-frames.ts').then(({ plainFamily }) =>
      plainFamily.build(frame({ seed: 99 }), new Map(), { nodes: new Map() }),
    );
    stranger.push({ number: -1, id: 'stranger', graph, clientId: undefined, outputs: ['7'] });
    await paints();
  });

  it('asks for credentials we do not have: refused, and said so', async () => {
    fake = await FakeComfy.start({ faults: { auth: { type: 'bearer', value: 'secret' } } });
    engine = engineFor([fake]);
    await until(async () => (await engine.health())[0]?.status === 'refused');
    const error = await failure(engine.run(frame(), new Desk()));
    expect(error).toMatchObject({ code: 'engine_auth' });
  });

  it('takes smaller uploads than we send: its limit is named', async () => {
    await studio({ uploadLimitBytes: 3 * 2 ** 20 });
    const desk = new Desk();
    const big = await picture('#0000ff');
    desk.pictures.set('u1', {
      ...big,
      read: async () => Buffer.concat([await big.read(), Buffer.alloc(4 * 2 ** 20)]),
    });
    const error = await failure(engine.run(frame({ type: 'img2img', input_image: 'u1' }), desk));
    expect(error).toMatchObject({ code: 'engine_upload_too_large', data: { limit: '3 MiB' } });
  });
});

describe('credentials', () => {
  const cases = [
    { type: 'basic' as const, value: 'ada:p@ss', url: (url: string) => url.replace('//', '//ada:p%40ss@') },
    { type: 'bearer' as const, value: 'secret', url: (url: string) => url.replace('//', '//bearer:secret@') },
    { type: 'token' as const, value: 'secret', url: (url: string) => `${url}/?token=secret` },
  ];
  it.each(cases)(
    '$type in the address open HTTP and socket, and are never shown',
    async ({ type, value, url }) => {
      fake = await FakeComfy.start({ faults: { auth: { type, value } } });
      engine = engineFor([], { servers: [{ id: 'a', name: 'A', url: url(fake.url) }] });
      await paints();
      expect(fake.sockets.accepted).toBe(1);
      expect(JSON.stringify(await engine.health())).not.toMatch(/secret|p@ss|p%40ss/);
    },
  );
});
