/** Kills a fake ComfyUI in its own process while it runs a prompt. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ComfyEngine, serverAt } from '../src/engines/comfy/comfy-engine.ts';
import { bytesOf, Desk, engineFor, frame, until } from './fake-comfy/fake-frames.ts';
import { FakeProcess } from './fake-comfy/fake-process.ts';

let fakes: FakeProcess[] = [];
let engine: ComfyEngine;

beforeEach(async () => {
  fakes = [
    await FakeProcess.start({ faults: { promptMs: 60 } }),
    await FakeProcess.start({ faults: { promptMs: 60 } }),
  ];
  engine = engineFor([], { servers: fakes.map(({ url }) => serverAt(url)), timing: { goneMs: 200 } });
});

afterEach(async () => {
  await engine.close();
  await Promise.all(fakes.map((fake) => fake.close()));
});

/** As a worker does: up to three tries, with the ticket of the one before. */
async function threeTries(seed: number): Promise<number> {
  const desk = new Desk({ task: seed });
  for (let tries = 1; ; tries += 1) {
    try {
      return (await bytesOf((await engine.run(frame({ seed }), desk))[0])).length;
    } catch (error) {
      if (tries === 3) throw error;
    }
  }
}

it('kill -9 of servers under load loses no frame and runs none twice that had finished', async () => {
  const seeds = Array.from({ length: 16 }, (_, index) => index);
  const lanes = Array.from({ length: 4 }, async () => {
    for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift())
      expect(await threeTries(seed)).toBeGreaterThan(0);
  });
  for (const [index, after] of [3, 8].entries()) {
    const victim = fakes[index % 2];
    await until(() => fakes.flatMap(({ done }) => done).length >= after);
    await victim?.kill();
    await victim?.restart();
  }
  await Promise.all(lanes);
  const executed = fakes.flatMap((fake) => fake.executed);
  expect(new Set(executed).size).toBe(executed.length);
});

it('a server that stays dead leaves its frames to the others', async () => {
  const runs = [1, 2, 3, 4].map(threeTries);
  await until(() => fakes.every((fake) => fake.executed.length > 0));
  await fakes[0]?.kill();
  expect(await Promise.all(runs)).toHaveLength(4);
});
