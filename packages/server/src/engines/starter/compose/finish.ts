/** Effects on finished pixels: silhouette, neon glow, watercolour. */
import sharp from 'sharp';
import { fromHex, toRgb } from './colour.ts';
import type { Random } from './random.ts';
import type { Raster } from './raster.ts';

/** Keeps only the shape and its soft edge. */
export function silhouette({ width, height, data }: Raster, colour: string): Raster {
  const [red, green, blue] = toRgb(fromHex(colour));
  const out = Buffer.from(data);
  for (let at = 0; at < out.length; at += 4) [out[at], out[at + 1], out[at + 2]] = [red, green, blue];
  return { width, height, data: out };
}

/** Light around what is bright: two blurs of the bright parts, laid over and around the picture. */
export async function glow(raster: Raster): Promise<Raster> {
  const { width, height, data } = raster;
  const emitted = Buffer.alloc(width * height * 3);
  for (let at = 0, to = 0; at < data.length; at += 4, to += 3) {
    const alpha = (data[at + 3] as number) / 255;
    const brightest = Math.max(data[at] as number, data[at + 1] as number, data[at + 2] as number);
    const strength = alpha * Math.max(0, (brightest - 90) / 165);
    for (let channel = 0; channel < 3; channel++)
      emitted[to + channel] = (data[at + channel] as number) * strength;
  }
  const side = Math.min(width, height);
  const [near, far] = await Promise.all([
    blurred(emitted, width, height, side * 0.011),
    blurred(emitted, width, height, side * 0.038),
  ]);
  const out = Buffer.from(data);
  for (let at = 0, from = 0; at < out.length; at += 4, from += 3) {
    const halo = [0, 1, 2].map((channel) =>
      Math.min(255, (near[from + channel] as number) * 1.1 + (far[from + channel] as number) * 1.5),
    );
    addLight(out, at, halo);
  }
  return { width, height, data: out };
}

/** Adds light to a straight RGBA pixel: brightens colours and is visible on transparent pixels. */
function addLight(pixels: Buffer, at: number, halo: number[]): void {
  const own = (pixels[at + 3] as number) / 255;
  const strength = Math.max(...halo) / 255;
  const alpha = own + strength * (1 - own);
  if (alpha === 0) return;
  for (let channel = 0; channel < 3; channel++) {
    const light = halo[channel] as number;
    const premultiplied = Math.min(
      255 * alpha,
      (pixels[at + channel] as number) * own + light * (1 - own * 0.55),
    );
    pixels[at + channel] = Math.round(premultiplied / alpha);
  }
  pixels[at + 3] = Math.round(alpha * 255);
}

async function blurred(pixels: Buffer, width: number, height: number, sigma: number): Promise<Buffer> {
  const small = Math.max(1, Math.floor(sigma / 3));
  const [w, h] = [Math.ceil(width / small), Math.ceil(height / small)];
  const shrunk = await sharp(pixels, { raw: { width, height, channels: 3 } })
    .resize(w, h, { fit: 'fill' })
    .blur(Math.max(0.5, sigma / small))
    .raw()
    .toBuffer();
  return sharp(shrunk, { raw: { width: w, height: h, channels: 3 } })
    .resize(width, height, { fit: 'fill', kernel: 'cubic' })
    .raw()
    .toBuffer();
}

/** Pigment: trembling edges, pools along them, light and dark blooms, and the grain of the paper. */
export async function watercolour(raster: Raster, random: Random): Promise<Raster> {
  const { width, height, data } = raster;
  const side = Math.min(width, height);
  const [bloom, tremorX, tremorY, grain] = await Promise.all([
    noise(width, height, side / 5, random),
    noise(width, height, side / 26, random),
    noise(width, height, side / 26, random),
    noise(width, height, Math.max(2, side / 190), random),
  ]);
  const soft = await alphaBlurred(raster, side * 0.014);
  const out = Buffer.alloc(data.length);
  const reach = side * 0.022;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const cell = y * width + x;
      const fromX = clamp(Math.round(x + ((tremorX[cell] as number) / 255 - 0.5) * reach), width);
      const fromY = clamp(Math.round(y + ((tremorY[cell] as number) / 255 - 0.5) * reach), height);
      const from = (fromY * width + fromX) * 4;
      const edge = 1 - (soft[fromY * width + fromX] as number) / 255;
      washed(out, cell * 4, data, from, edge, (bloom[cell] as number) / 255, (grain[cell] as number) / 255);
    }
  }
  return { width, height, data: out };
}

function washed(
  out: Buffer,
  to: number,
  data: Buffer,
  from: number,
  edge: number,
  bloom: number,
  grain: number,
): void {
  const pool = edge * edge * 1.5;
  const water = 0.3 + 0.34 * bloom - pool * 0.55;
  for (let channel = 0; channel < 3; channel++) {
    const value = data[from + channel] as number;
    const thinned = value + (255 - value) * Math.max(0, Math.min(0.62, water));
    out[to + channel] = Math.max(0, Math.min(255, thinned * (1 - 0.16 * pool) - (grain - 0.5) * 20));
  }
  out[to + 3] = data[from + 3] as number;
}

const clamp = (value: number, size: number): number => Math.max(0, Math.min(size - 1, value));

async function noise(width: number, height: number, scale: number, random: Random): Promise<Buffer> {
  const [w, h] = [Math.max(2, Math.ceil(width / scale) + 1), Math.max(2, Math.ceil(height / scale) + 1)];
  const cells = Buffer.from(Array.from({ length: w * h }, () => Math.floor(random.next() * 256)));
  return sharp(cells, { raw: { width: w, height: h, channels: 1 } })
    .resize(width, height, { fit: 'fill', kernel: 'cubic' })
    .extractChannel(0)
    .raw()
    .toBuffer();
}

async function alphaBlurred({ width, height, data }: Raster, sigma: number): Promise<Buffer> {
  return sharp(data, { raw: { width, height, channels: 4 } })
    .extractChannel(3)
    .blur(Math.max(0.4, sigma))
    .raw()
    .toBuffer();
}
