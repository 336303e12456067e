/**
 * Fills a hole with patches of the rest of the same picture, so that texture and lines continue into it (Wexler et al.,
 * "Space-time completion of video", with the search of Barnes et al., "PatchMatch"). From a coarse level to a fine one,
 * each patch that touches the hole finds the patch of the rest most like it, and all patches over a pixel vote on its
 * colour. Nothing is invented: every colour is an average of colours of the picture.
 */
import { breathe } from '../../embedded/picture.ts';
import type { Random } from '../compose/random.ts';

export interface Level {
  width: number;
  height: number;
  /** Premultiplied RGBA, in which clear pixels of any colour are equal. */
  data: Uint8Array;
  /** 1: to be filled. */
  hole: Uint8Array;
}

/** For each pixel, the middle of the patch it takes after; −1: its patch does not touch the hole. */
export type Matches = Int32Array;

const REACH = 3;
/** Of matching and voting, at the coarsest level and at the finest. */
const [MOST_ROUNDS, LEAST_ROUNDS] = [24, 2];
const ROWS_AT_ONCE = 64;

/**
 * @param levels fine to coarse, each half as large as the one before; the coarsest has a guess in its hole. Filled in place
 * @returns matches of the finest level; null: nowhere is a whole patch outside the hole
 */
export async function patched(
  levels: Level[],
  random: Random,
  signal: AbortSignal,
  progress: (share: number) => void,
): Promise<Matches | null> {
  let matches: Matches | null = null;
  let below: Level | null = null;
  for (const [done, level] of levels.toReversed().entries()) {
    const sources = sourcesOf(level);
    // A hole that leaves no patch at a coarse level may leave some at a finer one.
    if (sources.middles.length === 0) continue;
    const started: Matches =
      matches && below ? finer(matches, below, level, sources, random) : drawn(level, sources, random);
    const sure = sureness(level);
    if (matches) vote(level, started, sure);
    const rounds = Math.max(LEAST_ROUNDS, MOST_ROUNDS >> (2 * done));
    for (let round = 0; round < rounds; round++) {
      await improve(level, started, sources, sure, round, random, signal);
      vote(level, started, sure);
    }
    [matches, below] = [started, level];
    progress((done + 1) / levels.length);
  }
  return matches;
}

interface Sources {
  isMiddle: Uint8Array;
  middles: Int32Array;
}

/** Middles of patches wholly inside the picture and outside the hole. */
function sourcesOf({ width, height, hole }: Level): Sources {
  const near = grown(hole, width, height);
  const isMiddle = new Uint8Array(hole.length);
  for (let y = REACH; y < height - REACH; y++)
    for (let x = REACH; x < width - REACH; x++) isMiddle[y * width + x] = near[y * width + x] === 0 ? 1 : 0;
  const middles: number[] = [];
  for (let i = 0; i < isMiddle.length; i++) if (isMiddle[i] === 1) middles.push(i);
  return { isMiddle, middles: Int32Array.from(middles) };
}

/** 1 within `reach` of the hole, diagonally too: where a patch touches it. */
export function grown(hole: Uint8Array, width: number, height: number, reach = REACH): Uint8Array {
  const across = new Uint8Array(hole.length);
  for (let i = 0; i < hole.length; i++) {
    if (hole[i] === 0) continue;
    const x = i % width;
    across.fill(1, i - Math.min(x, reach), i + Math.min(width - 1 - x, reach) + 1);
  }
  const out = new Uint8Array(hole.length);
  for (let i = 0; i < hole.length; i++) {
    if (across[i] === 0) continue;
    const y = Math.floor(i / width);
    for (let to = Math.max(0, y - reach); to <= Math.min(height - 1, y + reach); to++)
      out[to * width + (i % width)] = 1;
  }
  return out;
}

const anyOf = ({ middles }: Sources, random: Random): number =>
  middles[Math.floor(random.next() * middles.length)] as number;

function drawn({ width, height, hole }: Level, sources: Sources, random: Random): Matches {
  return Int32Array.from(grown(hole, width, height), (touches) =>
    touches === 1 ? anyOf(sources, random) : -1,
  );
}

/** A match of the coarse level, doubled, where it is still one. */
function finer(coarse: Matches, from: Level, level: Level, sources: Sources, random: Random): Matches {
  const { width, height, hole } = level;
  return Int32Array.from(grown(hole, width, height), (touches, i) => {
    if (touches === 0) return -1;
    const [x, y] = [i % width, Math.floor(i / width)];
    const at = Math.min(from.height - 1, y >> 1) * from.width + Math.min(from.width - 1, x >> 1);
    const match = coarse[at] as number;
    if (match < 0) return anyOf(sources, random);
    const sx = 2 * (match % from.width) + (x & 1);
    const sy = 2 * Math.floor(match / from.width) + (y & 1);
    const doubled = sy * width + sx;
    return sx < width && sy < height && sources.isMiddle[doubled] === 1 ? doubled : anyOf(sources, random);
  });
}

/** One sweep over all patches: neighbours' matches, moved along, and ever closer random ones. */
async function improve(
  level: Level,
  matches: Matches,
  { isMiddle }: Sources,
  sure: Float32Array,
  round: number,
  random: Random,
  signal: AbortSignal,
): Promise<void> {
  const { width, height } = level;
  const forward = round % 2 === 0;
  const step = forward ? -1 : 1;
  const widest = Math.max(width, height);
  for (let row = 0; row < height; row++) {
    if (row % ROWS_AT_ONCE === 0) await breathe(signal);
    const y = forward ? row : height - 1 - row;
    for (let column = 0; column < width; column++) {
      const x = forward ? column : width - 1 - column;
      const at = y * width + x;
      let best = matches[at] as number;
      if (best < 0) continue;
      let least = distance(level, sure, x, y, best, Number.POSITIVE_INFINITY);
      const tryOne = (candidate: number) => {
        if (candidate === best || isMiddle[candidate] !== 1) return;
        const found = distance(level, sure, x, y, candidate, least);
        if (found < least) [best, least] = [candidate, found];
      };
      const beside = x + step >= 0 && x + step < width ? (matches[at + step] as number) : -1;
      if (beside >= 0) tryOne(beside - step);
      const above = y + step >= 0 && y + step < height ? (matches[at + step * width] as number) : -1;
      if (above >= 0) tryOne(above - step * width);
      for (let reach = widest; reach >= 1; reach >>= 1) {
        const [bx, by] = [best % width, Math.floor(best / width)];
        const tx = Math.round(bx + (2 * random.next() - 1) * reach);
        const ty = Math.round(by + (2 * random.next() - 1) * reach);
        if (tx >= 0 && ty >= 0 && tx < width && ty < height) tryOne(ty * width + tx);
      }
      matches[at] = best;
    }
  }
}

/** Sum of squares over the part of the patch that is inside the picture; it may stop beyond `limit`. */
function distance(
  { width, height, data }: Level,
  sure: Float32Array,
  x: number,
  y: number,
  source: number,
  limit: number,
): number {
  const [left, right] = [Math.max(-REACH, -x), Math.min(REACH, width - 1 - x)];
  const [top, bottom] = [Math.max(-REACH, -y), Math.min(REACH, height - 1 - y)];
  let sum = 0;
  for (let dy = top; dy <= bottom; dy++) {
    let pixel = (y + dy) * width + x + left;
    let a = 4 * pixel;
    let b = 4 * (source + dy * width + left);
    for (const end = pixel + right - left + 1; pixel < end; pixel++) {
      let square = 0;
      for (const next = a + 4; a < next; a++, b++) {
        const by = (data[a] as number) - (data[b] as number);
        square += by * by;
      }
      sum += square * (sure[pixel] as number);
    }
    if (sum >= limit) return sum;
  }
  return sum;
}

/** Each pixel of the hole becomes the mean of what the patches over it say, closer matches first. */
function vote(level: Level, matches: Matches, sure: Float32Array): void {
  const { width, height, data, hole } = level;
  const sums = new Float32Array(5 * hole.length);
  for (let at = 0; at < matches.length; at++) {
    const match = matches[at] as number;
    if (match < 0) continue;
    const [x, y] = [at % width, Math.floor(at / width)];
    const weight =
      (sure[at] as number) /
      (500 + distance(level, sure, x, y, match, Number.POSITIVE_INFINITY) / (sure[at] as number));
    for (let dy = Math.max(-REACH, -y); dy <= Math.min(REACH, height - 1 - y); dy++)
      for (let dx = Math.max(-REACH, -x); dx <= Math.min(REACH, width - 1 - x); dx++) {
        const to = at + dy * width + dx;
        if (hole[to] !== 1) continue;
        const from = 4 * (match + dy * width + dx);
        for (let c = 0; c < 4; c++)
          sums[5 * to + c] = (sums[5 * to + c] as number) + weight * (data[from + c] as number);
        sums[5 * to + 4] = (sums[5 * to + 4] as number) + weight;
      }
  }
  for (let at = 0; at < hole.length; at++) {
    const weight = sums[5 * at + 4] as number;
    if (hole[at] !== 1 || weight === 0) continue;
    for (let c = 0; c < 4; c++) data[4 * at + c] = Math.round((sums[5 * at + c] as number) / weight);
  }
}

const LEAST_SURE = 0.002;
/** Per pixel further from the border. */
const SURE_LOSS = 1.25;

/** 1 outside the hole, and ever less towards its middle: what is known leads what is filled. */
function sureness({ width, height, hole }: Level): Float32Array {
  const far = Float32Array.from(hole, (inHole) => (inHole === 1 ? 1e6 : 0));
  const nearer = (at: number, from: number, by: number) => {
    far[at] = Math.min(far[at] as number, (far[from] as number) + by);
  };
  for (let at = 0; at < far.length; at++) {
    if (at % width > 0) nearer(at, at - 1, 1);
    if (at >= width) nearer(at, at - width, 1);
  }
  for (let at = far.length - 1; at >= 0; at--) {
    if (at % width < width - 1) nearer(at, at + 1, 1);
    if (at < width * (height - 1)) nearer(at, at + width, 1);
  }
  return far.map((distance) => Math.max(LEAST_SURE, SURE_LOSS ** -distance));
}
