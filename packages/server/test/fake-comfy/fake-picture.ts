/** Pictures a fake ComfyUI paints: blocks of colour that depend on everything the graph says. */
import { createHash } from 'node:crypto';
import sharp, { type Sharp } from 'sharp';
import type { FakeGraph } from './fake-graph.ts';

interface Size {
  width: number;
  height: number;
}

const SIDE_BLOCKS = 8;

/** Equal graphs give equal pixels; one different seed gives others. */
export const paint = (seedText: string, size: Size, alpha: boolean): Promise<Buffer> =>
  blocks(seedText, size, alpha).png({ compressionLevel: 1 }).toBuffer();

export const paintPreview = (seedText: string): Promise<Buffer> =>
  blocks(seedText, { width: 64, height: 64 }, false).jpeg().toBuffer();

function blocks(seedText: string, { width, height }: Size, alpha: boolean): Sharp {
  const channels = alpha ? 4 : 3;
  const raw = Buffer.alloc(SIDE_BLOCKS * SIDE_BLOCKS * channels);
  for (let at = 0; at < raw.length; at += 32) {
    createHash('sha256').update(`${seedText}/${at}`).digest().copy(raw, at);
  }
  const picture = sharp(raw, { raw: { width: SIDE_BLOCKS, height: SIDE_BLOCKS, channels } });
  return picture.resize(width, height, { kernel: 'nearest', fit: 'fill' });
}

/** The size a node's picture has: its own width and height, or those of what it is made from. */
export function sizeOf(graph: FakeGraph, id: string, fileSize: (name: string) => Size | undefined): Size {
  const node = graph[id];
  if (!node) return { width: 512, height: 512 };
  const { width, height, image } = node.inputs;
  if (typeof width === 'number' && typeof height === 'number') return { width, height };
  const file = typeof image === 'string' ? fileSize(image) : undefined;
  if (file) return file;
  const before = SOURCES.map((name) => node.inputs[name]).find((value) => Array.isArray(value)) as
    | [string, number]
    | undefined;
  const size = before ? sizeOf(graph, before[0], fileSize) : { width: 512, height: 512 };
  const { scale_by } = node.inputs;
  const own = typeof scale_by === 'number' ? scale_by : 1;
  const factor = node.class_type === 'ImageUpscaleWithModel' ? 4 : own;
  return { width: size.width * factor, height: size.height * factor };
}

/** Inputs a picture comes through, from the end of a graph to its beginning. */
const SOURCES = [
  'images',
  'image',
  'destination',
  'samples',
  'latent_image',
  'latent',
  'av_latent',
  'pixels',
  'image1',
  'mask',
];

export const hasAlpha = (graph: FakeGraph, ids: readonly string[]): boolean =>
  ids.some((id) => WITH_ALPHA.includes(graph[id]?.class_type ?? ''));

const WITH_ALPHA = ['BiRefNetRMBG', 'RMBG', 'JoinImageWithAlpha', 'EmptyQwenImageLayeredLatentImage'];
