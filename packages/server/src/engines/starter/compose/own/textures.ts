/** Textures that tile: a shape that crosses an edge continues at the opposite one. */
import type { Size } from '@limner/contract';
import type { Ramp } from '../materials.ts';
import type { Random } from '../random.ts';
import type { Texture } from './own-set.ts';

type Draw = (size: Size, ramp: Ramp, random: Random) => string;

export const textureSvg = (texture: Texture, size: Size, ramp: Ramp, random: Random): string =>
  `<g shape-rendering="geometricPrecision">${DRAW[texture](size, ramp, random)}</g>`;

const f = (value: number): string => value.toFixed(1);

/** A position and, if what is drawn there crosses an edge, the matching positions on the other side. */
function copies({ width, height }: Size, x: number, y: number, reach: number): { x: number; y: number }[] {
  const around = (at: number, side: number): number[] => [
    at,
    ...(at - reach < 0 ? [at + side] : []),
    ...(at + reach > side ? [at - side] : []),
  ];
  return around(x, width).flatMap((left) => around(y, height).map((top) => ({ x: left, y: top })));
}

/** Draws at a position and at its copies. */
const wrapped = (
  size: Size,
  x: number,
  y: number,
  reach: number,
  draw: (x: number, y: number) => string,
): string =>
  copies(size, x, y, reach)
    .map((place) => draw(place.x, place.y))
    .join('');

const fill = ({ width, height }: Size, colour: string): string =>
  `<rect width="${width}" height="${height}" fill="${colour}"/>`;

/** Whole pieces along a side, so that the last meets the first. */
const count = (side: number, shorter: number, onShorter: number): number =>
  Math.max(2, 2 * Math.round((side / shorter) * (onShorter / 2)));

const shades = ({ low, mid, high }: Ramp): string[] => [mid, mid, low, high];

const bricks: Draw = (size, ramp, random) => {
  const shorter = Math.min(size.width, size.height);
  const [rows, columns] = [count(size.height, shorter, 6), count(size.width, shorter, 4)];
  const [high, wide] = [size.height / rows, size.width / columns];
  const gap = high * 0.1;
  let out = fill(size, ramp.ink);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const x = column * wide + (row % 2) * (wide / 2) + wide / 2;
      const colour = random.pick(shades(ramp));
      out += wrapped(size, x, (row + 0.5) * high, wide / 2, (cx, cy) => {
        const [left, top] = [cx - wide / 2 + gap / 2, cy - high / 2 + gap / 2];
        const [w, h] = [wide - gap, high - gap];
        return `<rect x="${f(left)}" y="${f(top)}" width="${f(w)}" height="${f(h)}" rx="${f(high * 0.12)}" fill="${colour}"/><rect x="${f(left + gap)}" y="${f(top + gap * 0.5)}" width="${f(w - 2 * gap)}" height="${f(h * 0.14)}" rx="${f(h * 0.07)}" fill="${ramp.spark}" fill-opacity=".35"/><rect x="${f(left + gap)}" y="${f(top + h * 0.82)}" width="${f(w - 2 * gap)}" height="${f(h * 0.12)}" rx="${f(h * 0.06)}" fill="${ramp.ink}" fill-opacity=".35"/>`;
      });
    }
  }
  return out;
};

/** Stones on a loose grid; `joint` shows between them. */
const stones = (size: Size, ramp: Ramp, joint: string, random: Random): string => {
  const shorter = Math.min(size.width, size.height);
  const [rows, columns] = [count(size.height, shorter, 6), count(size.width, shorter, 6)];
  const [high, wide] = [size.height / rows, size.width / columns];
  let out = fill(size, joint);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const x = (column + 0.5 + (row % 2) * 0.5) * wide + random.between(-0.08, 0.08) * wide;
      const y = (row + 0.5) * high + random.between(-0.08, 0.08) * high;
      const [rx, ry] = [wide * random.between(0.42, 0.5), high * random.between(0.4, 0.5)];
      const colour = random.pick(shades(ramp));
      out += wrapped(
        size,
        x,
        y,
        Math.max(rx, ry) * 1.1,
        (cx, cy) =>
          `<rect x="${f(cx - rx)}" y="${f(cy - ry)}" width="${f(2 * rx)}" height="${f(2 * ry)}" rx="${f(rx * 0.6)}" fill="${colour}"/><ellipse cx="${f(cx - rx * 0.25)}" cy="${f(cy - ry * 0.4)}" rx="${f(rx * 0.5)}" ry="${f(ry * 0.3)}" fill="${ramp.spark}" fill-opacity=".3"/>`,
      );
    }
  }
  return out;
};

/** Tufts on a loose grid, so that none stand in heaps; each in front of those above it, also across the edges. */
const grass: Draw = (size, ramp, random) => {
  const shorter = Math.min(size.width, size.height);
  const [rows, columns] = [count(size.height, shorter, 12), count(size.width, shorter, 8)];
  const [high, wide] = [size.height / rows, size.width / columns];
  const tufts: { y: number; svg: string }[] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const x = (column + (row % 2) * 0.5 + 0.5 + random.between(-0.3, 0.3)) * wide;
      const y = (row + 0.5 + random.between(-0.3, 0.3)) * high;
      const blades = tuft(wide * 0.5, high * random.between(1, 1.45), ramp, random);
      for (const place of copies(size, x, y, Math.max(wide, 1.7 * high)))
        tufts.push({ y: place.y, svg: blades(place.x, place.y) });
    }
  }
  const sorted = tufts.sort((a, b) => a.y - b.y);
  return fill(size, ramp.mid) + sorted.map(({ svg }) => svg).join('');
};

/** Three blades from one root. */
function tuft(wide: number, tall: number, ramp: Ramp, random: Random): (x: number, y: number) => string {
  const shade = random.pick([ramp.low, ramp.low, ramp.high]);
  const blades = [-1, 1, 0].map((side) => ({
    root: side * wide * 0.16,
    tip: (side * random.between(0.45, 0.8) + random.between(-0.15, 0.15)) * wide,
    tall: tall * (side === 0 ? 1 : random.between(0.6, 0.85)),
    colour: side === 0 ? shade : random.pick([shade, ramp.low, ramp.high]),
  }));
  const half = wide * 0.1;
  return (x, y) =>
    blades
      .map(({ root, tip, tall, colour }) => {
        const [left, right] = [f(x + root - half), f(x + root + half)];
        const bend = y - tall * 0.55;
        return `<path fill="${colour}" d="M${left} ${f(y)}Q${left} ${f(bend)} ${f(x + root + tip)} ${f(y - tall)}Q${f(x + root + half * 1.6)} ${f(bend)} ${right} ${f(y)}z"/>`;
      })
      .join('');
}

const specks: Draw = (size, ramp, random) => {
  const unit = Math.min(size.width, size.height) / 40;
  let out = fill(size, ramp.mid);
  for (let at = 0; at < 220; at++) {
    const [x, y] = [random.next() * size.width, random.next() * size.height];
    const radius = unit * random.between(0.4, at < 24 ? 2.4 : 1);
    const colour = random.pick([ramp.low, ramp.high, ramp.low, ramp.spark]);
    out += wrapped(
      size,
      x,
      y,
      radius * 1.5,
      (cx, cy) =>
        `<ellipse cx="${f(cx)}" cy="${f(cy)}" rx="${f(radius * 1.4)}" ry="${f(radius)}" fill="${colour}" fill-opacity=".6"/>`,
    );
  }
  return out;
};

const planks: Draw = (size, ramp, random) => {
  const rows = count(size.height, Math.min(size.width, size.height), 6);
  const high = size.height / rows;
  let out = fill(size, ramp.ink);
  for (let row = 0; row < rows; row++) {
    const top = row * high;
    out += `<rect x="0" y="${f(top + high * 0.04)}" width="${size.width}" height="${f(high * 0.92)}" fill="${random.pick(shades(ramp))}"/>`;
    for (const part of [0.3, 0.55, 0.8]) {
      const level = top + high * (part + random.between(-0.06, 0.06));
      out += `<path d="${waveLine(size.width, level, high * 0.05, 2 + (row % 2))}" fill="none" stroke="${ramp.low}" stroke-opacity=".55" stroke-width="${f(high * 0.045)}"/>`;
    }
    const seam = random.next() * size.width;
    out += wrapped(
      size,
      seam,
      top + high / 2,
      high * 0.1,
      (cx, cy) =>
        `<rect x="${f(cx)}" y="${f(cy - high / 2)}" width="${f(high * 0.08)}" height="${f(high)}" fill="${ramp.ink}"/>`,
    );
    for (const side of [-0.25, 0.33])
      out += wrapped(
        size,
        (seam + side * high + size.width) % size.width,
        top + high / 2,
        high * 0.1,
        (cx, cy) =>
          `<circle cx="${f(cx)}" cy="${f(cy)}" r="${f(high * 0.07)}" fill="${ramp.ink}" fill-opacity=".7"/>`,
      );
  }
  return out;
};

const waves: Draw = (size, ramp, random) => {
  const rows = count(size.height, Math.min(size.width, size.height), 8);
  const high = size.height / rows;
  let out = fill(size, ramp.mid);
  for (let row = 0; row < rows; row++) {
    const level = (row + 0.5) * high;
    const periods = 2 + Math.floor(random.next() * 3);
    out += `<path d="${waveLine(size.width, level, high * 0.22, periods)}" fill="none" stroke="${row % 2 === 0 ? ramp.high : ramp.low}" stroke-opacity=".7" stroke-width="${f(high * 0.2)}"/>`;
  }
  return out;
};

/** Whole waves, so that the line ends as high as it began. */
function waveLine(width: number, level: number, swing: number, periods: number): string {
  const half = width / periods / 2;
  // From before one edge to behind the other, so that no end of the line is visible.
  return `M${f(-2 * half)} ${f(level)}q${f(half / 2)} ${f(-swing * 2)} ${f(half)} 0${`t${f(half)} 0`.repeat(2 * periods + 3)}`;
}

const DRAW: Record<Texture, Draw> = {
  bricks,
  cobbles: (size, ramp, random) => stones(size, ramp, ramp.ink, random),
  grass,
  specks,
  planks,
  waves,
  cracks: (size, ramp, random) =>
    stones(size, { ...ramp, low: '#2a1412', mid: '#3a1c16', high: '#4a2a20' }, ramp.high, random),
};
