/** A cancelled frame stops; its neighbours, ours and others', never notice. */
import { afterEach, describe, expect, it } from 'vitest';
import type { ComfyEngine } from '../src/engines/comfy/comfy-engine.ts';
import { FakeComfy, type FakeOptions } from './fake-comfy/fake-comfy.ts';
import { bytesOf, Desk, engineFor, frame, until } from './fake-comfy/fake-frames.ts';

let fake: FakeComfy;
let engine: ComfyEngine;

async function studio(faults: FakeOptions['faults']) {
  fake = await FakeComfy.start({ faults: faults ?? {} });
  engine = engineFor([fake]);
  await until(() => engine.missing('plain').length === 0);
}

afterEach(async () => {
  await engine.close();
  await fake.close();
});

/** Two frames, the first of which runs while the second waits behind it. */
async function twoFrames() {
  const desks = [new Desk(), new Desk({ frame: 1 })] as const;
  const first = engine.run(frame({ seed: 1 }), desks[0]);
  await until(() => fake.queue.running !== null);
  const second = engine.run(frame({ seed: 2 }), desks[1]);
  await until(() => fake.queue.pending.length === 1);
  return { desks, first, second };
}

describe('cancelling', () => {
  it('a waiting frame takes it out of the queue and leaves the one that runs', async () => {
    await studio({ promptMs: 300 });
    const { desks, first, second } = await twoFrames();
    desks[1].abort.abort('cancelled');
    await expect(second).rejects.toBe('cancelled');
    await until(() => fake.queue.pending.length === 0);
    expect((await bytesOf((await first)[0])).length).toBeGreaterThan(0);
    expect(fake.executed).toEqual([desks[0].promptId]);
  });

  it('a running frame interrupts it and leaves the one that waits', async () => {
    await studio({ promptMs: 400 });
    const { desks, first, second } = await twoFrames();
    desks[0].abort.abort('cancelled');
    await expect(first).rejects.toBe('cancelled');
    expect((await bytesOf((await second)[0])).length).toBeGreaterThan(0);
    expect(fake.queue.doneAt.has(desks[0].promptId)).toBe(true);
    expect(fake.queue.history.get(desks[0].promptId)).toMatchObject({ status: { status_str: 'error' } });
  });

  it('never interrupts on a server that would stop a neighbour: ours is left to finish and dropped', async () => {
    await studio({ promptMs: 300, oldInterrupt: true, version: '0.3.40' });
    const { desks, first, second } = await twoFrames();
    desks[0].abort.abort('cancelled');
    await expect(first).rejects.toBe('cancelled');
    expect((await bytesOf((await second)[0])).length).toBeGreaterThan(0);
    expect(fake.count('POST /interrupt')).toBe(0);
    expect(fake.queue.history.get(desks[0].promptId)).toMatchObject({ status: { status_str: 'success' } });
  });

  it('interrupts on such a server when nothing else is there', async () => {
    await studio({ hang: true, oldInterrupt: true, version: '0.3.40' });
    const desk = new Desk();
    const run = engine.run(frame(), desk);
    await until(() => fake.queue.running !== null);
    desk.abort.abort('cancelled');
    await expect(run).rejects.toBe('cancelled');
    await until(() => fake.queue.history.has(desk.promptId));
    expect(fake.queue.history.get(desk.promptId)).toMatchObject({ status: { status_str: 'error' } });
  });

  it('a frame that waits for a place costs the server nothing', async () => {
    await studio({ promptMs: 300 });
    const { first, second } = await twoFrames();
    const desk = new Desk({ frame: 2 });
    const third = engine.run(frame({ seed: 3 }), desk);
    desk.abort.abort('cancelled');
    await expect(third).rejects.toBe('cancelled');
    await Promise.all([first, second]);
    expect(desk.tickets).toEqual([]);
  });

  it('while the server is away is made up for when it is back', async () => {
    await studio({ promptMs: 60_000 });
    const desk = new Desk();
    const run = engine.run(frame(), desk);
    await until(() => fake.queue.running !== null);
    fake.faults.serverErrors = { path: '/queue', times: 1 };
    desk.abort.abort('cancelled');
    await expect(run).rejects.toBe('cancelled');
    await until(() => fake.faults.serverErrors.times === 0);
    fake.sockets.dropAll();
    await until(() => fake.queue.history.has(desk.promptId) || fake.queue.interrupted);
    expect(fake.queue.interrupted).toBe(true);
  });

  it.each(['stopping', 'lease_lost'])(
    '%s is no cancelling: the prompt runs on for whoever takes the frame up',
    async (reason) => {
      await studio({ promptMs: 200 });
      const desk = new Desk();
      const run = engine.run(frame(), desk);
      await until(() => fake.queue.running !== null);
      desk.abort.abort(reason);
      await expect(run).rejects.toBe(reason);
      const next = new Desk({ ticket: desk.ticket });
      expect((await bytesOf((await engine.run(frame(), next))[0])).length).toBeGreaterThan(0);
      expect(fake.executed).toEqual([desk.promptId]);
      expect(next.tickets).toEqual([]);
    },
  );
});
