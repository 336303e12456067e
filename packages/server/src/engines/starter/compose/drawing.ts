/** Turns one icon into a piece of SVG in its colours, with ids of its own, in a square of 512 units. */

import type { Size } from '@limner/contract';
import type { Role } from './casting.ts';
import { fromHex, type Oklch } from './colour.ts';
import { emboss, flatTwoTone } from './emboss.ts';
import type { Library } from './library.ts';
import { COMMON, type Ramp, rampAround, rampOf, varied } from './materials.ts';
import type { OwnShape, Texture } from './own/own-set.ts';
import { textureSvg } from './own/textures.ts';
import { widgetSvg } from './own/widgets.ts';
import type { Random } from './random.ts';
import { type Bounds, boundsOf } from './raster.ts';
import { accents, hasColour, nudge, recolouring, shiftColours } from './recolour.ts';
import { neonTubes, paintOver, paperLayers } from './restyle.ts';
import type { Thing } from './thing.ts';
import { COLOURS } from './words/colours.ts';
import { MATERIALS, type Style } from './words/grammar.ts';

export const UNITS = 512;

/** A drawing with its ink box, in units. */
export interface Drawing extends Bounds {
  svg: string;
  /** What was done to the colours, for the provenance. */
  recoloured: 'no' | 'already' | 'yes';
}

export function draw(
  role: Role,
  library: Library,
  random: Random,
  style: Style | undefined,
  prefix: string,
): Drawing {
  const { icon, thing } = role;
  if (icon.own) return drawOwn(icon.own, role, random, prefix);
  const body = ownIds(library.body(icon), prefix);
  const inked = icon.set.id === 'game';
  const coloured = inked ? drawInked(body, role, random, style, prefix) : drawColoured(body, role, random);
  const styled = restyled(
    inked ? body : coloured.svg,
    coloured.svg,
    icon.size,
    style,
    namedColour(thing),
    inked,
  );
  const edge =
    (inked ? INK : 0) +
    (style === 'sticker' ? STICKER_EDGE : style === 'outline' || style === 'neon' ? INK : 0);
  const box = {
    left: icon.box.left * UNITS - edge,
    top: icon.box.top * UNITS - edge,
    width: (icon.box.right - icon.box.left) * UNITS + 2 * edge,
    height: (icon.box.bottom - icon.box.top) * UNITS + 2 * edge,
  };
  const scaled = `<g transform="scale(${round(UNITS / icon.size)})">${styled}</g>`;
  return { ...box, svg: clipped(scaled, box, prefix), recoloured: coloured.recoloured };
}

/** A texture is drawn as the ground and not among the drawings. */
function drawOwn({ widget }: OwnShape, { thing }: Role, random: Random, prefix: string): Drawing {
  const recoloured = isColoured(thing) ? 'yes' : 'no';
  if (widget === undefined) return { svg: '', left: 0, top: 0, width: UNITS, height: UNITS, recoloured };
  const frame = thing.material === undefined ? undefined : rampOf(thing.material);
  const ramp = chooseRamp(widget === 'bar' ? { ...thing, material: undefined } : thing, random);
  return { ...widgetSvg(widget, ramp, frame, prefix), recoloured };
}

const isColoured = ({ colour, material }: Thing): boolean => colour !== undefined || material !== undefined;

/** A texture over the whole picture, in pixels of `size`. */
export const drawTexture = (texture: Texture, { thing }: Role, size: Size, random: Random): string =>
  textureSvg(texture, size, chooseRamp(thing, random), random);

/**
 * Some icons have shapes outside of their square, which their own frame would hide. Clipping takes a layer as large as
 * the picture, so only those are clipped, and those whose filters spill.
 */
function clipped(svg: string, box: Bounds, prefix: string): string {
  const room = wider(box, 6);
  const bounds = boundsOf(svg);
  if (bounds && !svg.includes('<filter') && isWithin(bounds, room)) return svg;
  const rect = `x="${round(room.left)}" y="${round(room.top)}" width="${round(room.width)}" height="${round(room.height)}"`;
  return `<clipPath id="${prefix}box"><rect ${rect}/></clipPath><g clip-path="url(#${prefix}box)">${svg}</g>`;
}

const wider = ({ left, top, width, height }: Bounds, by: number): Bounds => ({
  left: left - by,
  top: top - by,
  width: width + 2 * by,
  height: height + 2 * by,
});

const isWithin = (inner: Bounds, outer: Bounds): boolean =>
  inner.left >= outer.left &&
  inner.top >= outer.top &&
  inner.left + inner.width <= outer.left + outer.width &&
  inner.top + inner.height <= outer.top + outer.height;

const STICKER_EDGE = 30;
const LINE_INK = '#23242e';
const NEON = '#5cf0ff';

/** `body` is the plain shape, `painted` the finished drawing; both in the icon's own units. */
function restyled(
  body: string,
  painted: string,
  size: number,
  style: Style | undefined,
  colour: string | undefined,
  inked: boolean,
): string {
  const unit = size / UNITS;
  const shape = inked ? body.replaceAll(' fill="currentColor"', '') : body;
  if (style === 'outline')
    return paintOver(shape, { fill: '#ffffff', stroke: colour ?? LINE_INK, width: (inked ? 9 : 13) * unit });
  if (style === 'neon') return neonTubes(shape, (inked ? 8 : 11) * unit, colour ?? NEON);
  if (style === 'papercut') return paperLayers(painted, 9 * unit);
  if (style !== 'sticker') return painted;
  const under = (fill: string, width: number): string =>
    paintOver(shape, { fill, stroke: fill, width: width * unit });
  return under('#b9bfca', 2 * STICKER_EDGE) + under('#ffffff', 2 * STICKER_EDGE - 7) + painted;
}

/** Half the outline that is drawn around one-coloured icons. */
export const INK = 10;

interface Coloured {
  svg: string;
  recoloured: Drawing['recoloured'];
}

function drawColoured(body: string, { icon, thing }: Role, random: Random): Coloured {
  const target = targetColour(thing, random) ?? greyInName(thing);
  const turned = random.between(-7, 7);
  const chroma = random.between(0.95, 1.1);
  if (target === undefined) return { svg: shiftColours(body, nudge(turned, chroma)), recoloured: 'no' };
  if (thing.material !== undefined && GEMS.has(thing.material) && icon.tone.hue !== null)
    return { svg: shiftColours(body, accents(target)), recoloured: 'yes' };
  if (hasColour(icon.tone, target))
    return { svg: shiftColours(body, nudge(turned / 2, chroma)), recoloured: 'already' };
  return { svg: shiftColours(body, recolouring(icon.tone, target)), recoloured: 'yes' };
}

/** A black heart is black, although the set draws it violet. */
function greyInName({ word }: Thing): Oklch | undefined {
  const named = COLOURS.get(word.split(' ')[0] as string) ?? COLOURS.get(word.slice(0, 1));
  const colour = named && fromHex(named.hex);
  return colour && colour.chroma < 0.03 && !named.metal ? colour : undefined;
}

/** An emerald ring is a ring with an emerald, not a green ring: only coloured areas take the stone's colour. */
const GEMS = new Set(['emerald', 'ruby', 'sapphire', 'amethyst']);

/** The colour in the prompt, also if the colour word is part of the thing's name: a red potion. */
export function namedColour(thing: Thing): string | undefined {
  const { colour, word } = thing;
  const within = [...word.split(' '), word.slice(0, 1)].map((part) => COLOURS.get(part));
  return colour?.hex ?? materialColour(thing) ?? within.find((found) => found !== undefined)?.hex;
}

const materialColour = ({ material }: Thing): string | undefined =>
  material === undefined ? undefined : rampOf(material).mid;

/** A colour word names a region, not a point: the seed moves inside it. */
function targetColour(thing: Thing, random: Random): Oklch | undefined {
  const colour = thing.colour?.hex ?? materialColour(thing);
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
  const material = thing.material ?? materialInName(thing) ?? natural;
  return varied(rampOf(material), turned, random.between(0.97, 1.04));
}

/** The library has this thing under this name: a wooden chair, a gold bar. */
const materialInName = ({ word }: Thing): string | undefined =>
  word
    .split(' ')
    .map((part) => MATERIALS.get(part))
    .find((material) => material !== undefined);

/** Several icons in one document must not share the names of their gradients. */
function ownIds(body: string, prefix: string): string {
  return body
    .replace(/\bid="([^"]+)"/g, `id="${prefix}$1"`)
    .replace(/url\(#([^)]+)\)/g, `url(#${prefix}$1)`)
    .replace(/href="#([^"]+)"/g, `href="#${prefix}$1"`);
}

const round = (value: number): number => Math.round(value * 1e4) / 1e4;
