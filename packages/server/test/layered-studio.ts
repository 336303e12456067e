/** A studio with a fake ComfyUI that has Qwen-Image-Layered, and pictures painted in layers by it. */
import type { Task } from '@limner/contract';
import { decodeRaster, type Raster } from '../src/images/stack.ts';
import { FakeComfy } from './fake-comfy/fake-comfy.ts';
import { newerObjectInfo } from './fake-comfy/fake-object-info.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

export interface LayeredStudio extends TestStudio {
  fake: FakeComfy;
  /** Paints layers of a 64 × 48 picture and waits for them. */
  painted(layers: number, more?: { batch_size?: number }): Promise<Task>;
  bytesAt(path: string): Promise<Buffer>;
  pixelsAt(path: string): Promise<Raster>;
}

export const LAYERED = 'qwen-image-layered';

export async function startLayered(environ: Record<string, string> = {}): Promise<LayeredStudio> {
  const fake = await FakeComfy.start({ nodes: newerObjectInfo() });
  const studio = await startStudio({ engines: [], environ: { ...environ, COMFYUI_URL: fake.url } });
  const isHere = async () =>
    (await studio.client.call('listFamilies', {})).find(({ id }) => id === LAYERED)?.available;
  for (let tries = 0; !(await isHere()); tries++) {
    if (tries > 600) throw new Error('the family did not become available');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const bytesAt = async (path: string) => Buffer.from(await (await fetch(studio.url + path)).arrayBuffer());
  return Object.assign(studio, {
    fake,
    async painted(layers: number, more = {}) {
      const size = { width: 256, height: 272 };
      const body = { prompt: 'a knight', family: LAYERED, params: { layers, steps: 1 }, ...size, ...more };
      return studio.ended((await studio.client.call('generate', { body })).id);
    },
    bytesAt,
    pixelsAt: async (path: string) => decodeRaster(await bytesAt(path)),
  });
}
