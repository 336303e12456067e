/**
 * What lies under the margins of an extended picture before they are painted: the picture mirrored at its edges, and
 * blurred where a model repaints it. So colours and light continue, and no hard border or grey ground is painted over.
 */
import type { Margins } from '@limner/contract';
import { type Pixels, rawBy } from '../../images/decode.ts';
import { loadSharp } from '../../images/sharp.ts';
import { scaledTo } from './scaled.ts';

/** Of the widest margin: what is left of mirrored things is too soft to be taken for a thing. */
const BLUR_SHARE = 1 / 6;

export async function extendedPicture(source: Pixels, margins: Margins, soft: boolean): Promise<Pixels> {
  const { left, top, right, bottom } = margins;
  const { data, info } = await rawBy(await loadSharp(), source)
    .extend({ left, top, right, bottom, extendWith: 'mirror' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const mirrored = { rgba: data, width: info.width, height: info.height };
  if (!soft) return mirrored;
  const sigma = Math.max(2, Math.max(left, top, right, bottom) * BLUR_SHARE);
  return withinMargins(source, await blurred(mirrored, sigma), margins);
}

/** At a reduced size, because a wide blur of a large picture takes seconds and looks the same. */
async function blurred(picture: Pixels, sigma: number): Promise<Pixels> {
  const scale = Math.min(1, 4 / sigma);
  const side = (px: number) => Math.max(1, Math.round(px * scale));
  const small = await scaledTo(picture, { width: side(picture.width), height: side(picture.height) });
  const rgba = await rawBy(await loadSharp(), small)
    .blur(Math.max(0.3, sigma * scale))
    .raw()
    .toBuffer();
  return scaledTo({ ...small, rgba }, picture);
}

/** The original in its place, unchanged. */
function withinMargins(source: Pixels, around: Pixels, { left, top }: Margins): Pixels {
  for (let y = 0; y < source.height; y++) {
    const row = source.rgba.subarray(4 * y * source.width, 4 * (y + 1) * source.width);
    row.copy(around.rgba, 4 * ((top + y) * around.width + left));
  }
  return around;
}
