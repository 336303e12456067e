/** A mask in the browser: one value per pixel of the picture, 0 keeps it, 255 repaints it. Pure. */
import type { Size } from '@limner/contract';

export interface Plane extends Size {
  values: Uint8ClampedArray;
}

export interface Rect extends Size {
  x: number;
  y: number;
}

export const emptyPlane = ({ width, height }: Size): Plane => ({
  width,
  height,
  values: new Uint8ClampedArray(width * height),
});

/** Loops, because callbacks over the pixels of a large picture take longer than a frame. */
export function isBlank({ values }: Plane): boolean {
  for (let i = 0; i < values.length; i++) if (values[i] !== 0) return false;
  return true;
}

export const whole = ({ width, height }: Size): Rect => ({ x: 0, y: 0, width, height });

/** The part of a rectangle with any corners that lies on the plane. */
export function clipped(x0: number, y0: number, x1: number, y1: number, { width, height }: Size): Rect {
  const [left, top] = [Math.max(0, Math.floor(x0)), Math.max(0, Math.floor(y0))];
  const [right, bottom] = [Math.min(width, Math.ceil(x1)), Math.min(height, Math.ceil(y1))];
  return { x: left, y: top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
}

export function joined(a: Rect | null, b: Rect): Rect {
  if (!a || a.width * a.height === 0) return b;
  if (b.width * b.height === 0) return a;
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
  const [right, bottom] = [Math.max(a.x + a.width, b.x + b.width), Math.max(a.y + a.height, b.y + b.height)];
  return { x, y, width: right - x, height: bottom - y };
}

export function inverted(plane: Plane): Plane {
  const values = new Uint8ClampedArray(plane.values.length);
  for (let i = 0; i < values.length; i++) values[i] = 255 - (plane.values[i] as number);
  return { ...plane, values };
}

export const filled = (plane: Plane, value: number): Plane => ({
  ...plane,
  values: new Uint8ClampedArray(plane.values.length).fill(value),
});

/** Opaque parts, or the transparent ones. @param rgba of a picture of the plane's size */
export function fromAlpha(rgba: Uint8ClampedArray, size: Size, part: 'opaque' | 'transparent'): Plane {
  const plane = emptyPlane(size);
  for (let i = 0; i < plane.values.length; i++) {
    const alpha = rgba[4 * i + 3] ?? 0;
    plane.values[i] = part === 'opaque' ? alpha : 255 - alpha;
  }
  return plane;
}

/** White and opaque is repainted, as the server reads it. */
export function fromPicture(rgba: Uint8ClampedArray, size: Size): Plane {
  const plane = emptyPlane(size);
  for (let i = 0; i < plane.values.length; i++)
    plane.values[i] = Math.round(((rgba[4 * i] ?? 0) * (rgba[4 * i + 3] ?? 0)) / 255);
  return plane;
}

/** A part of the plane in a colour whose alpha is the mask, or as the grey picture that is sent. */
export function rgbaOf(
  { values, width }: Plane,
  rect: Rect,
  colour: readonly [number, number, number] | 'grey',
): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(4 * rect.width * rect.height);
  let at = 0;
  for (let y = rect.y; y < rect.y + rect.height; y++)
    for (let x = rect.x; x < rect.x + rect.width; x++, at += 4) {
      const value = values[y * width + x] ?? 0;
      const isGrey = colour === 'grey';
      rgba[at] = isGrey ? value : colour[0];
      rgba[at + 1] = isGrey ? value : colour[1];
      rgba[at + 2] = isGrey ? value : colour[2];
      rgba[at + 3] = isGrey ? 255 : value;
    }
  return rgba;
}
