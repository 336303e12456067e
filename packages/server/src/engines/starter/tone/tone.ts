/**
 * Gives a picture the colours and the contrast of others: mean and spread of lightness and of both colour axes become
 * theirs. Shapes, lines and transparency stay. It is no transfer of brushwork, and says so.
 */
import type { Bilingual } from '@limner/contract';
import sharp from 'sharp';
import type { JobContext, PictureResult } from '../../embedded/job.ts';
import { breathe, decode, encodePng, type Pixels } from '../../embedded/picture.ts';
import { toRgb } from '../compose/colour.ts';
import { type Lab, labOf, type Tone, toneOf } from './oklab.ts';

export interface ToneJob {
  /** PNG. */
  picture: Uint8Array;
  styles: { picture: Uint8Array /** 0…1 */; strength: number }[];
}

/** Means and spreads need no more. */
const MEASURED_SIDE_PX = 256;
/** A flat picture would otherwise become noise, and a lively one flat. */
const LEAST_STRETCH = 0.4;
const MOST_STRETCH = 2.5;
const ROWS_AT_ONCE = 32;

export async function tone({ picture, styles }: ToneJob, { signal }: JobContext): Promise<PictureResult> {
  const pixels = await decode(Buffer.from(picture));
  const own = toneOf(pixels);
  const wanted = await jointTone(styles);
  const strength = Math.max(...styles.map((style) => style.strength));
  if (own && wanted) await shift(pixels, shiftTo(own, wanted, strength), signal);
  return {
    png: await encodePng(pixels),
    summary: summary(styles.length),
    details: {
      tone: { strength, ...(wanted ? { mean: rounded(wanted.mean), spread: rounded(wanted.spread) } : {}) },
    },
  };
}

/** The average of the pictures, each by its strength. */
async function jointTone(styles: ToneJob['styles']): Promise<Tone | null> {
  const total: Tone = { mean: [0, 0, 0], spread: [0, 0, 0] };
  let weight = 0;
  for (const { picture, strength } of styles) {
    const measured = toneOf(await decode(await small(picture)));
    if (!measured) continue;
    weight += strength;
    for (const i of [0, 1, 2] as const) {
      total.mean[i] += strength * measured.mean[i];
      total.spread[i] += strength * measured.spread[i];
    }
  }
  if (weight === 0) return null;
  const shared = (sum: Lab) => sum.map((value) => value / weight) as Lab;
  return { mean: shared(total.mean), spread: shared(total.spread) };
}

const small = (picture: Uint8Array): Promise<Buffer> =>
  sharp(picture, { limitInputPixels: false })
    .autoOrient()
    .resize(MEASURED_SIDE_PX, MEASURED_SIDE_PX, { fit: 'inside', withoutEnlargement: true })
    .png()
    .toBuffer();

type Shift = (lab: Lab) => Lab;

function shiftTo(own: Tone, wanted: Tone, strength: number): Shift {
  const stretch = own.spread.map((spread, i) =>
    Math.min(MOST_STRETCH, Math.max(LEAST_STRETCH, (wanted.spread[i] as number) / Math.max(spread, 1e-4))),
  );
  return (lab) =>
    lab.map((value, i) => {
      const moved = (value - (own.mean[i] as number)) * (stretch[i] as number) + (wanted.mean[i] as number);
      return value + (moved - value) * strength;
    }) as Lab;
}

/** In place. Drawings have few colours, so each is computed once. */
async function shift({ width, height, rgba }: Pixels, move: Shift, signal: AbortSignal): Promise<void> {
  const known = new Map<number, number>();
  for (let row = 0; row < height; row += ROWS_AT_ONCE) {
    await breathe(signal);
    const end = Math.min(height, row + ROWS_AT_ONCE) * width * 4;
    for (let at = row * width * 4; at < end; at += 4) {
      if (rgba[at + 3] === 0) continue;
      const colour = rgba.readUIntBE(at, 3);
      const found = known.get(colour) ?? packed(move(labOf(colour >> 16, (colour >> 8) & 255, colour & 255)));
      known.set(colour, found);
      rgba.writeUIntBE(found, at, 3);
    }
  }
}

function packed([lightness, a, b]: Lab): number {
  const hue = (Math.atan2(b, a) * 180) / Math.PI;
  const [red, green, blue] = toRgb({ lightness, chroma: Math.hypot(a, b), hue });
  return (red << 16) | (green << 8) | blue;
}

const rounded = (lab: Lab): number[] => lab.map((value) => Math.round(value * 1000) / 1000);

const summary = (count: number): Bilingual => ({
  en: `Colours and contrast follow ${count === 1 ? 'a style picture, whose' : `${count} style pictures, whose`} brushwork is not taken.`,
  zh: `配色与明暗取自 ${count} 张风格图，不含笔触。`,
});
