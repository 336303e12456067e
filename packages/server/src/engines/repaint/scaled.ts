import type { Size } from '@limner/contract';
import { type Pixels, rawBy } from '../../images/decode.ts';
import { loadSharp } from '../../images/sharp.ts';

/** Stretched to the size; the same picture if it has it. */
export async function scaledTo(picture: Pixels, { width, height }: Size): Promise<Pixels> {
  if (picture.width === width && picture.height === height) return picture;
  const image = rawBy(await loadSharp(), picture);
  return { width, height, rgba: await image.resize(width, height, { fit: 'fill' }).raw().toBuffer() };
}
