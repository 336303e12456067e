/** Pictures painted in layers, through the whole product: what is kept, listed, counted, deleted and restored. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeRaster, stackOf } from '../src/images/stack.ts';
import { LAYERED, type LayeredStudio, startLayered } from './layered-studio.ts';

let studio: LayeredStudio;
beforeAll(async () => {
  studio = await startLayered();
});
afterAll(async () => {
  await studio.close();
  await studio.fake.close();
});

const taskAt = (id: number) => studio.client.call('getTask', { params: { id } });

describe('a picture painted in layers', () => {
  it('is one picture whose layers follow in order', async () => {
    const { id, status, output_paths, finished_frames, frames } = await studio.painted(3, { batch_size: 2 });
    expect([status, finished_frames, output_paths]).toEqual([
      'completed',
      2,
      [`/outputs/${id}_0.png`, `/outputs/${id}_1.png`],
    ]);
    for (const frame of frames) {
      expect(frame.output).toEqual(frame.outputs[0]);
      expect(frame.outputs.map(({ place, role, width, height }) => [place, role, width, height])).toEqual([
        [0, 'main', 256, 272],
        [1, 'layer', 256, 272],
        [2, 'layer', 256, 272],
        [3, 'layer', 256, 272],
      ]);
      expect(frame.outputs.map(({ provenance }) => provenance?.details.layer)).toEqual([undefined, 1, 2, 3]);
    }
    const [graph] = [...studio.fake.queue.history.values()].slice(-1) as { prompt: unknown[] }[];
    expect(JSON.stringify(graph?.prompt[2])).toContain('"layers":3');
  });

  it('is what its layers make up, to the byte', async () => {
    const { frames } = await studio.painted(4);
    const [whole, ...layers] = frames[0]?.outputs ?? [];
    const files = await Promise.all(layers.map(({ url }) => studio.bytesAt(url)));
    const pixels = await Promise.all(files.map(decodeRaster));
    expect(new Set(pixels.map(({ rgba }) => rgba.toString('base64'))).size).toBe(4);
    expect(await studio.pixelsAt(whole?.url ?? '')).toEqual(await stackOf(files));
  });

  it('may be of a picture, without words', async () => {
    const source = await studio.painted(2);
    const body = { prompt: '', family: LAYERED, type: 'img2img' as const, input_image: `${source.id}_0` };
    const task = await studio.ended((await studio.client.call('generate', { body })).id);
    expect([task.status, task.frames[0]?.outputs.length]).toEqual(['completed', 5]);
    await expect(
      studio.client.call('generate', { body: { ...body, type: 'txt2img' } }),
    ).rejects.toMatchObject({ code: 'invalid_request', field: 'prompt' });
  });

  it('is made only for a request that names the model', async () => {
    await expect(
      studio.client.call('generate', { body: { prompt: 'a', params: { layers: 9 }, family: LAYERED } }),
    ).rejects.toMatchObject({ code: 'invalid_request', field: 'params.layers' });
    const { choice } = await studio.client.call('generate', { body: { prompt: 'a knight' } });
    expect(choice.family).not.toBe(LAYERED);
  });

  it('can be starred as a whole task, without its layers', async () => {
    const { id } = await studio.painted(2);
    expect(
      await studio.client.call('starOutputs', { body: { outputs: [], tasks: [id], starred: true } }),
    ).toEqual({ changed: 1 });
    expect((await taskAt(id)).stars).toBe(1);
  });

  it('takes its layers along when it is deleted, and brings them back', async () => {
    const { id, frames } = await studio.painted(2, { batch_size: 2 });
    await studio.client.call('deleteOutput', { params: { id: `${id}_0` } });
    expect((await taskAt(id)).frames.map(({ index }) => index)).toEqual([1]);
    expect((await fetch(`${studio.url}/outputs/${id}_0_1.png`)).status).toBe(404);
    await studio.client.call('restoreFromBin', { body: { outputs: [`${id}_0`] } });
    expect((await taskAt(id)).frames[0]?.outputs).toEqual(frames[0]?.outputs);
  });

  it('stays when one of its layers is deleted', async () => {
    const { id } = await studio.painted(2);
    await studio.client.call('deleteOutput', { params: { id: `${id}_0_1` } });
    const { frames, output_paths } = await taskAt(id);
    expect(frames[0]?.outputs.map(({ place }) => place)).toEqual([0, 2]);
    expect(output_paths).toEqual([`/outputs/${id}_0.png`]);
  });

  it('is archived with its layers', async () => {
    const { id } = await studio.painted(2);
    const zip = await studio.client.call('zipOutputs', { body: { outputs: [], tasks: [id] } });
    expect(zip.pictures).toBe(3);
  });
});
