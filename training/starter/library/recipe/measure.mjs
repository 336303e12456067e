/** What the product needs to know about an icon before it draws it: where its ink is and which colour it mostly has. */
import sharp from 'sharp';

const SIDE = 128;
const BOX_UNITS = 1000;

export async function measure(body, size) {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${SIDE}" height="${SIDE}" viewBox="0 0 ${size} ${size}">${body}</svg>`;
  const pixels = await sharp(Buffer.from(svg)).ensureAlpha().raw().toBuffer();
  const box = inkBox(pixels);
  return box === null ? null : { box, tone: tone(pixels) };
}

/** Left, top, right, bottom in thousandths of the icon's square. */
function inkBox(pixels) {
  let [left, top, right, bottom] = [SIDE, SIDE, 0, 0];
  for (let at = 0; at < SIDE * SIDE; at++) {
    if (pixels[at * 4 + 3] < 24) continue;
    const x = at % SIDE;
    const y = (at - x) / SIDE;
    left = Math.min(left, x);
    right = Math.max(right, x + 1);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y + 1);
  }
  if (right - left < 4 || bottom - top < 4) return null;
  return [left, top, right, bottom].map((value) => Math.round((value / SIDE) * BOX_UNITS));
}

const NEUTRAL_CHROMA = 0.045;
const BINS = 36;

/**
 * [hue in degrees or −1 when the icon is mostly grey, chroma and lightness in thousandths, share of that colour in %].
 * Hue is counted by area, so that a green dragon with a yellow horn is green.
 */
function tone(pixels) {
  const bins = new Float64Array(BINS);
  const coloured = [];
  let grey = { count: 0, lightness: 0 };
  for (let at = 0; at < pixels.length; at += 4) {
    if (pixels[at + 3] < 128) continue;
    const [lightness, chroma, hue] = oklch(pixels[at], pixels[at + 1], pixels[at + 2]);
    if (chroma < NEUTRAL_CHROMA) {
      grey = { count: grey.count + 1, lightness: grey.lightness + lightness };
      continue;
    }
    bins[Math.floor(hue / (360 / BINS)) % BINS] += 1;
    coloured.push([lightness, chroma, hue]);
  }
  const total = grey.count + coloured.length;
  if (coloured.length < total * 0.22)
    return [-1, 0, thousandths(grey.lightness / Math.max(1, grey.count)), 100];
  const peak = peakHue(bins);
  const near = coloured.filter(([, , hue]) => hueDistance(hue, peak) < 32);
  const mean = (index) => near.reduce((sum, colour) => sum + colour[index], 0) / near.length;
  const hue = circularMean(near.map(([, , value]) => value));
  return [
    Math.round(hue) % 360,
    thousandths(mean(1)),
    thousandths(mean(0)),
    Math.round((near.length / total) * 100),
  ];
}

function peakHue(bins) {
  const around = (index) =>
    [-2, -1, 0, 1, 2].reduce(
      (sum, step) => sum + bins[(index + step + BINS) % BINS] * (3 - Math.abs(step)),
      0,
    );
  let best = 0;
  for (let index = 1; index < BINS; index++) if (around(index) > around(best)) best = index;
  return (best + 0.5) * (360 / BINS);
}

function circularMean(hues) {
  const x = hues.reduce((sum, hue) => sum + Math.cos((hue * Math.PI) / 180), 0);
  const y = hues.reduce((sum, hue) => sum + Math.sin((hue * Math.PI) / 180), 0);
  return ((Math.atan2(y, x) * 180) / Math.PI + 360) % 360;
}

const hueDistance = (a, b) => Math.abs(((a - b + 540) % 360) - 180);
const thousandths = (value) => Math.round(value * 1000);

const linear = (byte) => (byte <= 10 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4);

function oklch(red, green, blue) {
  const [r, g, b] = [linear(red), linear(green), linear(blue)];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const A = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
  const B = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;
  const lightness = 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s;
  return [lightness, Math.hypot(A, B), ((Math.atan2(B, A) * 180) / Math.PI + 360) % 360];
}
