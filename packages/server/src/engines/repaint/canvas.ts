/**
 * Repainting for engines that paint a whole picture. They receive a canvas (the original, with its margins filled) and a
 * mask of the same size, and return the canvas painted, at any size. Whatever they do outside the mask, the result has
 * the original's pixels there: `finished` lays the painting over the original through the mask.
 */
import { createHash } from 'node:crypto';
import { extendedSize, type FrameRecipe, type Outpaint, StudioError } from '@limner/contract';
import { decodedBy, type Pixels } from '../../images/decode.ts';
import { withinMemory } from '../../images/pixel-gate.ts';
import { loadSharp } from '../../images/sharp.ts';
import type { InputPicture } from '../engine.ts';
import { extendedPicture } from './extend.ts';
import { laidOver, picturePng } from './lay-over.ts';
import { extendedMask, type MaskPlane, maskPng, readMask } from './mask-plane.ts';

const [CANVAS, MASK] = ['canvas', 'canvas-mask'];

/** The frame as the engine sees it: an inpainting of the canvas. */
export const ofCanvas = <R extends FrameRecipe>(frame: R): R =>
  frame.type === 'inpaint' ? { ...frame, input_image: CANVAS, mask_image: MASK, outpaint: null } : frame;

export interface Canvas {
  /** By the ids that `ofCanvas` names. */
  pictures: ReadonlyMap<string, InputPicture>;
  /** @param painted the canvas as the engine painted it. @returns a PNG. @throws StudioError `file_broken` */
  finished(painted: Buffer, signal: AbortSignal): Promise<Buffer>;
}

/** @throws StudioError `input_image_missing`, `mask_missing` */
export function canvasOf(
  { input_image, mask_image, outpaint }: FrameRecipe,
  pictures: ReadonlyMap<string, InputPicture>,
): Canvas {
  const original = pictures.get(input_image ?? '');
  const drawn = pictures.get(mask_image ?? '') ?? null;
  if (!original) throw new StudioError('input_image_missing');
  if (!drawn && !outpaint) throw new StudioError('mask_missing');
  const size = extendedSize(original, outpaint);
  const made = (what: string, bytes: () => Promise<Buffer>): InputPicture => ({
    ...size,
    sha256: nameOf(what, original, drawn, outpaint),
    mediaType: 'image/png',
    read: () => withinMemory(size.width * size.height, bytes),
  });
  const mask = () => maskFor(original, drawn, outpaint);
  return {
    pictures: new Map([
      [CANVAS, outpaint ? made(CANVAS, () => readExtended(original, outpaint)) : original],
      [MASK, made(MASK, async () => maskPng(await mask()))],
    ]),
    finished: (painted, signal) =>
      withinMemory(size.width * size.height, async () => {
        const sharp = await loadSharp();
        const below = await decodedBy(sharp, await original.read());
        const extended = outpaint ? await extendedPicture(below, outpaint, false) : below;
        return picturePng(await laidOver(extended, await mask(), await decodedBy(sharp, painted), signal));
      }),
  };
}

async function readExtended(original: InputPicture, outpaint: Outpaint): Promise<Buffer> {
  const source: Pixels = await decodedBy(await loadSharp(), await original.read());
  return picturePng(await extendedPicture(source, outpaint, true));
}

async function maskFor(
  original: InputPicture,
  drawn: InputPicture | null,
  outpaint: Outpaint | null,
): Promise<MaskPlane> {
  const own = drawn && (await readMask(await drawn.read(), original));
  if (outpaint) return extendedMask(own, original, outpaint);
  if (!own) throw new StudioError('mask_missing');
  return own;
}

/** Equal for equal content, without making it: servers that have the picture already are not sent it again. */
const nameOf = (
  what: string,
  original: InputPicture,
  drawn: InputPicture | null,
  outpaint: Outpaint | null,
): string =>
  createHash('sha256')
    .update(JSON.stringify([what, 1, original.sha256, drawn?.sha256, outpaint]))
    .digest('hex');
