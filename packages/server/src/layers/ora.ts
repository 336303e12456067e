/**
 * Writes an OpenRaster document, as freedesktop.org's baseline specification describes it: an archive with its type first,
 * `stack.xml` with the topmost layer first, a PNG for each layer, what they make up, and a thumbnail.
 */
import type { Size } from '@limner/contract';
import { loadSharp } from '../images/sharp.ts';
import { encodeRaster, type Raster } from '../images/stack.ts';
import { type MadeZip, StoredZip } from '../outputs/stored-zip.ts';
import { drawn, type StoredLayer, type StoredStack } from './stored-stack.ts';

export const ORA_TYPE = 'image/openraster';
const THUMBNAIL_PX = 256;

export async function oraOf(stack: StoredStack): Promise<MadeZip> {
  const { layers, completedMs } = stack;
  const mtime = new Date(completedMs);
  const whole = await drawn(stack);
  const zip = new StoredZip();
  zip.addBytes('mimetype', Buffer.from(ORA_TYPE), mtime, { plain: true });
  zip.addBytes('stack.xml', Buffer.from(stackXml(stack)), mtime);
  for (const [at, layer] of layers.entries()) zip.add({ name: fileOf(at), mtime, ...(await layer.png()) });
  zip.addBytes('mergedimage.png', await encodeRaster(whole), mtime);
  zip.addBytes('Thumbnails/thumbnail.png', await thumbnailOf(whole), mtime);
  return zip.end();
}

const fileOf = (at: number): string => `data/layer${at}.png`;

function stackXml({ width, height, layers }: Size & { layers: StoredLayer[] }): string {
  const topmostFirst = layers.map(layerXml).reverse();
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<image version="0.0.3" w="${width}" h="${height}">`,
    '  <stack>',
    ...topmostFirst.map((layer) => `    ${layer}`),
    '  </stack>',
    '</image>',
    '',
  ].join('\n');
}

function layerXml({ name, visible, opacity, left, top }: StoredLayer, at: number): string {
  const fields = {
    name,
    src: fileOf(at),
    x: left,
    y: top,
    opacity: Number((opacity / 255).toFixed(6)),
    visibility: visible ? 'visible' : 'hidden',
    'composite-op': 'svg:src-over',
  };
  const written = Object.entries(fields).map(([key, value]) => `${key}="${escaped(String(value))}"`);
  return `<layer ${written.join(' ')}/>`;
}

/** Characters that XML 1.0 cannot hold are left out. */
const escaped = (text: string): string =>
  text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);

async function thumbnailOf({ width, height, rgba }: Raster): Promise<Buffer> {
  const sharp = await loadSharp();
  return sharp(rgba, { raw: { width, height, channels: 4 }, limitInputPixels: false })
    .resize({ width: THUMBNAIL_PX, height: THUMBNAIL_PX, fit: 'inside', withoutEnlargement: true })
    .png()
    .toBuffer();
}
