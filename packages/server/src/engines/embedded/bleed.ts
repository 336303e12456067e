/**
 * Fills unknown pixels smoothly with known colours, over any distance ("pull-push": known colours are averaged into
 * ever coarser levels, then each unknown pixel takes its colour from the finest level that has one).
 */

/** Colours with a weight of confidence. */
export interface Level {
  width: number;
  height: number;
  /** Three colours times weight, then weight; four values a pixel. */
  data: Float32Array;
}

/** Below this alpha a pixel's own colour is mostly rounding noise. */
const TRUSTED_ALPHA = 32;

/** Gives transparent pixels the colours of their nearest opaque neighbours, in place. Alpha stays as it is. */
export function bleedIntoTransparent(rgba: Uint8Array, width: number, height: number): void {
  const trust = (i: number): number => Math.min(1, (rgba[4 * i + 3] as number) / TRUSTED_ALPHA);
  bleed(rgba, 4, width, height, trust);
}

/** The same for any picture and any measure of trust in a pixel's own colour, 0…1. */
export function bleed(
  pixels: Uint8Array,
  channels: 3 | 4,
  width: number,
  height: number,
  trust: (pixel: number) => number,
): void {
  const filled = spread(firstLevel(pixels, channels, width, height, trust));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const own = trust(y * width + x);
      if (own >= 1) continue;
      const at = channels * (y * width + x);
      for (let c = 0; c < 3; c++) {
        const carried = sample(filled, (x - 0.5) / 2, (y - 0.5) / 2, c);
        pixels[at + c] = Math.round((pixels[at + c] as number) * own + carried * (1 - own));
      }
    }
  }
}

/** Fills a level's unknown places, in place, and divides by the weights. */
export function spread(level: Level): Level {
  const levels = [level];
  for (let top = level; top.width > 1 || top.height > 1; levels.unshift(top)) top = halved(top);
  const [coarsest, ...finer] = levels as [Level, ...Level[]];
  normalise(coarsest);
  return finer.reduce((coarse, fine) => filledFrom(coarse, fine), coarsest);
}

/** Starts at half the picture's size: filled areas need no finer detail, and this takes a quarter of the memory. */
function firstLevel(
  pixels: Uint8Array,
  channels: number,
  width: number,
  height: number,
  trust: (pixel: number) => number,
): Level {
  const level = emptyLevel((width + 1) >> 1, (height + 1) >> 1);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = y * width + x;
      const weight = trust(pixel);
      if (weight === 0) continue;
      const to = 4 * ((y >> 1) * level.width + (x >> 1));
      for (let c = 0; c < 3; c++) add(level.data, to + c, weight * (pixels[channels * pixel + c] as number));
      add(level.data, to + 3, weight);
    }
  }
  return level;
}

export function emptyLevel(width: number, height: number): Level {
  return { width, height, data: new Float32Array(4 * width * height) };
}

function add(data: Float32Array, at: number, value: number): void {
  data[at] = (data[at] as number) + value;
}

function halved(fine: Level): Level {
  const coarse = emptyLevel((fine.width + 1) >> 1, (fine.height + 1) >> 1);
  for (let y = 0; y < fine.height; y++) {
    for (let x = 0; x < fine.width; x++) {
      const from = 4 * (y * fine.width + x);
      const weight = fine.data[from + 3] as number;
      if (weight === 0) continue;
      // Limits each level's weight to one, so that many known pixels do not outweigh a few.
      const scale = weight > 1 ? 1 / weight : 1;
      const to = 4 * ((y >> 1) * coarse.width + (x >> 1));
      for (let c = 0; c < 4; c++) add(coarse.data, to + c, scale * (fine.data[from + c] as number));
    }
  }
  return coarse;
}

function normalise({ data }: Level): void {
  for (let at = 0; at < data.length; at += 4) {
    const weight = (data[at + 3] as number) || 1;
    for (let c = 0; c < 3; c++) data[at + c] = (data[at + c] as number) / weight;
    data[at + 3] = 1;
  }
}

function filledFrom(coarse: Level, fine: Level): Level {
  const { width, height, data } = fine;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = 4 * (y * width + x);
      const weight = data[at + 3] as number;
      const own = Math.min(1, weight);
      for (let c = 0; c < 3; c++) {
        const mean = weight > 0 ? (data[at + c] as number) / weight : 0;
        const carried = own < 1 ? sample(coarse, (x - 0.5) / 2, (y - 0.5) / 2, c) : 0;
        data[at + c] = mean * own + carried * (1 - own);
      }
      data[at + 3] = 1;
    }
  }
  return fine;
}

/** Linear between the four nearest places; positions beyond the edge take the edge. */
function sample({ width, height, data }: Level, x: number, y: number, c: number): number {
  const x0 = clamp(Math.floor(x), width);
  const y0 = clamp(Math.floor(y), height);
  const x1 = clamp(Math.floor(x) + 1, width);
  const y1 = clamp(Math.floor(y) + 1, height);
  const fx = x - Math.floor(x);
  const fy = y - Math.floor(y);
  const at = (px: number, py: number): number => data[4 * (py * width + px) + c] as number;
  return (
    (at(x0, y0) * (1 - fx) + at(x1, y0) * fx) * (1 - fy) + (at(x0, y1) * (1 - fx) + at(x1, y1) * fx) * fy
  );
}

const clamp = (value: number, size: number): number => Math.min(Math.max(value, 0), size - 1);
