/**
 * Recolours a drawing and keeps its shading: only colours of the main hue are shifted, by the difference between the
 * icon's tone and the requested one. Eyes, teeth and horns stay as they are.
 */
import { fromHex, fromRgb, hex, hueDistance, hueStep, type Oklch, toRgb, turn } from './colour.ts';
import type { Tone } from './library.ts';

const GREY = 0.035;

export type Shift = (colour: Oklch) => Oklch;

/** Runs every colour of a drawing through a shift: fills, strokes, gradient stops and the tints of filters. */
export function shiftColours(body: string, shift: Shift): string {
  const memo = new Map<string, string>();
  const shifted = (text: string): string => {
    const known = memo.get(text) ?? hex(shift(fromHex(text)));
    memo.set(text, known);
    return known;
  };
  return body
    .replace(/(href=)?(["':])(#[0-9a-f]{6}|#[0-9a-f]{3})(?=["';])/gi, (found, href, before, colour) =>
      href ? found : before + shifted(colour),
    )
    .replace(
      /values="0 0 0 0 ([\d.e-]+) 0 0 0 0 ([\d.e-]+) 0 0 0 0 ([\d.e-]+) 0 0 0 ([\d.e-]+) 0"/g,
      (_, red, green, blue, alpha) => {
        const [r, g, b] = toRgb(shift(fromRgb(255 * Number(red), 255 * Number(green), 255 * Number(blue))));
        return `values="0 0 0 0 ${unit(r)} 0 0 0 0 ${unit(g)} 0 0 0 0 ${unit(b)} 0 0 0 ${alpha} 0"`;
      },
    );
}

const unit = (byte: number): string => (byte / 255).toFixed(4);

/** True if the icon already has the colour and needs no change. */
export function hasColour(tone: Tone, target: Oklch): boolean {
  if (tone.hue === null) return target.chroma < GREY && Math.abs(tone.lightness - target.lightness) < 0.12;
  return (
    target.chroma >= GREY &&
    hueDistance(tone.hue, target.hue) < 14 &&
    Math.abs(tone.lightness - target.lightness) < 0.13 &&
    tone.share > 0.35
  );
}

export function recolouring(tone: Tone, target: Oklch): Shift {
  return tone.hue === null
    ? tintGrey(tone, target)
    : moveHue({ lightness: tone.lightness, chroma: tone.chroma, hue: tone.hue }, target);
}

/**
 * Lightness goes along a power curve through the tone: black stays black, white stays white, the order of shades stays.
 * Only nearly white colours must become darker to take on a dark colour.
 */
const curve = (from: number, to: number): ((lightness: number) => number) => {
  if (from > 0.78 && to < from) return (lightness) => (lightness * to) / from;
  const power = Math.min(3.2, Math.max(0.28, Math.log(clampLightness(to)) / Math.log(clampLightness(from))));
  return (lightness) => Math.max(0, lightness) ** power;
};
const clampLightness = (lightness: number): number => Math.min(0.96, Math.max(0.08, lightness));

function moveHue(source: Oklch, target: Oklch): Shift {
  const lighten = curve(source.lightness, target.lightness);
  const strength = Math.min(2.4, Math.max(0.04, target.chroma / Math.max(0.04, source.chroma)));
  const blackens = target.chroma < GREY && target.lightness < DARK;
  return (colour) => {
    if (blackens && colour.chroma < PALE) return blackened(colour);
    if (hueDistance(colour.hue, source.hue) > REACH) return colour;
    const coloured = smooth((colour.chroma - 0.012) / 0.03);
    return {
      lightness: colour.lightness + (lighten(colour.lightness) - colour.lightness) * coloured,
      chroma: colour.chroma * (1 + (strength - 1) * coloured),
      hue: turn(target.hue + hueStep(source.hue, colour.hue) * 0.4),
    };
  };
}

/** A black castle has black walls too, whatever the colour of its roofs. Nearly white areas are eyes or lights. */
const blackened = (colour: Oklch): Oklch =>
  colour.lightness > 0.94
    ? colour
    : { lightness: colour.lightness * 0.45, chroma: Math.min(colour.chroma, 0.012), hue: colour.hue };

const DARK = 0.4;
const PALE = 0.06;

/** Degrees around the main hue that move with it: the shades of one thing, not its eyes and horns. */
const REACH = 58;

const smooth = (value: number): number => {
  const t = Math.min(1, Math.max(0, value));
  return t * t * (3 - 2 * t);
};

function tintGrey(tone: Tone, target: Oklch): Shift {
  const lighten = curve(tone.lightness, target.lightness);
  return (colour) => {
    if (colour.chroma > 0.06) return colour;
    const lightness = lighten(colour.lightness);
    const room = Math.min(1, 4.2 * lightness * (1 - lightness) + 0.12);
    return { lightness, chroma: target.chroma * room, hue: target.hue };
  };
}

/** A small shift of all hues, as a variant. */
export const nudge =
  (degrees: number, chroma: number): Shift =>
  (colour) => ({ ...colour, hue: turn(colour.hue + degrees), chroma: colour.chroma * chroma });

/** Shifts only saturated colours of any hue: the stone of a ring, not the ring. */
export const accents =
  (target: Oklch): Shift =>
  (colour) =>
    colour.chroma < 0.07
      ? colour
      : {
          lightness: colour.lightness,
          chroma: Math.max(colour.chroma, target.chroma * 0.8),
          hue: target.hue,
        };
