/** The visible layers as PNGs that make up the whole when they are stacked in the order of their numbers, and the whole. */
import { safeFileName } from '@limner/contract';
import { emptyRaster, encodeRaster, layOver } from '../images/stack.ts';
import { type MadeZip, StoredZip } from '../outputs/stored-zip.ts';
import { drawn, inMemory, type StoredLayer, type StoredStack } from './stored-stack.ts';

export async function numberedPngs(stack: StoredStack): Promise<MadeZip> {
  const { width, height, layers, completedMs } = stack;
  const mtime = new Date(completedMs);
  const visible = layers.filter((layer) => layer.visible);
  const zip = new StoredZip();
  const files = visible.map(({ name }, at) => safeFileName(`${String(at + 1).padStart(2, '0')} ${name}.png`));
  for (const [at, layer] of visible.entries())
    zip.add({ name: files[at] ?? '', mtime, ...(await pngOf(layer, stack)) });
  zip.addBytes('whole.png', await encodeRaster(await drawn(stack)), mtime);
  const facts = {
    width,
    height,
    layers: visible.map(({ name }, at) => ({ file: files[at], name })),
  };
  zip.addBytes('layers.json', Buffer.from(`${JSON.stringify(facts, null, 2)}\n`), mtime);
  return zip.end();
}

/** The stored file where the layer is as it was painted; otherwise drawn at its place. */
async function pngOf(layer: StoredLayer, { width, height }: StoredStack) {
  const isPainted = layer.left === 0 && layer.top === 0 && layer.opacity === 255;
  if (isPainted && layer.width === width && layer.height === height) return layer.png();
  const alone = emptyRaster({ width, height });
  layOver(alone, await layer.pixels(), layer);
  return inMemory(await encodeRaster(alone));
}
