/** A picture as the recipe says that a training sees it: cut, and on its ground. */
import { createHash } from 'node:crypto';
import { type Crop, cropPixels, type FrameRecipe, seenSize } from '@limner/contract';
import { withinMemory } from '../../images/pixel-gate.ts';
import { loadSharp } from '../../images/sharp.ts';
import type { InputPicture } from '../engine.ts';

export function seenPicture(
  picture: InputPicture,
  { training }: Pick<FrameRecipe, 'training'>,
  index: number,
): InputPicture {
  const crop = training?.crops[index] ?? null;
  const ground = training?.ground ?? null;
  if (!crop && ground === null) return picture;
  const { width, height, sha256, read } = picture;
  return {
    ...seenSize({ width, height }, crop),
    mediaType: 'image/png',
    sha256: createHash('sha256')
      .update(JSON.stringify([sha256, crop, ground]))
      .digest('hex'),
    read: async () => withinMemory(width * height, async () => seen(await read(), crop, ground)),
  };
}

async function seen(bytes: Uint8Array, crop: Crop | null, ground: string | null): Promise<Buffer> {
  const sharp = await loadSharp();
  const whole = sharp(bytes, { limitInputPixels: false, failOn: 'error' });
  const { width, height } = await whole.metadata();
  const cut = crop ? whole.extract(cropPixels({ width, height }, crop)) : whole;
  return (ground === null ? cut : cut.flatten({ background: ground }))
    .png({ compressionLevel: 3 })
    .toBuffer();
}
