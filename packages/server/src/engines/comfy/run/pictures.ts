/** The pictures of a frame, here and on a server. */

import { buffer } from 'node:stream/consumers';
import { type FrameRecipe, imagesOf } from '@limner/contract';
import { unlessAborted } from '../../../unless-aborted.ts';
import type { EngineOutput, FrameContext, InputPicture } from '../../engine.ts';
import type { Canvas } from '../../repaint/canvas.ts';
import type { ComfyFamily, UploadedInput } from '../families/family.ts';
import type { ServerUploads } from '../servers/server-uploads.ts';

/** By the id the request uses. */
export type Pictures = ReadonlyMap<string, InputPicture>;

export async function openPictures(frame: FrameRecipe, ctx: FrameContext): Promise<Pictures> {
  const pictures = new Map<string, InputPicture>();
  for (const id of imagesOf(frame)) pictures.set(id, await ctx.openInput(id));
  return pictures;
}

export async function uploadPictures(
  uploads: ServerUploads,
  pictures: Pictures,
  alpha: ComfyFamily['alpha'],
  signal: AbortSignal,
): Promise<Map<string, UploadedInput>> {
  const inputs = new Map<string, UploadedInput>();
  for (const [id, picture] of pictures) {
    const name = await unlessAborted(uploads.put(picture, alpha), signal);
    inputs.set(id, { name, width: picture.width, height: picture.height });
  }
  return inputs;
}

/** Placeholder names: a graph's nodes and model do not depend on them. */
export function placeholders(pictures: Pictures): Map<string, UploadedInput> {
  const named = ({ sha256, width, height }: InputPicture) => ({
    name: `limner/${sha256}.png`,
    width,
    height,
  });
  return new Map([...pictures].map(([id, picture]) => [id, named(picture)]));
}

/** The pictures of an inpainting, laid over the original. */
export async function finishedOn(
  canvas: Canvas,
  outputs: EngineOutput[],
  signal: AbortSignal,
): Promise<EngineOutput[]> {
  const finished: EngineOutput[] = [];
  for (const output of outputs) {
    const painted = Buffer.isBuffer(output.body) ? output.body : await buffer(output.body);
    finished.push({
      ...output,
      body: await canvas.finished(painted, signal),
      mediaType: 'image/png',
    });
  }
  return finished;
}
