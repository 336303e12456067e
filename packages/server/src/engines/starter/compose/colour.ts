/** Colours as people see them: OKLCH, where turning the hue keeps the lightness. */
export interface Oklch {
  /** 0…1 */
  lightness: number;
  /** 0…0.33 or so */
  chroma: number;
  /** degrees */
  hue: number;
}

const linear = (byte: number): number =>
  byte <= 10 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4;
const companded = (value: number): number =>
  value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055;

export function fromRgb(red: number, green: number, blue: number): Oklch {
  const [r, g, b] = [linear(red), linear(green), linear(blue)];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const A = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
  const B = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;
  const lightness = 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s;
  return { lightness, chroma: Math.hypot(A, B), hue: turn((Math.atan2(B, A) * 180) / Math.PI) };
}

/** Linear light, unclamped: a value outside 0…1 cannot be displayed. */
function toLinear({ lightness, chroma, hue }: Oklch): [number, number, number] {
  const A = chroma * Math.cos((hue * Math.PI) / 180);
  const B = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * A + 0.2158037573 * B) ** 3;
  const m = (lightness - 0.1055613458 * A - 0.0638541728 * B) ** 3;
  const s = (lightness - 0.0894841775 * A - 1.291485548 * B) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

/** Reduces chroma, never lightness or hue, until it can be displayed. */
export function toRgb(colour: Oklch): [number, number, number] {
  const lightness = Math.min(1, Math.max(0, colour.lightness));
  let [low, high] = [0, colour.chroma];
  if (shows({ ...colour, lightness })) low = high;
  else
    for (let step = 0; step < 8; step++) {
      const middle = (low + high) / 2;
      if (shows({ ...colour, lightness, chroma: middle })) low = middle;
      else high = middle;
    }
  return toLinear({ ...colour, lightness, chroma: low }).map((value) =>
    Math.round(255 * companded(Math.min(1, Math.max(0, value)))),
  ) as [number, number, number];
}

const shows = (colour: Oklch): boolean =>
  toLinear(colour).every((value) => value > -0.0008 && value < 1.0008);

export const hex = (colour: Oklch): string =>
  `#${toRgb(colour)
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')}`;

export function fromHex(text: string): Oklch {
  const full = text.length === 4 ? [...text.slice(1)].map((digit) => digit + digit).join('') : text.slice(1);
  const value = Number.parseInt(full, 16);
  return fromRgb(value >> 16, (value >> 8) & 255, value & 255);
}

export const turn = (degrees: number): number => ((degrees % 360) + 360) % 360;
/** Signed, −180…180. */
export const hueStep = (from: number, to: number): number => ((to - from + 540) % 360) - 180;
export const hueDistance = (a: number, b: number): number => Math.abs(hueStep(a, b));
