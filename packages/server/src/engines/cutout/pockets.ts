/**
 * Areas of the ground's colour that the thing encloses: a hole (the middle of a ring), or a part of the thing with that
 * colour (the white of an eye). The pixels are the same, so the decision follows how artists paint. They paint with
 * white and black, but hardly ever with exactly the green, grey or gradient of the ground: enclosed areas of such a
 * ground are holes, unless they fade into the thing, as shading that happens to pass through the ground's colour. On
 * white and black, shape decides as well:
 *   - something lies in the area (a pupil): part of the thing;
 *   - the wall to the outside is a thin line round a large area (a sheet of paper, a ghost): part of the thing;
 *   - the wall is much thicker than the area is wide (a highlight, an eye): part of the thing;
 *   - what is left, walls about as thick as the opening (rings, handles, letters): a hole. This is a guess, so the
 *     summary says how many areas there were, and two model choices override it.
 */

import type { Size } from '@limner/contract';
import type { Ground } from './ground.ts';
import { eachAround, eachNeighbour, hasNeighbour, type Region, regionsOf, stepsFrom } from './regions.ts';

export type PocketRule = 'decide' | 'open' | 'keep';

export interface PocketReport {
  opened: number;
  kept: number;
}

/** Smallest area, in pixels, that is judged. Smaller ones are edges whose two colours mix to the ground's colour. */
const LEAST_PIXELS = 6;
const RIM_PX = 3;
const PAINT_LEVELS = 28;
const EVEN_LEVELS = 10;
const FARTHEST_WALL_PX = 255;

/** Opens the pockets that are holes: sets their pixels in `outside`. */
export function openPockets(
  size: Size,
  outside: Uint8Array,
  distance: Float32Array,
  threshold: number,
  ground: Ground,
  rule: PocketRule,
): PocketReport {
  if (rule === 'keep') return { opened: 0, kept: 0 };
  const inside = (pixel: number): boolean => outside[pixel] === 0 && (distance[pixel] as number) < threshold;
  let kept = regionsOf(size, inside).filter((pocket) => isOpenArea(pocket, size));
  const all = kept.length;
  const sharp = (pocket: Region): boolean => hasSharpRim(pocket, size, distance, threshold);
  // An opened hole counts as outside for its neighbours, so a net opens from its rim to its middle.
  for (let before = -1; before !== kept.length; ) {
    before = kept.length;
    const judge = rule === 'decide' && isPaint(ground) ? shapeJudge(size, outside, kept) : () => true;
    const holes = kept.filter((pocket) => (rule === 'open' || sharp(pocket)) && judge(pocket));
    for (const hole of holes) for (const pixel of hole.pixels) outside[pixel] = 1;
    kept = kept.filter((pocket) => !holes.includes(pocket));
  }
  return { opened: all - kept.length, kept: kept.length };
}

/** True if some pixel has all four neighbours in the area. */
function isOpenArea({ pixels }: Region, size: Size): boolean {
  if (pixels.length < LEAST_PIXELS) return false;
  const own = new Set(pixels);
  return pixels.some((pixel) => !hasNeighbour(pixel, size, (neighbour) => !own.has(neighbour)));
}

/** True if most of the rim is followed, within a few pixels, by a clearly different colour. */
function hasSharpRim(pocket: Region, size: Size, distance: Float32Array, threshold: number): boolean {
  const rim = rimOf(pocket, size);
  const clearly = Math.max(3 * threshold, 24);
  const sharp = rim.filter((pixel) => {
    let most = 0;
    eachAround(pixel, size, RIM_PX, (other) => {
      most = Math.max(most, distance[other] as number);
    });
    return most > clearly;
  });
  return sharp.length > 0.6 * rim.length;
}

/** A colour that artists use for things: pure white or black. */
function isPaint({ mean, range }: Ground): boolean {
  const white = mean.every((level) => level > 255 - PAINT_LEVELS);
  const black = mean.every((level) => level < PAINT_LEVELS);
  return (white || black) && range < EVEN_LEVELS;
}

function shapeJudge(
  size: Size,
  outside: Uint8Array,
  pockets: readonly Region[],
): (pocket: Region) => boolean {
  if (pockets.length === 0) return () => false;
  const wall = stepsFrom(size, outside, FARTHEST_WALL_PX);
  const things = outside.length - outside.reduce((sum, one) => sum + one, 0);
  return (pocket) => {
    const rim = rimOf(pocket, size);
    if (holdsIslands(pocket, rim, size)) return false;
    const share = pocket.pixels.length / things;
    const radius = (2 * pocket.pixels.length) / rim.length;
    const walls = Uint8Array.from(rim, (pixel) => wall[pixel] as number).sort();
    const thickness = (walls[walls.length >> 2] as number) / radius;
    if (share < 0.003) return radius > 3 && thickness < 0.7;
    return thickness > (share > 0.1 ? 0.2 : 0.03) && thickness < (share < 0.04 ? 2.5 : 3);
  };
}

function rimOf({ pixels }: Region, size: Size): number[] {
  const own = new Set(pixels);
  return pixels.filter((pixel) => hasNeighbour(pixel, size, (neighbour) => !own.has(neighbour)));
}

/** True when the area surrounds something: its outline is then more than one closed line. */
function holdsIslands(pocket: Region, rim: readonly number[], size: Size): boolean {
  const own = new Set(pocket.pixels);
  const around = new Set<number>();
  for (const pixel of rim) {
    eachNeighbour(pixel, size, (neighbour) => {
      if (!own.has(neighbour)) around.add(neighbour);
    });
  }
  return outlinesIn(around, size) > 1;
}

/** How many lines the pixels of an outline form, corners counted as touching. Specks do not count. */
function outlinesIn(outline: Set<number>, { width }: Size): number {
  let lines = 0;
  const left = new Set(outline);
  for (const start of outline) {
    if (!left.delete(start)) continue;
    const line = [start];
    for (let next = 0; next < line.length; next++) {
      const pixel = line[next] as number;
      for (const step of [-width - 1, -width, -width + 1, -1, 1, width - 1, width, width + 1]) {
        if (left.delete(pixel + step)) line.push(pixel + step);
      }
    }
    if (line.length >= LEAST_PIXELS) lines++;
  }
  return lines;
}
