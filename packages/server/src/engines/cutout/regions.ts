/** Connected regions and distances on a grid of pixels. */
import type { Size } from '@limner/contract';

/** Calls `visit` for each of the four neighbours. */
export function eachNeighbour(
  pixel: number,
  { width, height }: Size,
  visit: (neighbour: number) => void,
): void {
  const x = pixel % width;
  if (x > 0) visit(pixel - 1);
  if (x < width - 1) visit(pixel + 1);
  if (pixel >= width) visit(pixel - width);
  if (pixel < width * (height - 1)) visit(pixel + width);
}

export function hasNeighbour(pixel: number, size: Size, test: (neighbour: number) => boolean): boolean {
  let found = false;
  eachNeighbour(pixel, size, (neighbour) => {
    found ||= test(neighbour);
  });
  return found;
}

/** Everything that can be reached from the picture's border over pixels that `open` allows. 1 where reached. */
export function reachedFromBorder(size: Size, open: (pixel: number) => boolean): Uint8Array {
  const { width, height } = size;
  const reached = new Uint8Array(width * height);
  const stack: number[] = [];
  const enter = (pixel: number): void => {
    if (reached[pixel] || !open(pixel)) return;
    reached[pixel] = 1;
    stack.push(pixel);
  };
  for (let x = 0; x < width; x++) {
    enter(x);
    enter((height - 1) * width + x);
  }
  for (let y = 0; y < height; y++) {
    enter(y * width);
    enter(y * width + width - 1);
  }
  for (let pixel = stack.pop(); pixel !== undefined; pixel = stack.pop()) eachNeighbour(pixel, size, enter);
  return reached;
}

export interface Region {
  pixels: number[];
}

/** The connected regions of pixels that `inside` allows. */
export function regionsOf(size: Size, inside: (pixel: number) => boolean): Region[] {
  const seen = new Uint8Array(size.width * size.height);
  const regions: Region[] = [];
  for (let start = 0; start < seen.length; start++) {
    if (seen[start] || !inside(start)) continue;
    const pixels = [start];
    seen[start] = 1;
    for (let next = 0; next < pixels.length; next++) {
      eachNeighbour(pixels[next] as number, size, (neighbour) => {
        if (seen[neighbour] || !inside(neighbour)) return;
        seen[neighbour] = 1;
        pixels.push(neighbour);
      });
    }
    regions.push({ pixels });
  }
  return regions;
}

/** Steps (sideways, up, down or diagonal) from the nearest pixel where `from` is 1, at most `most`. */
export function stepsFrom(size: Size, from: Uint8Array, most: number): Uint8Array {
  const steps = new Uint8Array(from.length).fill(most);
  let ring: number[] = [];
  for (let pixel = 0; pixel < from.length; pixel++) {
    if (from[pixel] !== 1) continue;
    steps[pixel] = 0;
    // Only the rim is expanded; visiting the many pixels behind it would be slow.
    if (hasNeighbour(pixel, size, (neighbour) => from[neighbour] !== 1)) ring.push(pixel);
  }
  for (let step = 1; step < most && ring.length > 0; step++) {
    const next: number[] = [];
    for (const pixel of ring) {
      eachAround(pixel, size, 1, (neighbour) => {
        if ((steps[neighbour] as number) <= step) return;
        steps[neighbour] = step;
        next.push(neighbour);
      });
    }
    ring = next;
  }
  return steps;
}

/** Calls `visit` for every pixel of the square around one, itself left out. */
export function eachAround(
  pixel: number,
  { width, height }: Size,
  radius: number,
  visit: (other: number) => void,
): void {
  const x = pixel % width;
  const y = (pixel - x) / width;
  const [left, right] = [Math.max(0, x - radius), Math.min(width - 1, x + radius)];
  const [top, bottom] = [Math.max(0, y - radius), Math.min(height - 1, y + radius)];
  for (let oy = top; oy <= bottom; oy++) {
    for (let ox = left; ox <= right; ox++) {
      if (ox !== x || oy !== y) visit(oy * width + ox);
    }
  }
}
