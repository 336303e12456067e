/**
 * Gives a finished picture edges that meet. A texture of the library has them already, and a thing on a transparent
 * ground too; everything else is blended with itself, moved by half: at an edge only the moved picture is seen, whose
 * middle lies there.
 */
import type { Bilingual, TiledAxes } from '@limner/contract';
import type { PictureResult } from '../embedded/job.ts';
import { decode, encodePng, type Pixels } from '../embedded/picture.ts';
import { seamError } from '../embedded/seam-error.ts';

/** Steps over an edge up to this are not seen among those inside. */
const MEETS = 1.25;
/** Share of a side, from an edge inwards, in which the moved picture is seen. */
const BAND = 0.3;

export async function tiled(result: PictureResult, axes: TiledAxes | null = null): Promise<PictureResult> {
  if (axes === null) return result;
  const pixels = await decode(result.png);
  const before = seamError(pixels);
  const open = { x: axes !== 'y' && before.x > MEETS, y: axes !== 'x' && before.y > MEETS };
  if (open.x) blend(pixels, true);
  if (open.y) blend(pixels, false);
  const isBlended = open.x || open.y;
  const { x, y } = isBlended ? seamError(pixels) : before;
  const said = isBlended ? BLENDED : isBare(pixels, axes) ? BARE : MEETING;
  return {
    ...result,
    ...(isBlended ? { png: await encodePng(pixels) } : {}),
    summary: { en: `${result.summary.en} ${said.en}`, zh: `${result.summary.zh}${said.zh}` },
    details: { ...result.details, tileable: axes, seam_error: { x: rounded(x), y: rounded(y) } },
  };
}

const rounded = (value: number): number => Math.round(100 * value) / 100;

const MEETING: Bilingual = { en: 'Its opposite edges meet as drawn.', zh: '画面本身即可无缝拼接。' };
const BARE: Bilingual = {
  en: 'Its opposite edges meet because nothing is drawn there: it is a drawing on a transparent ground and no texture. For a texture name a material, such as grass, stone, wood or water.',
  zh: '对边相接只是因为边缘没有内容：这是透明底上的图形，不是贴图。如需贴图，请写出材质，例如草地、石头、木头或水。',
};
const BLENDED: Bilingual = {
  en: 'So that its opposite edges meet, it was blended with itself, moved by half.',
  zh: '为使对边相接，画面与其自身平移一半后的图像做了混合。',
};

/** Nothing is at the edges that meet. */
function isBare({ rgba, width, height }: Pixels, axes: TiledAxes): boolean {
  const isClear = (x: number, y: number) => rgba[4 * (y * width + x) + 3] === 0;
  const sides = Array.from({ length: height }, (_, y) => isClear(0, y) && isClear(width - 1, y));
  const ends = Array.from({ length: width }, (_, x) => isClear(x, 0) && isClear(x, height - 1));
  return [...(axes === 'y' ? [] : sides), ...(axes === 'x' ? [] : ends)].every(Boolean);
}

/** In place, along one axis. An axis along which the picture continues already still does afterwards. */
export function blend(pixels: Pixels, columns: boolean): void {
  const { rgba, width, height } = pixels;
  const source = Uint8Array.from(rgba);
  const side = columns ? width : height;
  const half = side >> 1;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const place = columns ? x : y;
      const weight = weightAt(place, side);
      if (weight === 0) continue;
      const to = 4 * (y * width + x);
      const from = columns ? 4 * (y * width + ((x + half) % width)) : 4 * (((y + half) % height) * width + x);
      mix(rgba, source, to, from, weight);
    }
  }
}

/** 1 at both edges, 0 further inside. */
function weightAt(place: number, side: number): number {
  const inwards = Math.min(place, side - 1 - place) / (BAND * side);
  const share = Math.max(0, 1 - inwards);
  return share * share * (3 - 2 * share);
}

/** A transparent pixel adds no colour. */
function mix(rgba: Uint8Array, source: Uint8Array, to: number, from: number, weight: number): void {
  const own = (1 - weight) * (source[to + 3] as number);
  const other = weight * (source[from + 3] as number);
  const alpha = own + other;
  rgba[to + 3] = Math.round(alpha);
  if (alpha === 0) return;
  for (let c = 0; c < 3; c++)
    rgba[to + c] = Math.round(
      ((source[to + c] as number) * own + (source[from + c] as number) * other) / alpha,
    );
}
