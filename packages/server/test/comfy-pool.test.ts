/** Which server paints which frame, and what happens when servers come, go and fail. */
import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { type ComfyEngine, type ComfyEngineOptions, serverAt } from '../src/engines/comfy/comfy-engine.ts';
import { textGraph } from '../src/engines/comfy/fixtures/text-graph.ts';
import { FakeComfy, type FakeOptions } from './fake-comfy/fake-comfy.ts';
import { bytesOf, Desk, engineFor, frame, until } from './fake-comfy/fake-frames.ts';

let fakes: FakeComfy[] = [];
let engine: ComfyEngine;

async function studio(servers: FakeOptions[], options: Partial<ComfyEngineOptions> = {}) {
  fakes = await Promise.all(servers.map((server) => FakeComfy.start(server)));
  engine = engineFor(fakes, options);
  await until(async () => (await engine.health()).every(({ status }) => status === 'ready'));
}

afterEach(async () => {
  await engine.close();
  await Promise.all(fakes.map((fake) => fake.close()));
});

let frames = 0;
const run = (change: Parameters<typeof frame>[0] = {}, desk = new Desk({ frame: frames++ })) =>
  engine.run(frame({ seed: frames, ...change }), desk);
const counts = () => fakes.map((fake) => fake.executed.length);
const idOf = (index: number) => serverAt(fakes[index]?.url ?? '').id;

const SDXL = 'sd_xl_base_1.0.safetensors';
const SD15 = 'v1-5-pruned-emaonly.safetensors';

describe('the pool', () => {
  it('spreads a batch over all servers, two frames on each at most', async () => {
    await studio([{ faults: { promptMs: 60 } }, { faults: { promptMs: 60 } }]);
    expect(engine.slots()).toBe(4);
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, ...fakes.map((fake) => fake.queue.remaining));
    }, 1);
    await Promise.all(Array.from({ length: 12 }, () => run()));
    clearInterval(watch);
    expect(Math.min(...counts())).toBeGreaterThanOrEqual(4);
    expect(most).toBe(2);
  });

  it.each([
    ['one picture each of four tasks', [{}, {}, {}, {}]],
    [
      'four pictures with two models',
      [
        { params: { model: SDXL } },
        { params: { model: SDXL } },
        { params: { model: SD15 } },
        { params: { model: SD15 } },
      ],
    ],
  ])('gives every idle server one frame before any gets a second: %s', async (_, wanted) => {
    await studio(Array.from({ length: 4 }, () => ({ faults: { promptMs: 80 } })));
    for (let round = 0; round < 2; round += 1) {
      const before = counts();
      await Promise.all(wanted.map((change) => run(change)));
      expect(counts().map((count, index) => count - (before[index] ?? 0))).toEqual([1, 1, 1, 1]);
    }
  });

  it('takes a frame back from the queue of a slow server when a fast one is free, without spending a try', async () => {
    await studio([{ faults: { promptMs: 40 } }, { faults: { promptMs: 1_500 } }]);
    await Promise.all([run(), run()]);
    const slow = () => fakes[1]?.executed.length ?? 0;
    const fast = () => fakes[0]?.executed.length ?? 0;
    const before = slow();
    // Both slots of the slow server are taken while the fast one is away.
    engine.updateServer(idOf(0), { mode: 'draining' });
    const desks = [new Desk({ frame: 90 }), new Desk({ frame: 91 })];
    const running = desks.map((desk, index) => run({ seed: 900 + index }, desk));
    await until(() => fakes[1]?.queue.remaining === 2);
    const fastBefore = fast();
    engine.updateServer(idOf(0), { mode: 'enabled' });
    const outputs = await Promise.all(running);
    expect(outputs.map((each) => each.length)).toEqual([1, 1]);
    expect([fast() - fastBefore, slow() - before]).toEqual([1, 1]);
  });

  it('says how many prompts of the server come before a frame, also those of other users', async () => {
    await studio([{ faults: { promptMs: 400 } }]);
    for (const seed of [1, 2]) {
      const prompt = textGraph();
      Object.assign(prompt['3']?.inputs ?? {}, { seed });
      const body = JSON.stringify({ prompt, client_id: 'another user', prompt_id: randomUUID() });
      const posted = await fetch(`${fakes[0]?.url}/prompt`, { method: 'POST', body });
      expect(posted.status).toBe(200);
    }
    const desk = new Desk();
    const run = engine.run(frame({ seed: 9 }), desk);
    await until(() => desk.behind.at(-1) === 2);
    await until(() => desk.behind.at(-1) === 1);
    await run;
    expect(desk.behind.at(-1)).toBeNull();
  });

  it('says the same of a frame that waits here, because no server has a free slot', async () => {
    await studio([{ faults: { promptMs: 300 } }]);
    const desks = [0, 1, 2, 3].map((index) => new Desk({ frame: index }));
    const runs = desks.map((desk, index) => run({ seed: 30 + index }, desk));
    await until(() => desks[2]?.behind.at(-1) === 2 && desks[3]?.behind.at(-1) === 3);
    expect(desks[0]?.behind.every((behind) => behind === null)).toBe(true);
    await Promise.all(runs);
    expect(desks.map(({ behind }) => behind.at(-1))).toEqual([null, null, null, null]);
  });

  it('says that a frame waits for a server while none that could take it is reachable', async () => {
    await studio([{}]);
    const desk = new Desk();
    await fakes[0]?.close();
    await until(async () => (await engine.health())[0]?.status !== 'ready');
    const running = run({}, desk).catch((error: unknown) => error);
    await until(() => desk.behind.at(-1) === 0);
    desk.abort.abort(new Error('enough'));
    await running;
  });

  it('goes where the model is loaded already', async () => {
    await studio([{}, {}]);
    const [, , [output] = []] = await Promise.all([
      run({ params: { model: SDXL } }),
      run({ params: { model: SDXL } }),
      run({ params: { model: SD15 } }),
    ]);
    const warm = output?.provenance.details.server;
    for (let n = 0; n < 3; n += 1) {
      const [next] = await run({ params: { model: SD15 } });
      expect(next?.provenance.details.server).toBe(warm);
    }
  });

  it('goes where it can be done at all', async () => {
    await studio([
      { models: { 'CheckpointLoaderSimple.ckpt_name': [SDXL] } },
      { models: { 'CheckpointLoaderSimple.ckpt_name': [SD15] } },
    ]);
    await run({ params: { model: SD15 } });
    await run({ params: { model: SDXL } });
    expect(counts()).toEqual([1, 1]);
  });

  it('tries a frame that failed on one server on another first', async () => {
    await studio([{ faults: { outOfMemoryAt: [1] } }, { faults: { outOfMemoryAt: [1] } }]);
    const desk = new Desk({ task: 7 });
    await expect(run({}, desk)).rejects.toMatchObject({ code: 'out_of_memory' });
    await expect(run({}, desk)).rejects.toMatchObject({ code: 'out_of_memory' });
    expect(fakes.map((fake) => fake.queue.begun)).toEqual([1, 1]);
    expect(await run({}, desk)).toHaveLength(1);
  });

  it('tries a node that fails alike each time once per server', async () => {
    const failingNode = { classType: 'VAEDecode', message: 'not enough values to unpack' };
    await studio([{ faults: { failingNode } }, { faults: { failingNode } }]);
    const desk = new Desk({ task: 7 });
    await expect(run({}, desk)).rejects.toMatchObject({ code: 'engine_node_failed', again: true });
    await expect(run({}, desk)).rejects.toMatchObject({ code: 'engine_node_failed', again: false });
    expect(fakes.map((fake) => fake.queue.begun)).toEqual([1, 1]);
  });

  it('moves a frame on when its server is gone before it was sent, without spending a try', async () => {
    await studio([{}, {}]);
    const desk = new Desk();
    const save = desk.saveTicket;
    let first = true;
    desk.saveTicket = async (ticket) => {
      if (first) await fakes[ticket?.includes(idOf(0)) ? 0 : 1]?.crash();
      first = false;
      await save(ticket);
    };
    expect((await bytesOf((await run({}, desk))[0])).length).toBeGreaterThan(0);
  });

  it('waits for a server that is being restarted, and says so', async () => {
    await studio([{}]);
    await fakes[0]?.crash();
    await until(async () => (await engine.health())[0]?.status === 'unreachable');
    expect(engine.supports(frame())).toEqual([]);
    const waiting = run();
    await until(
      async () => (await engine.health())[0]?.note?.en === '1 picture waits for a server to come back.',
    );
    await fakes[0]?.restart();
    expect(await waiting).toHaveLength(1);
  });

  it('gives up when the server stays away', async () => {
    await studio([{}], { timing: { runningMs: 120 } });
    await fakes[0]?.crash();
    await until(async () => (await engine.health())[0]?.status === 'unreachable');
    await expect(run()).rejects.toMatchObject({ code: 'engine_unreachable', data: { engine: 'server 1' } });
    await until(() => engine.supports(frame()).length > 0);
    expect(engine.supports(frame())[0]).toMatchObject({ what: 'server', server: 'server 1' });
  });

  it('names what is missing where it was never there', async () => {
    await studio([
      { without: ['KSampler'] },
      { models: { 'CheckpointLoaderSimple.ckpt_name': [] }, without: ['KSampler'] },
    ]);
    expect(engine.missing('plain')).toEqual([
      expect.objectContaining({ what: 'node', name: 'KSampler', server: 'server 1' }),
    ]);
    const [first, second] = await engine.health();
    expect(first).toMatchObject({ families: [], missing: [{ name: 'KSampler' }] });
    expect(second?.missing.map(({ name }) => name)).toEqual([SDXL, 'KSampler']);
    await expect(run()).rejects.toMatchObject({ code: 'models_missing' });
  });

  it('sees a file that was added after it is asked to look again', async () => {
    await studio([{ models: { 'CheckpointLoaderSimple.ckpt_name': [] } }]);
    expect(engine.missing('plain')).toHaveLength(1);
    const list = fakes[0]?.objectInfo.CheckpointLoaderSimple?.input.required;
    if (list) list.ckpt_name = [[SDXL]];
    await engine.refresh();
    expect(engine.missing('plain')).toEqual([]);
    expect(fakes[0]?.count('GET /object_info')).toBe(2);
  });

  it('asks for what a server has once per connection', async () => {
    await studio([{}]);
    for (let n = 0; n < 3; n += 1) await run();
    expect(fakes[0]?.count('GET /object_info')).toBe(1);
  });

  it('takes a server that is added while it runs, and one that comes back', async () => {
    await studio([{ faults: { promptMs: 50 } }]);
    const added = await FakeComfy.start({ faults: { promptMs: 50 } });
    fakes.push(added);
    engine.addServer({ ...serverAt(added.url), name: 'late' });
    await until(() => engine.slots() === 4);
    await Promise.all(Array.from({ length: 4 }, () => run()));
    expect(added.executed.length).toBeGreaterThan(0);
  });

  it('knows what an added server is as soon as it was asked to look', async () => {
    await studio([]);
    const added = await FakeComfy.start();
    fakes.push(added);
    engine.addServer({ ...serverAt(added.url), name: 'late' });
    await engine.refresh(serverAt(added.url).id);
    expect((await engine.health())[0]).toMatchObject({ status: 'ready', families: ['plain'] });
  });

  it('renames a server without letting go of it', async () => {
    await studio([{}]);
    engine.updateServer(idOf(0), { name: 'big box' });
    expect((await engine.health())[0]).toMatchObject({ status: 'ready', label: { en: 'big box' } });
    const [output] = await run();
    expect(output?.provenance.details).toMatchObject({ server: 'big box' });
    expect(fakes[0]?.sockets.accepted).toBe(1);
  });

  it('lets a draining server finish what it has and gives it nothing new', async () => {
    await studio([{ faults: { promptMs: 100 } }, {}]);
    const [first] = [run(), run(), run()];
    await until(() => fakes[0]?.executed.length === 1);
    engine.updateServer(idOf(0), { mode: 'draining' });
    await first;
    const before = counts()[0];
    await run();
    await run();
    expect((await engine.health())[0]).toMatchObject({ status: 'draining' });
    expect(counts()[0]).toBeLessThanOrEqual((before ?? 0) + 1);
  });

  it('leaves a disabled server alone until it is enabled again', async () => {
    await studio([{}]);
    engine.updateServer(idOf(0), { mode: 'disabled' });
    expect(engine.missing('plain')[0]).toMatchObject({ what: 'server' });
    await expect(run()).rejects.toMatchObject({ code: 'engine_failed' });
    engine.updateServer(idOf(0), { mode: 'enabled' });
    expect(await run()).toHaveLength(1);
  });

  it('finishes on a removed server what it had begun there', async () => {
    await studio([{ faults: { promptMs: 150 } }]);
    const begun = run();
    await until(() => fakes[0]?.executed.length === 1);
    engine.removeServer(idOf(0));
    expect(await engine.health()).toEqual([]);
    expect((await bytesOf((await begun)[0])).length).toBeGreaterThan(0);
    expect(() => engine.removeServer(idOf(0))).toThrow(/no engine/);
  });

  it('is made in no time and is quiet where there is no server', async () => {
    const lines: string[] = [];
    const log = { info: (_: object, line: string) => lines.push(line) };
    engine = engineFor([], { servers: [serverAt('http://127.0.0.1:9')], log });
    await until(async () => (await engine.health())[0]?.missing.length === 1 && lines.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(lines).toEqual([expect.stringContaining('does not answer')]);
    expect(engine.missing('plain')[0]).toMatchObject({ what: 'server', name: 'http://127.0.0.1:9' });
  });
});
