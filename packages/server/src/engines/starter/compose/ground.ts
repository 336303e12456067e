/** The requested background: a full ground, a badge, a tile, a shield. */
import { fromHex, hex, type Oklch, turn } from './colour.ts';
import type { Random } from './random.ts';
import type { Plate } from './words/grammar.ts';

export interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Ground {
  svg: string;
  /** The area left for the picture. */
  area: Area;
}

const GROUNDS = ['#3b6fd6', '#7a4be0', '#17a398', '#d6456f', '#4a5b78', '#4f9a43'];
const LIGHT_GROUNDS = ['#f7c948', '#ffb27a', '#8fd3f4', '#a8e6b4', '#f6a5c0', '#e9dcc0'];

/** `subject`: lightness of the picture on it. Without a named colour, a contrasting one is chosen. */
export function ground(
  plate: Plate,
  colour: string | undefined,
  subject: number,
  width: number,
  height: number,
  random: Random,
): Ground {
  const margin = Math.min(width, height) * 0.065;
  const whole = inset({ x: 0, y: 0, width, height }, margin);
  if (plate === 'none') return { svg: '', area: whole };
  const base = fromHex(colour ?? random.pick(subject < 0.5 ? LIGHT_GROUNDS : GROUNDS));
  const tones = {
    light: hex({ ...base, lightness: Math.min(0.97, base.lightness + 0.1), hue: turn(base.hue - 6) }),
    base: hex(base),
    dark: hex({ ...base, lightness: base.lightness * 0.72, hue: turn(base.hue + 8) }),
    rim: hex(rim(base)),
  };
  const paint = `<defs><radialGradient id="groundpaint" cx=".38" cy=".28" r=".85"><stop offset="0" stop-color="${tones.light}"/><stop offset=".55" stop-color="${tones.base}"/><stop offset="1" stop-color="${tones.dark}"/></radialGradient></defs>`;
  if (plate === 'full')
    return { svg: paint + full(width, height, tones.light, random), area: inset(whole, margin * 0.8) };
  return plated(plate, paint, tones, width, height, random);
}

/** Light rim on dark plates, dark rim on light ones. */
const rim = (base: Oklch): Oklch =>
  base.lightness > 0.75
    ? { ...base, lightness: base.lightness * 0.6 }
    : { ...base, lightness: Math.min(0.95, base.lightness + 0.3), chroma: base.chroma * 0.6 };

function full(width: number, height: number, light: string, random: Random): string {
  const rect = `<rect width="${width}" height="${height}" fill="url(#groundpaint)"/>`;
  const ornament = random.pick(['none', 'rays', 'dots', 'rings']);
  return rect + ornaments(ornament, width, height, light, random);
}

function ornaments(kind: string, width: number, height: number, light: string, random: Random): string {
  const [cx, cy, reach] = [width / 2, height / 2, Math.hypot(width, height) / 2];
  if (kind === 'rays') {
    const turned = random.between(0, 30);
    const rays = Array.from({ length: 12 }, (_, at) => ray(cx, cy, reach, at * 30 + turned, 15)).join('');
    return `<path d="${rays}" fill="${light}" fill-opacity=".28"/>`;
  }
  if (kind === 'rings') {
    return [0.42, 0.62, 0.84]
      .map(
        (part) =>
          `<circle cx="${cx}" cy="${cy}" r="${(reach * part).toFixed(1)}" fill="none" stroke="${light}" stroke-opacity=".3" stroke-width="${(reach * 0.035).toFixed(1)}"/>`,
      )
      .join('');
  }
  if (kind === 'dots') {
    const step = Math.min(width, height) / 9;
    const columns = Math.ceil(width / step) + 1;
    const dots = Array.from({ length: columns * (Math.ceil(height / step) + 1) }, (_, at) => {
      const [column, line] = [at % columns, Math.floor(at / columns)];
      return `<circle cx="${(column * step + (line % 2) * (step / 2)).toFixed(1)}" cy="${(line * step).toFixed(1)}" r="${(step * 0.13).toFixed(1)}"/>`;
    });
    return `<g fill="${light}" fill-opacity=".32">${dots.join('')}</g>`;
  }
  return '';
}

function ray(cx: number, cy: number, reach: number, degrees: number, width: number): string {
  const point = (angle: number): string => {
    const radians = (angle * Math.PI) / 180;
    return `${(cx + reach * Math.cos(radians)).toFixed(1)} ${(cy + reach * Math.sin(radians)).toFixed(1)}`;
  };
  return `M${cx} ${cy}L${point(degrees)}L${point(degrees + width)}z`;
}

function plated(
  plate: Plate,
  paint: string,
  tones: Record<string, string>,
  width: number,
  height: number,
  random: Random,
): Ground {
  const side = Math.min(width, height) * 0.94;
  const [cx, cy] = [width / 2, height / 2];
  const rimWidth = side * random.between(0.035, 0.055);
  const shape = outline(plate, cx, cy, side);
  const inner = outline(plate, cx, cy, side - rimWidth * 2.6);
  const fraction = plate === 'circle' ? 0.62 : plate === 'shield' ? 0.54 : 0.68;
  const reach = side * fraction;
  return {
    svg: `${paint}<path d="${shape}" fill="${tones.rim}"/><path d="${outline(plate, cx, cy, side - rimWidth)}" fill="${tones.dark}"/><path d="${inner}" fill="url(#groundpaint)"/>`,
    area: {
      x: cx - reach / 2,
      y: cy - reach / 2 - (plate === 'shield' ? side * 0.05 : 0),
      width: reach,
      height: reach,
    },
  };
}

function outline(plate: Plate, cx: number, cy: number, side: number): string {
  const half = side / 2;
  const f = (value: number): string => value.toFixed(1);
  if (plate === 'circle')
    return `M${f(cx - half)} ${f(cy)}a${f(half)} ${f(half)} 0 1 0 ${f(side)} 0a${f(half)} ${f(half)} 0 1 0 ${f(-side)} 0z`;
  if (plate === 'shield') {
    const w = half * 0.88;
    return `M${f(cx)} ${f(cy - half)}Q${f(cx + w * 0.5)} ${f(cy - half * 0.78)} ${f(cx + w)} ${f(cy - half * 0.8)}V${f(cy)}Q${f(cx + w * 0.95)} ${f(cy + half * 0.62)} ${f(cx)} ${f(cy + half)}Q${f(cx - w * 0.95)} ${f(cy + half * 0.62)} ${f(cx - w)} ${f(cy)}V${f(cy - half * 0.8)}Q${f(cx - w * 0.5)} ${f(cy - half * 0.78)} ${f(cx)} ${f(cy - half)}z`;
  }
  const r = side * 0.22;
  return `M${f(cx - half + r)} ${f(cy - half)}h${f(side - 2 * r)}q${f(r)} 0 ${f(r)} ${f(r)}v${f(side - 2 * r)}q0 ${f(r)} ${f(-r)} ${f(r)}h${f(2 * r - side)}q${f(-r)} 0 ${f(-r)} ${f(-r)}v${f(2 * r - side)}q0 ${f(-r)} ${f(r)} ${f(-r)}z`;
}

const inset = (area: Area, by: number): Area => ({
  x: area.x + by,
  y: area.y + by,
  width: area.width - 2 * by,
  height: area.height - 2 * by,
});
