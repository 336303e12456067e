/** Parts of an interface, in a square of 512 units: a frame of a material, a face, a light along the upper edge. */
import { type Ramp, rampOf } from '../materials.ts';
import type { Bounds } from '../raster.ts';
import type { Widget } from './own-set.ts';

interface Drawn extends Bounds {
  svg: string;
}

/** `frame`: its material, if the prompt names one beside the colour. */
export function widgetSvg(widget: Widget, ramp: Ramp, frame: Ramp | undefined, prefix: string): Drawn {
  switch (widget) {
    case 'bar':
      return bar(ramp, frame ?? rampOf('iron'), prefix);
    case 'button':
      return { ...plate(0, 150, 512, 212, 46, ramp, frame, prefix), ...box(0, 150, 512, 212) };
    case 'panel':
      return panel(0, 64, 512, 384, ramp, prefix);
    case 'slot':
      return panel(32, 32, 448, 448, ramp, prefix);
    case 'gem':
      return gem(ramp);
  }
}

const box = (left: number, top: number, width: number, height: number): Bounds => ({
  left,
  top,
  width,
  height,
});

const rect = (
  x: number,
  y: number,
  width: number,
  height: number,
  radius: number,
  fill: string,
  more = '',
): string =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}" fill="${fill}"${more}/>`;

const shade = (id: string, ramp: Ramp): string =>
  `<linearGradient id="${id}" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${ramp.high}"/><stop offset=".45" stop-color="${ramp.mid}"/><stop offset="1" stop-color="${ramp.low}"/></linearGradient>`;

/** A button: ink, rim, face, and a light on top. */
function plate(
  x: number,
  y: number,
  width: number,
  height: number,
  radius: number,
  ramp: Ramp,
  material: Ramp | undefined,
  prefix: string,
): { svg: string } {
  const rim = 22;
  const inner = [x + 8 + rim, y + 8 + rim, width - 2 * (8 + rim), height - 2 * (8 + rim) - 8] as const;
  const light = rect(inner[0] + 14, inner[1] + 10, inner[2] - 28, 22, 11, ramp.spark, ' fill-opacity=".4"');
  return {
    svg: `<defs>${shade(`${prefix}f`, ramp)}</defs>${rect(x, y, width, height, radius, ramp.ink)}${rect(x + 8, y + 8, width - 16, height - 16, radius - 8, ramp.low)}${rect(x + 8, y + 8, width - 16, height - 26, radius - 8, ramp.high)}${rect(...inner, radius - 20, `url(#${prefix}f)`)}${material === rampOf('wood') ? grain(inner, ramp) : ''}${light}`,
  };
}

/** Wood shows its fibres. */
function grain([x, y, width, height]: readonly [number, number, number, number], ramp: Ramp): string {
  const lines = [0.28, 0.5, 0.72, 0.88].map((part, at) => {
    const level = (y + height * part).toFixed(0);
    const bend = at % 2 === 0 ? 7 : -6;
    return `M${x + 16} ${level}q${width / 4} ${bend} ${width / 2 - 16} 0t${width / 2 - 16} 0`;
  });
  return `<path d="${lines.join('')}" fill="none" stroke="${ramp.low}" stroke-opacity=".6" stroke-width="5" stroke-linecap="round"/>`;
}

function panel(x: number, y: number, width: number, height: number, ramp: Ramp, prefix: string): Drawn {
  const rim = 30;
  const inside = rect(
    x + rim + 8,
    y + rim + 8,
    width - 2 * rim - 16,
    height - 2 * rim - 16,
    18,
    ramp.ink,
    ' fill-opacity=".86"',
  );
  const edge = rect(x + rim + 8, y + rim + 8, width - 2 * rim - 16, 12, 6, '#000000', ' fill-opacity=".35"');
  const studs = [
    [x + 26, y + 26],
    [x + width - 26, y + 26],
    [x + 26, y + height - 26],
    [x + width - 26, y + height - 26],
  ]
    .map(
      ([cx, cy]) =>
        `<circle cx="${cx}" cy="${cy}" r="12" fill="${ramp.ink}"/><circle cx="${cx}" cy="${cy}" r="8" fill="${ramp.spark}"/>`,
    )
    .join('');
  return {
    svg: `<defs>${shade(`${prefix}f`, ramp)}</defs>${rect(x, y, width, height, 40, ramp.ink)}${rect(x + 8, y + 8, width - 16, height - 16, 34, `url(#${prefix}f)`)}${inside}${edge}${studs}`,
    ...box(x, y, width, height),
  };
}

const FULL = 0.72;

function bar(fill: Ramp, frame: Ramp, prefix: string): Drawn {
  const [x, y, width, height] = [0, 190, 512, 132];
  const inner = { x: x + 34, y: y + 34, width: width - 68, height: height - 68 };
  const filled = Math.round(inner.width * FULL);
  return {
    svg: `<defs>${shade(`${prefix}f`, fill)}${shade(`${prefix}r`, frame)}</defs>${rect(x, y, width, height, 44, frame.ink)}${rect(x + 8, y + 8, width - 16, height - 16, 38, `url(#${prefix}r)`)}${rect(inner.x - 8, inner.y - 8, inner.width + 16, inner.height + 16, 24, frame.ink)}${rect(inner.x, inner.y, inner.width, inner.height, 18, fill.ink)}${rect(inner.x, inner.y, filled, inner.height, 18, `url(#${prefix}f)`)}${rect(inner.x + 12, inner.y + 9, filled - 24, 12, 6, fill.spark, ' fill-opacity=".55"')}`,
    ...box(x, y, width, height),
  };
}

/** Cut in eight, lit from the upper left. */
function gem(ramp: Ramp): Drawn {
  return {
    svg: `<path fill="${ramp.ink}" d="M256 40 440 128V384L256 472 72 384V128z"/><path fill="${ramp.mid}" d="M256 76 408 148V364L256 436 104 364V148z"/><path fill="${ramp.high}" d="M256 76 104 148V364L176 312V200L256 160z"/><path fill="${ramp.low}" d="M256 436 408 364V148L336 200V312L256 352z"/><path fill="${ramp.spark}" fill-opacity=".85" d="M200 214 252 188V216L214 236V284L200 292z"/>`,
    ...box(72, 40, 368, 432),
  };
}
