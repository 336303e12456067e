/**
 * Hints for the painting model: a picture's edges, or a blurred copy. The model was trained with maps made in the same
 * way (`training/starter/painting/hints.py`); both must stay equal.
 */
import { LATENT_VALUES } from './latent.ts';

const SIDE = 128;
const CELL_PX = 4;
const CELLS = SIDE / CELL_PX;
const BLUR_PX = 8;
const BLUR_CELLS = SIDE / BLUR_PX;
/** Of 0…1, over all channels together: fainter steps are shading, not edges. */
const LEAST_STEP = 0.1;
const TOKENS_A_SIDE = 8;

/** Premultiplied planes of a straight RGBA picture, in 0…1. */
export function premultipliedPlanes({ rgba }: { rgba: Uint8Array }): Float32Array {
  const area = rgba.length / 4;
  const planes = new Float32Array(rgba.length);
  for (let i = 0; i < area; i++) {
    const alpha = (rgba[4 * i + 3] as number) / 255;
    for (let c = 0; c < 3; c++) planes[c * area + i] = ((rgba[4 * i + c] as number) / 255) * alpha;
    planes[3 * area + i] = alpha;
  }
  return planes;
}

/** The edges hint: thin lines where colour or alpha changes, as the share of each cell that a line covers. */
export function edgesHint(planes: Float32Array): Float32Array {
  return tokensOf(cellsOf(isLineArt(planes) ? drawnLines(planes) : edgeLines(planes)), 1, CELLS);
}

/** The blur hint: the mean premultiplied RGBA of 16 × 16 cells. */
export function blurHint(planes: Float32Array): Float32Array {
  const cells = new Float32Array(4 * BLUR_CELLS * BLUR_CELLS);
  for (let c = 0; c < 4; c++) {
    const plane = planes.subarray(c * SIDE * SIDE, (c + 1) * SIDE * SIDE);
    cells.set(pooled(plane, BLUR_PX), c * BLUR_CELLS * BLUR_CELLS);
  }
  return tokensOf(cells, 4, BLUR_CELLS);
}

/** True for an edge map: bright lines on an opaque, black ground, as ControlNet preprocessors make them. */
export function isLineArt(planes: Float32Array): boolean {
  const area = planes.length / 4;
  if (planes.subarray(3 * area).some((alpha) => alpha <= 0.99)) return false;
  let [dark, grey] = [0, 0];
  for (let i = 0; i < area; i++) {
    const [r, g, b] = [planes[i], planes[area + i], planes[2 * area + i]] as [number, number, number];
    if (Math.max(r, g, b) < 0.12) dark++;
    if (Math.max(r, g, b) - Math.min(r, g, b) < 0.06) grey++;
  }
  return grey > 0.98 * area && dark > 0.6 * area;
}

/** Lines thinner than a pixel of the canvas became faint; they count as full lines. */
function drawnLines(planes: Float32Array): Float32Array {
  return planes.slice(0, SIDE * SIDE).map((value) => (value > 0.15 ? 1 : 0));
}

function edgeLines(planes: Float32Array): Float32Array {
  const { across, down, size } = steps(planes);
  const sizeAt = (x: number, y: number) =>
    x < 0 || y < 0 || x >= SIDE || y >= SIDE ? 0 : (size[y * SIDE + x] as number);
  return size.map((own, i) => {
    if (own <= LEAST_STEP) return 0;
    const [x, y] = [i % SIDE, Math.floor(i / SIDE)];
    const [dx, dy] = (across[i] as number) >= (down[i] as number) ? [1, 0] : [0, 1];
    return own >= sizeAt(x - dx, y - dy) && own > sizeAt(x + dx, y + dy) ? 1 : 0;
  });
}

/** Squares of the central differences over all channels, and the length of both together. */
function steps(planes: Float32Array): { across: Float32Array; down: Float32Array; size: Float32Array } {
  const area = SIDE * SIDE;
  const [across, down, size] = [new Float32Array(area), new Float32Array(area), new Float32Array(area)];
  for (let y = 0; y < SIDE; y++) {
    const [above, below] = [Math.max(0, y - 1) * SIDE, Math.min(SIDE - 1, y + 1) * SIDE];
    for (let x = 0; x < SIDE; x++) {
      const [row, left, right] = [y * SIDE, Math.max(0, x - 1), Math.min(SIDE - 1, x + 1)];
      let [wide, tall] = [0, 0];
      for (let plane = 0; plane < 4 * area; plane += area) {
        wide += ((planes[plane + row + right] as number) - (planes[plane + row + left] as number)) ** 2;
        tall += ((planes[plane + below + x] as number) - (planes[plane + above + x] as number)) ** 2;
      }
      across[row + x] = wide / 4;
      down[row + x] = tall / 4;
      size[row + x] = Math.sqrt((wide + tall) / 4);
    }
  }
  return { across, down, size };
}

/** A straight line through a cell covers a quarter of it. */
const cellsOf = (lines: Float32Array): Float32Array =>
  pooled(lines, CELL_PX).map((share) => Math.min(1, share * CELL_PX));

function pooled(plane: Float32Array, cellPx: number): Float32Array {
  const cells = SIDE / cellPx;
  const out = new Float32Array(cells * cells);
  for (let i = 0; i < plane.length; i++) {
    const cell = Math.floor(i / SIDE / cellPx) * cells + Math.floor((i % SIDE) / cellPx);
    out[cell] = (out[cell] as number) + (plane[i] as number) / cellPx ** 2;
  }
  return out;
}

/** Cells of each channel to the token they lie in: channel by channel, each token's cells row by row, in −1…1. */
function tokensOf(cells: Float32Array, channels: number, side: number): Float32Array {
  const own = side / TOKENS_A_SIDE;
  const values = new Float32Array(LATENT_VALUES);
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        const row = c * own * own + (y % own) * own + (x % own);
        const token = Math.floor(y / own) * TOKENS_A_SIDE + Math.floor(x / own);
        values[row * TOKENS_A_SIDE ** 2 + token] = 2 * (cells[(c * side + y) * side + x] as number) - 1;
      }
    }
  }
  return values;
}
