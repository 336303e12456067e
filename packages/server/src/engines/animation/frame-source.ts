/** The frames of an animation as they are read: cut out, without common transparent edges, and reduced. One at a time. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type RecipeAnimation, type Size, StudioError } from '@limner/contract';
import { inSlices } from '../../images/in-slices.ts';
import { withinMemory } from '../../images/pixel-gate.ts';
import { loadSharp } from '../../images/sharp.ts';
import { decodeRaster, type Raster } from '../../images/stack.ts';
import type { FrameContext } from '../engine.ts';

/** Cuts a picture out of its background; PNG. */
export type CutOut = (picture: Buffer, signal: AbortSignal) => Promise<Buffer>;

export interface Prepared {
  /** Of each frame in the file. */
  cell: Size;
  /** Of a frame before its edges were left out, reduced as the cell is. */
  source: Size;
  kept: { x: number; y: number };
  frames(): AsyncGenerator<Raster>;
}

interface Box extends Size {
  left: number;
  top: number;
}

interface Asked {
  references: readonly string[];
  animation: Pick<RecipeAnimation, 'cut_out' | 'trim' | 'max_side'>;
}

/** Of the progress, if frames are looked at before they are written. */
const LOOKING = 0.5;

/** @throws StudioError `animation_sizes`, `file_broken` */
export async function preparedFrames(
  { references, animation }: Asked,
  ctx: FrameContext,
  { folder, cutOut }: { folder: string; cutOut: CutOut },
): Promise<Prepared> {
  const first = await ctx.openInput(references[0] ?? '');
  const whole: Box = { left: 0, top: 0, width: first.width, height: first.height };
  const looksFirst = animation.trim || animation.cut_out;
  let from = 0;
  const openFrame = async (at: number): Promise<Buffer> => {
    if (animation.cut_out) return readFile(cutFile(folder, at));
    return (await ctx.openInput(references[at] ?? '')).read();
  };
  let union: Box | null = null;
  if (looksFirst) {
    for (const [at, id] of references.entries()) {
      ctx.signal.throwIfAborted();
      if (animation.cut_out)
        await writeFile(
          cutFile(folder, at),
          await cutOut(await (await ctx.openInput(id)).read(), ctx.signal),
        );
      if (animation.trim)
        union = joined(union, await visibleBox(await decoded(await openFrame(at), at, whole)));
      ctx.progress((LOOKING * (at + 1)) / references.length);
    }
    from = LOOKING;
  }
  const box = union ?? whole;
  const scale = Math.min(1, (animation.max_side ?? Infinity) / Math.max(box.width, box.height));
  const cell = { width: scaled(box.width, scale), height: scaled(box.height, scale) };
  const kept = { x: Math.round(box.left * scale), y: Math.round(box.top * scale) };
  const source = {
    width: Math.max(kept.x + cell.width, scaled(whole.width, scale)),
    height: Math.max(kept.y + cell.height, scaled(whole.height, scale)),
  };
  async function* frames(): AsyncGenerator<Raster> {
    for (let at = 0; at < references.length; at++) {
      ctx.signal.throwIfAborted();
      yield await fitted(await decoded(await openFrame(at), at, whole), box, cell);
      ctx.progress(from + ((1 - from) * (at + 1)) / references.length);
    }
  }
  return { cell, source, kept, frames };
}

const cutFile = (folder: string, at: number): string => join(folder, `cut-${at}.png`);

const scaled = (side: number, scale: number): number => Math.max(1, Math.round(side * scale));

async function decoded(picture: Buffer, at: number, { width, height }: Size): Promise<Raster> {
  const raster = await withinMemory(width * height, () => decodeRaster(picture)).catch((cause) => {
    throw new StudioError('picture_damaged', { cause });
  });
  if (raster.width !== width || raster.height !== height) throw otherSize({ width, height }, at, raster);
  return raster;
}

export const otherSize = ({ width, height }: Size, at: number, other: Size): StudioError =>
  new StudioError('animation_sizes', {
    data: { width, height, number: at + 1, other_width: other.width, other_height: other.height },
    field: `references.${at}`,
  });

/** The part that is not transparent; null: all of it is. */
async function visibleBox({ width, height, rgba }: Raster): Promise<Box | null> {
  let [left, top, right, bottom] = [width, height, -1, -1];
  const scan = (from: number, to: number) => {
    for (let y = from; y < to; y++)
      for (let x = 0; x < width; x++) {
        if (rgba[4 * (y * width + x) + 3] === 0) continue;
        left = Math.min(left, x);
        right = Math.max(right, x);
        top = Math.min(top, y);
        bottom = y;
      }
  };
  await inSlices(height, scan, { pixels: width });
  return right < 0 ? null : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

function joined(a: Box | null, b: Box | null): Box | null {
  if (!a || !b) return a ?? b;
  const [left, top] = [Math.min(a.left, b.left), Math.min(a.top, b.top)];
  return {
    left,
    top,
    width: Math.max(a.left + a.width, b.left + b.width) - left,
    height: Math.max(a.top + a.height, b.top + b.height) - top,
  };
}

async function fitted(frame: Raster, box: Box, cell: Size): Promise<Raster> {
  const isWhole = box.width === frame.width && box.height === frame.height;
  if (isWhole && cell.width === frame.width && cell.height === frame.height) return frame;
  const sharp = await loadSharp();
  const raw = { width: frame.width, height: frame.height, channels: 4 } as const;
  const rgba = await sharp(frame.rgba, { raw })
    .extract(box)
    .resize({ ...cell, fit: 'fill' })
    .raw()
    .toBuffer();
  return { ...cell, rgba };
}
