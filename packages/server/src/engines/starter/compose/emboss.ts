/**
 * One-coloured icons as painted pieces: a dark outline that closes the fine gaps, a ramp from light to shade, a bevel
 * along the edge, and light on the side of the lamp. Icon and result are in a square of 512 units.
 */
import type { Ramp } from './materials.ts';
import type { Random } from './random.ts';
import { holes } from './silhouette.ts';

type Treatment = (body: string, ramp: Ramp, random: Random, prefix: string) => string;

/** The same on every piece, like the lamp, because pieces of one set are shown side by side. */
const OUTLINE = 18;

export const emboss: Treatment = (body, ramp, random, prefix) => {
  const shape = body.replaceAll(/ fill="currentColor"/g, '');
  const [x1, x2] = [90, 400];
  const body1 = `
<defs>
<linearGradient id="${prefix}g" gradientUnits="userSpaceOnUse" x1="${x1}" y1="30" x2="${x2}" y2="490">${stops(ramp, random)}</linearGradient>
<linearGradient id="${prefix}r" gradientUnits="userSpaceOnUse" x1="${x1}" y1="30" x2="${x2}" y2="490"><stop offset="0" stop-color="${ramp.spark}" stop-opacity=".95"/><stop offset=".5" stop-color="${ramp.high}" stop-opacity=".55"/><stop offset=".8" stop-color="${ramp.high}" stop-opacity="0"/></linearGradient>
<radialGradient id="${prefix}h" gradientUnits="userSpaceOnUse" cx="170" cy="120" r="330"><stop offset="0" stop-color="${ramp.spark}" stop-opacity=".5"/><stop offset="1" stop-color="${ramp.spark}" stop-opacity="0"/></radialGradient>
<clipPath id="${prefix}c">${shape}</clipPath>
</defs>`;
  return `${body1}
<g fill="${ramp.ink}" stroke="${ramp.ink}" stroke-width="${OUTLINE}" stroke-linejoin="round">${shape}</g>
<path fill="${ramp.ink}" d="${holes(body)}"/>
<g fill="url(#${prefix}g)">${shape}</g>
<g clip-path="url(#${prefix}c)">
<rect width="512" height="512" fill="url(#${prefix}h)"/>
<g fill="none" stroke="${ramp.low}" stroke-width="15" stroke-opacity=".75" transform="translate(-2.5 -3.5)">${shape}</g>
<g fill="none" stroke="url(#${prefix}r)" stroke-width="9" transform="translate(2 3)">${shape}</g>
</g>`;
};

function stops({ low, mid, high, spark, metal }: Ramp, random: Random): string {
  const at = random.between(-0.04, 0.04);
  const list: [number, string][] = metal
    ? [
        [0, high],
        [0.2 + at, spark],
        [0.3 + at, high],
        [0.48 + at, mid],
        [0.6 + at, low],
        [0.72 + at, mid],
        [0.84 + at, high],
        [1, low],
      ]
    : [
        [0, high],
        [0.42 + at, mid],
        [0.86 + at, low],
        [1, low],
      ];
  return list
    .map(
      ([offset, colour]) =>
        `<stop offset="${Math.max(0, Math.min(1, offset)).toFixed(3)}" stop-color="${colour}"/>`,
    )
    .join('');
}

/** The same without light: outline, ground and one lighter half. */
export const flatTwoTone: Treatment = (body, ramp, random, prefix) => {
  const shape = body.replaceAll(/ fill="currentColor"/g, '');
  const lean = random.between(-60, 60);
  return `
<defs><clipPath id="${prefix}c">${shape}</clipPath></defs>
<g fill="${ramp.ink}" stroke="${ramp.ink}" stroke-width="16" stroke-linejoin="round">${shape}</g>
<path fill="${ramp.ink}" d="${holes(body)}"/>
<g fill="${ramp.mid}">${shape}</g>
<path clip-path="url(#${prefix}c)" fill="${ramp.high}" d="M0 0H${(256 + lean).toFixed(0)}L${(256 - lean).toFixed(0)} 512H0z"/>`;
};
