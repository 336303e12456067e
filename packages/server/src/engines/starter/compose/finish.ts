/** What is done to the finished pixels: pixel art, silhouettes, the glow of neon, watercolour. */
import sharp from 'sharp';
import { fromHex, fromRgb, toRgb } from './colour.ts';
import type { Random } from './random.ts';
import type { Raster } from './raster.ts';

/** Keeps the shape and its soft edge, forgets everything else. */
export function silhouette({ width, height, data }: Raster, colour: string): Raster {
  const [red, green, blue] = toRgb(fromHex(colour));
  const out = Buffer.from(data);
  for (let at = 0; at < out.length; at += 4) [out[at], out[at + 1], out[at + 2]] = [red, green, blue];
  return { width, height, data: out };
}

const PALETTE = 14;

/** Small grid, few colours, no half-transparent pixels, a dark line around. */
export async function pixelArt(raster: Raster, random: Random): Promise<Raster> {
  const cells = random.pick([32, 36, 40]);
  const across = Math.round((cells * raster.width) / Math.max(raster.width, raster.height));
  const down = Math.round((cells * raster.height) / Math.max(raster.width, raster.height));
  const small = await sharp(raster.data, { raw: { width: raster.width, height: raster.height, channels: 4 } })
    .resize(across, down, { fit: 'fill', kernel: 'cubic' })
    .raw()
    .toBuffer();
  for (let at = 3; at < small.length; at += 4) small[at] = (small[at] as number) >= 118 ? 255 : 0;
  reducePalette(small);
  outlineCells(small, across, down);
  return enlarge(small, across, down, raster.width, raster.height);
}

/** k-means from evenly spread starting colours: the same picture always gives the same palette. */
function reducePalette(pixels: Buffer): void {
  const seen: number[] = [];
  for (let at = 0; at < pixels.length; at += 4) if (pixels[at + 3] === 255) seen.push(at);
  if (seen.length === 0) return;
  const byLight = [...seen].sort((a, b) => light(pixels, a) - light(pixels, b) || a - b);
  let centres = Array.from({ length: PALETTE }, (_, index) =>
    colourAt(pixels, byLight[Math.floor(((index + 0.5) / PALETTE) * byLight.length)] as number),
  );
  for (let round = 0; round < 8; round++) {
    const sums = centres.map(() => [0, 0, 0, 0]);
    for (const at of seen) {
      const sum = sums[nearest(centres, colourAt(pixels, at))] as number[];
      for (let channel = 0; channel < 3; channel++)
        (sum[channel] as number) += pixels[at + channel] as number;
      (sum[3] as number)++;
    }
    centres = sums.map((sum, index) =>
      (sum[3] as number) === 0
        ? (centres[index] as number[])
        : sum.slice(0, 3).map((value) => value / (sum[3] as number)),
    );
  }
  for (const at of seen) {
    const centre = centres[nearest(centres, colourAt(pixels, at))] as number[];
    for (let channel = 0; channel < 3; channel++)
      pixels[at + channel] = Math.round(centre[channel] as number);
  }
}

const light = (pixels: Buffer, at: number): number =>
  (pixels[at] as number) * 3 + (pixels[at + 1] as number) * 6 + (pixels[at + 2] as number);
const colourAt = (pixels: Buffer, at: number): number[] => [
  pixels[at] as number,
  pixels[at + 1] as number,
  pixels[at + 2] as number,
];

function nearest(centres: number[][], colour: number[]): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const [index, centre] of centres.entries()) {
    const distance = centre.reduce(
      (sum, value, channel) => sum + (value - (colour[channel] as number)) ** 2,
      0,
    );
    if (distance < least) [best, least] = [index, distance];
  }
  return best;
}

/** The line takes the colour of what it borders, much darker, as pixel artists do. */
function outlineCells(pixels: Buffer, across: number, down: number): void {
  const solid = Array.from({ length: across * down }, (_, cell) => pixels[cell * 4 + 3] === 255);
  for (let cell = 0; cell < solid.length; cell++) {
    if (solid[cell]) continue;
    const [x, y] = [cell % across, Math.floor(cell / across)];
    const beside = [
      [x - 1, y],
      [x + 1, y],
      [x, y - 1],
      [x, y + 1],
    ]
      .filter(
        ([nx, ny]) =>
          (nx as number) >= 0 && (nx as number) < across && (ny as number) >= 0 && (ny as number) < down,
      )
      .map(([nx, ny]) => (ny as number) * across + (nx as number))
      .find((other) => solid[other]);
    if (beside === undefined) continue;
    const own = fromRgb(
      pixels[beside * 4] as number,
      pixels[beside * 4 + 1] as number,
      pixels[beside * 4 + 2] as number,
    );
    const [red, green, blue] = toRgb({
      lightness: Math.min(0.3, own.lightness * 0.42),
      chroma: own.chroma * 0.5,
      hue: own.hue,
    });
    pixels.set([red, green, blue, 255], cell * 4);
  }
}

function enlarge(small: Buffer, across: number, down: number, width: number, height: number): Raster {
  const data = Buffer.alloc(width * height * 4);
  for (let y = 0; y < height; y++) {
    const line = Math.floor((y * down) / height) * across;
    for (let x = 0; x < width; x++) {
      const from = (line + Math.floor((x * across) / width)) * 4;
      small.copy(data, (y * width + x) * 4, from, from + 4);
    }
  }
  return { width, height, data };
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

/** Adds light to a straight RGBA pixel: it brightens what is there and is seen where nothing is. */
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
