/** Turns one icon into a piece of SVG in its colours, with ids of its own, in a square of 512 units. */

import type { Role } from './casting.ts';
import { fromHex, type Oklch } from './colour.ts';
import { emboss, flatTwoTone } from './emboss.ts';
import type { Library } from './library.ts';
import { COMMON, type Ramp, rampAround, rampOf, varied } from './materials.ts';
import type { Random } from './random.ts';
import { hasColour, nudge, recolouring, shiftColours } from './recolour.ts';
import type { Style } from './words/grammar.ts';

export const UNITS = 512;

export interface Drawing {
  svg: string;
  /** Ink box in units. */
  left: number;
  top: number;
  width: number;
  height: number;
  /** What was done to the colours, for the telling. */
  recoloured: 'no' | 'already' | 'yes';
}

export function draw(
  role: Role,
  library: Library,
  random: Random,
  style: Style | undefined,
  prefix: string,
): Drawing {
  const { icon } = role;
  const body = ownIds(library.body(icon), prefix);
  const coloured =
    icon.set.id === 'game' ? drawInked(body, role, random, style, prefix) : drawColoured(body, role, random);
  const scale = UNITS / icon.size;
  const inked = icon.set.id === 'game' ? INK : 0;
  return {
    svg: icon.set.id === 'game' ? coloured.svg : `<g transform="scale(${round(scale)})">${coloured.svg}</g>`,
    left: icon.box.left * UNITS - inked,
    top: icon.box.top * UNITS - inked,
    width: (icon.box.right - icon.box.left) * UNITS + 2 * inked,
    height: (icon.box.bottom - icon.box.top) * UNITS + 2 * inked,
    recoloured: coloured.recoloured,
  };
}

/** Half the outline that is drawn around one-coloured icons. */
export const INK = 10;

interface Coloured {
  svg: string;
  recoloured: Drawing['recoloured'];
}

function drawColoured(body: string, { icon, thing }: Role, random: Random): Coloured {
  const target = targetColour(thing, random);
  const turned = random.between(-7, 7);
  const chroma = random.between(0.95, 1.1);
  if (target === undefined) return { svg: shiftColours(body, nudge(turned, chroma)), recoloured: 'no' };
  if (hasColour(icon.tone, target))
    return { svg: shiftColours(body, nudge(turned / 2, chroma)), recoloured: 'already' };
  return { svg: shiftColours(body, recolouring(icon.tone, target)), recoloured: 'yes' };
}

/** A colour word names a region, not a point: the seed moves inside it. */
function targetColour(thing: Role['thing'], random: Random): Oklch | undefined {
  const colour = thing.colour?.hex ?? (thing.material === undefined ? undefined : rampOf(thing.material).mid);
  if (colour === undefined) return undefined;
  const base = fromHex(colour);
  return {
    lightness: base.lightness + random.between(-0.03, 0.03),
    chroma: base.chroma * random.between(0.94, 1.06),
    hue: base.hue + random.between(-5, 5),
  };
}

function drawInked(
  body: string,
  { thing }: Role,
  random: Random,
  style: Style | undefined,
  prefix: string,
): Coloured {
  const ramp = chooseRamp(thing, random);
  const treat = style === 'flat' || style === 'papercut' ? flatTwoTone : emboss;
  return {
    svg: treat(body, ramp, random, prefix),
    recoloured: thing.colour || thing.material ? 'yes' : 'no',
  };
}

function chooseRamp(thing: Role['thing'], random: Random): Ramp {
  const natural =
    thing.meaning.materials.length > 0 ? random.pick(thing.meaning.materials) : random.pick(COMMON);
  const turned = random.between(-6, 6);
  if (thing.colour !== undefined)
    return varied(rampAround(thing.colour.hex, thing.colour.metal), turned / 2, 1);
  return varied(rampOf(thing.material ?? natural), turned, random.between(0.97, 1.04));
}

/** Several icons in one document must not share the names of their gradients. */
function ownIds(body: string, prefix: string): string {
  return body
    .replace(/\bid="([^"]+)"/g, `id="${prefix}$1"`)
    .replace(/url\(#([^)]+)\)/g, `url(#${prefix}$1)`)
    .replace(/href="#([^"]+)"/g, `href="#${prefix}$1"`);
}

const round = (value: number): number => Math.round(value * 1e4) / 1e4;
