/** What a frame goes through on one well-behaved server. */
import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import type { ComfyEngine } from '../src/engines/comfy/comfy-engine.ts';
import { FakeComfy } from './fake-comfy/fake-comfy.ts';
import { bytesOf, Desk, engineFor, frame, picture, until } from './fake-comfy/fake-frames.ts';

let fake: FakeComfy;
let engine: ComfyEngine;

async function studio(faults: Parameters<typeof FakeComfy.start>[0] = {}) {
  fake = await FakeComfy.start(faults);
  engine = engineFor([fake]);
}

afterEach(async () => {
  await engine.close();
  await fake.close();
});

describe('a frame on ComfyUI', () => {
  it('becomes a picture of the size that was asked for', async () => {
    await studio();
    const [output] = await engine.run(frame({ width: 96, height: 64 }), new Desk());
    const { width, height, format } = await sharp(await bytesOf(output)).metadata();
    expect({ width, height, format }).toEqual({ width: 96, height: 64, format: 'png' });
    expect(output?.provenance).toMatchObject({
      engine: 'comfy',
      family: 'plain',
      details: { server: 'server 1', model: 'sd_xl_base_1.0.safetensors' },
    });
  });

  it('depends on its seed and on nothing else', async () => {
    await studio();
    const paint = async (seed: number) => bytesOf((await engine.run(frame({ seed }), new Desk()))[0]);
    const [one, two, again] = [await paint(1), await paint(2), await paint(1)];
    expect(one.equals(two)).toBe(false);
    expect(one.equals(again)).toBe(true);
  });

  it('reports its progress, which never falls, and shows previews', async () => {
    await studio({ faults: { promptMs: 40 } });
    const desk = new Desk();
    await engine.run(frame(), desk);
    expect(desk.fractions.length).toBeGreaterThan(4);
    expect(desk.fractions).toEqual(desk.fractions.toSorted((a, b) => a - b));
    expect(desk.fractions.at(-1)).toBeCloseTo(1);
    expect(desk.previews.map(({ mediaType }) => mediaType)).toEqual(Array(4).fill('image/jpeg'));
  });

  it('has its prompt id stored before the prompt is sent', async () => {
    await studio();
    const desk = new Desk();
    const save = desk.saveTicket;
    desk.saveTicket = async (ticket) => {
      expect(fake.count('POST /prompt')).toBe(0);
      await save(ticket);
    };
    await engine.run(frame(), desk);
    expect(fake.executed).toEqual([desk.promptId]);
  });

  it('is quick when the server has everything cached', async () => {
    await studio();
    const first = await bytesOf((await engine.run(frame(), new Desk()))[0]);
    const second = await bytesOf((await engine.run(frame(), new Desk({ frame: 1 })))[0]);
    expect(second.equals(first)).toBe(true);
    expect(fake.executed).toHaveLength(1);
  });

  it('sends an equal picture once and names it by its content', async () => {
    await studio();
    const desks = [0, 1, 2].map((index) => new Desk({ frame: index }));
    const red = await picture('#ff0000');
    await Promise.all(
      desks.map(async (desk, index) => {
        desk.pictures.set('u1', red);
        await engine.run(frame({ type: 'img2img', input_image: 'u1', seed: index }), desk);
      }),
    );
    expect(fake.count('POST /upload')).toBe(1);
    expect([...fake.files.keys()].filter((key) => key.startsWith('input/'))).toEqual([
      `input/limner/${red.sha256}.png`,
    ]);
  });

  it('sends a picture again that was deleted on the server', async () => {
    await studio();
    const desks = [new Desk(), new Desk({ frame: 1 })] as const;
    const green = await picture('#00ff00');
    for (const desk of desks) desk.pictures.set('u1', green);
    await engine.run(frame({ type: 'img2img', input_image: 'u1' }), desks[0]);
    for (const key of fake.files.keys()) if (key.startsWith('input/')) fake.files.delete(key);
    const outputs = await engine.run(frame({ type: 'img2img', input_image: 'u1', seed: 2 }), desks[1]);
    expect(outputs).toHaveLength(1);
    expect(fake.count('POST /upload')).toBe(2);
  });

  it('is saved again when the file of an equal graph is gone', async () => {
    await studio();
    await engine.run(frame(), new Desk());
    for (const key of fake.files.keys()) if (key.startsWith('output/')) fake.files.delete(key);
    const [output] = await engine.run(frame(), new Desk({ frame: 1 }));
    expect((await bytesOf(output)).length).toBeGreaterThan(0);
    expect(fake.executed).toHaveLength(1);
  });

  it('lays see-through parts of its input on white', async () => {
    await studio();
    const desk = new Desk();
    const clear = { width: 8, height: 8, channels: 4 as const, background: { r: 0, g: 0, b: 0, alpha: 0 } };
    const bytes = await sharp({ create: clear }).png().toBuffer();
    desk.pictures.set('u1', {
      sha256: 'c1ea5',
      mediaType: 'image/png',
      width: 8,
      height: 8,
      read: async () => bytes,
    });
    await engine.run(frame({ type: 'img2img', input_image: 'u1' }), desk);
    const sent = fake.files.get('input/limner/c1ea5-flat.png');
    const { data } = await sharp(sent?.bytes).raw().toBuffer({ resolveWithObject: true });
    expect([...data.subarray(0, 3)]).toEqual([255, 255, 255]);
  });

  it('leaves the next two frames in the queue of the server, so that it never waits for us', async () => {
    await studio({ faults: { promptMs: 100 } });
    const runs = [0, 1, 2, 3].map((seed) => engine.run(frame({ seed }), new Desk({ frame: seed })));
    await until(() => fake.queue.remaining === 2);
    expect(engine.slots()).toBe(2);
    await Promise.all(runs);
    expect(fake.executed).toHaveLength(4);
  });
});
