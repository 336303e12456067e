/** Made-up pictures whose alpha is known: things, and grounds behind them. */
import sharp from 'sharp';
import { type AlphaError, alphaError } from '../test/alpha-error.ts';

export interface CutoutCase {
  name: string;
  /** What is to be cut out, soft-transparent where it should be. */
  thing: string;
  /** What it stands on; opaque. */
  ground: string;
  jpeg?: number;
}

const SIDE_PX = 256;
const DEFS = `<defs>
  <linearGradient id="sky" x2="0.6" y2="1"><stop stop-color="#f0d8b0"/><stop offset="1" stop-color="#6080b8"/></linearGradient>
  <radialGradient id="ball" cx="0.35" cy="0.3"><stop stop-color="#fbd7c8"/><stop offset="1" stop-color="#b02a18"/></radialGradient>
  <radialGradient id="snow" cx="0.4" cy="0.35"><stop stop-color="#f4f6fa"/><stop offset="1" stop-color="#cdd6e6"/></radialGradient>
  <filter id="soft"><feGaussianBlur stdDeviation="10"/></filter><filter id="blur"><feGaussianBlur stdDeviation="3"/></filter>
  <filter id="paint"><feTurbulence baseFrequency="0.03" numOctaves="3" seed="4"/><feColorMatrix values="0.5 0 0 0 0.45  0 0.4 0 0 0.4  0 0 0.4 0 0.3  0 0 0 0 1"/></filter>
  </defs>`;
const RED =
  '<circle cx="128" cy="120" r="66" fill="#c03020"/><path d="M106 62 L128 20 L150 62 Z" fill="#205090"/>';
const BALL = '<circle cx="128" cy="116" r="70" fill="url(#ball)"/>';
const SNOW =
  '<circle cx="128" cy="170" r="58" fill="url(#snow)"/><circle cx="128" cy="86" r="40" fill="url(#snow)"/><circle cx="116" cy="80" r="5" fill="#222"/><circle cx="140" cy="80" r="5" fill="#222"/>';
const GLASS =
  '<path d="M96 60 h64 l-8 140 h-48 Z" fill="#5fb8d8" fill-opacity="0.35"/><path d="M96 60 h64 l-8 140 h-48 Z" fill="none" stroke="#2a7f9f" stroke-width="4"/>';
const STRANDS = Array.from(
  { length: 24 },
  (_, i) =>
    `<path d="M128 150 Q${60 + 6 * i} 90 ${30 + 8.5 * i} ${40 + ((i * 37) % 30)}" stroke="#4a2c16" stroke-width="1.6" fill="none"/>`,
);
const HAIR = `${STRANDS.join('')}<circle cx="128" cy="170" r="50" fill="#4a2c16"/>`;
const shadow = (body: string, opacity: number) =>
  `<g filter="url(#soft)" fill="black" fill-opacity="${opacity}">${body}</g>`;
const BELOW = '<ellipse cx="128" cy="200" rx="76" ry="15"/>';
const fill = (colour: string) => `<rect width="100%" height="100%" fill="${colour}"/>`;
const RING = '<circle cx="128" cy="128" r="76" fill="none" stroke="#b8860b" stroke-width="36"/>';
const LEAF =
  '<path d="M128 230 C40 180 40 80 128 24 C216 80 216 180 128 230 Z" fill="#2f8a3a"/><path d="M128 230 L128 60" stroke="#d8f0c0" stroke-width="5"/>';

export const CASES: CutoutCase[] = [
  { name: 'red thing on white', thing: RED, ground: fill('white') },
  { name: 'red thing on grey', thing: RED, ground: fill('#808080') },
  { name: 'red thing on green', thing: RED, ground: fill('#3ab54a') },
  { name: 'red thing on a gradient', thing: RED, ground: fill('url(#sky)') },
  { name: 'red thing on black', thing: RED, ground: fill('black') },
  { name: 'shaded ball on white', thing: BALL, ground: fill('white') },
  { name: 'shaded ball, JPEG', thing: BALL, ground: fill('#e4e8ee'), jpeg: 85 },
  { name: 'leaf on cream', thing: LEAF, ground: fill('#f4ecd8') },
  { name: 'ring on white', thing: RING, ground: fill('white') },
  { name: 'ring on blue', thing: RING, ground: fill('#4060c0') },
  { name: 'hair on white', thing: HAIR, ground: fill('white') },
  { name: 'hair on a gradient', thing: HAIR, ground: fill('url(#sky)') },
  { name: 'blurred thing on white', thing: `<g filter="url(#blur)">${RED}</g>`, ground: fill('white') },
  { name: 'soft shadow below, on white', thing: shadow(BELOW, 0.5) + RED, ground: fill('white') },
  {
    name: 'soft shadow beside, on white',
    thing: shadow('<circle cx="140" cy="134" r="66"/>', 0.45) + RED,
    ground: fill('white'),
  },
  { name: 'soft shadow on sand', thing: shadow(BELOW, 0.4) + BALL, ground: fill('#e8d8b8') },
  { name: 'soft shadow, JPEG', thing: shadow(BELOW, 0.5) + RED, ground: fill('white'), jpeg: 90 },
  { name: 'glass on white', thing: GLASS, ground: fill('white') },
  { name: 'white on white', thing: SNOW, ground: fill('white') },
  {
    name: 'red thing on a painted ground',
    thing: RED,
    ground: '<rect width="100%" height="100%" filter="url(#paint)"/>',
  },
];

const drawn = (body: string) =>
  sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE_PX}" height="${SIDE_PX}">${DEFS}${body}</svg>`,
    ),
  );

export async function pictureOf({ thing, ground, jpeg }: CutoutCase): Promise<Buffer> {
  const picture = drawn(ground + thing).removeAlpha();
  return jpeg ? picture.jpeg({ quality: jpeg }).toBuffer() : picture.png().toBuffer();
}

export async function errorOf({ thing }: CutoutCase, result: Uint8Array): Promise<AlphaError> {
  const truth = await drawn(thing).ensureAlpha().raw().toBuffer();
  const own = await sharp(result).ensureAlpha().raw().toBuffer();
  return alphaError(truth, own);
}
