/** Colour ramps for drawings that come in one colour: they make a sword iron, gold or ice. */
import type { Bilingual } from '@limner/contract';
import { fromHex, hex, type Oklch, turn } from './colour.ts';
import type { ColourWord } from './words/colours.ts';

export interface Ramp {
  /** The outline, nearly black. */
  ink: string;
  low: string;
  mid: string;
  high: string;
  /** The brightest light on it. */
  spark: string;
  /** Bands of light and dark, as metal mirrors its surroundings. */
  metal: boolean;
}

const ramp = (ink: string, low: string, mid: string, high: string, spark: string, metal = false): Ramp => ({
  ink,
  low,
  mid,
  high,
  spark,
  metal,
});

const RAMPS: Record<string, Ramp> = {
  steel: ramp('#1f2733', '#5b6b80', '#94a5b8', '#d5dfe9', '#ffffff', true),
  iron: ramp('#1c1f27', '#4a5361', '#77828f', '#b4bec9', '#f0f4f8', true),
  gold: ramp('#4a2503', '#b86e0c', '#f0b325', '#ffe06b', '#fffbe0', true),
  silver: ramp('#2b3442', '#7b8a9e', '#b9c6d4', '#eef3f8', '#ffffff', true),
  bronze: ramp('#331a0a', '#7d4a1f', '#b9793a', '#e8b476', '#fff0d6', true),
  copper: ramp('#3a1608', '#8f4520', '#cf7440', '#f5ae7c', '#fff0e2', true),
  wood: ramp('#2d170a', '#6d3f1c', '#a4672f', '#d29a5a', '#f5d6a4'),
  leather: ramp('#27130a', '#633318', '#97572b', '#c6854b', '#eec08d'),
  bone: ramp('#3b3024', '#a8977a', '#ddd0b4', '#f7f0df', '#ffffff'),
  stone: ramp('#25272c', '#62666e', '#92979f', '#c1c5ca', '#eceef0'),
  crystal: ramp('#14244f', '#3a6cc9', '#69b5f2', '#b9ecff', '#ffffff'),
  ice: ramp('#12365c', '#3f8fc9', '#83d0f3', '#cdf3ff', '#ffffff'),
  fire: ramp('#4d0c05', '#c52a0a', '#f57c14', '#ffc93a', '#fff6c4'),
  poison: ramp('#123012', '#3a7d1c', '#74bf2c', '#b9ec5b', '#f2ffc9'),
  leaf: ramp('#0e2d18', '#267a38', '#4caf50', '#93db7b', '#e3fbcf'),
  arcane: ramp('#210f47', '#5c2cb0', '#9358ea', '#cfa6ff', '#f8edff'),
  shadow: ramp('#0e0c16', '#2f2b41', '#514a6b', '#867da3', '#cfc8e3'),
  holy: ramp('#5a3a0a', '#d39a2e', '#ffdf7e', '#fff4c9', '#ffffff'),
  blood: ramp('#33040a', '#8c0f1c', '#cc2230', '#f2686b', '#ffd0cc'),
  water: ramp('#0b2a52', '#1f66b8', '#3c9ce8', '#8fd2fb', '#eafaff'),
  cloth: ramp('#2a1420', '#7c2b45', '#b74866', '#e38a9a', '#fbd7da'),
  paper: ramp('#3f2d17', '#b59062', '#e2c795', '#f6e7c6', '#fffdf4'),
  skin: ramp('#3d1d12', '#b4714d', '#e0a37a', '#f7cfab', '#fff0e0'),
  fur: ramp('#2b180d', '#70482a', '#a57547', '#d3a878', '#f4dcbc'),
  emerald: ramp('#04291c', '#0b7a4b', '#1fb876', '#7fecb4', '#e6fff2'),
  sapphire: ramp('#0a1747', '#1e3fae', '#3f74e8', '#93bcff', '#eef5ff'),
  ruby: ramp('#3a0313', '#9c0f33', '#db2a52', '#ff8298', '#ffe4e8'),
  amethyst: ramp('#220a3f', '#6424a3', '#9c52dd', '#d3a3fa', '#f8ecff'),
  ember: ramp('#2c0f0b', '#8e3218', '#d65f2a', '#f8a563', '#ffe9cf'),
  ocean: ramp('#062f36', '#127480', '#27a9ad', '#7fded3', '#e6fffb'),
  rose: ramp('#3f0c25', '#b02f66', '#e8669a', '#ffa9c7', '#ffeaf2'),
  night: ramp('#0c1230', '#273a7d', '#4d66b8', '#93aae6', '#e4ecff'),
  slate: ramp('#161b26', '#3d4a61', '#66768f', '#9fb0c4', '#e1e9f1'),
};

/** Their names. */
export const MATERIAL_NAMES: Record<string, Bilingual> = {
  steel: { en: 'steel', zh: '钢铁' },
  iron: { en: 'iron', zh: '铁' },
  gold: { en: 'gold', zh: '金' },
  silver: { en: 'silver', zh: '银' },
  bronze: { en: 'bronze', zh: '青铜' },
  copper: { en: 'copper', zh: '铜' },
  wood: { en: 'wood', zh: '木' },
  leather: { en: 'leather', zh: '皮革' },
  bone: { en: 'bone', zh: '骨' },
  stone: { en: 'stone', zh: '石' },
  crystal: { en: 'crystal', zh: '水晶' },
  ice: { en: 'ice', zh: '冰' },
  fire: { en: 'fire', zh: '火焰' },
  poison: { en: 'poison', zh: '毒' },
  leaf: { en: 'leaf', zh: '叶' },
  arcane: { en: 'arcane', zh: '魔法' },
  shadow: { en: 'shadow', zh: '暗影' },
  holy: { en: 'holy', zh: '神圣' },
  blood: { en: 'blood', zh: '血' },
  emerald: { en: 'emerald', zh: '祖母绿' },
  sapphire: { en: 'sapphire', zh: '蓝宝石' },
  ruby: { en: 'ruby', zh: '红宝石' },
  amethyst: { en: 'amethyst', zh: '紫水晶' },
};

/** As a flat colour, for drawings without shading. */
export const colourOf = (material: string): ColourWord => ({
  ...(MATERIAL_NAMES[material] ?? { en: material, zh: '' }),
  hex: rampOf(material).mid,
});

/** Colours of a one-coloured drawing without a colour in the prompt: they are readable on any ground. */
export const COMMON = ['ember', 'ocean', 'arcane', 'leaf', 'sapphire', 'blood', 'bronze', 'slate'];

export const rampOf = (material: string): Ramp => RAMPS[material] ?? (RAMPS.slate as Ramp);

/** A ramp around any colour: shadows shift to blue, lights to yellow, as in daylight. */
export function rampAround(colour: string, metal = false): Ramp {
  const base = fromHex(colour);
  const at = (lightness: number, chroma: number, lean: number): string =>
    hex(leaning(base, lightness, chroma, lean));
  const { lightness: l, chroma: c } = base;
  return {
    ink: at(Math.min(0.24, l * 0.34), Math.min(c, 0.07), 0.12),
    low: at(l * 0.68, c * 0.95, 0.1),
    mid: at(l, c, 0),
    // A dark colour stays dark in its lights.
    high: at(l + (0.96 - l) * (l < 0.35 ? 0.25 : 0.5), c * 0.82, -0.1),
    spark: at(l + (1 - l) * (l < 0.35 ? 0.6 : 0.88), c * 0.25, -0.1),
    metal,
  };
}

const COOL = 285;
function leaning(base: Oklch, lightness: number, chroma: number, lean: number): Oklch {
  const step = ((COOL - base.hue + 540) % 360) - 180;
  return {
    lightness,
    chroma,
    hue: turn(
      base.hue + Math.max(-14, Math.min(14, step)) * Math.sign(lean) * Math.min(1, Math.abs(lean) * 8),
    ),
  };
}

/** A variant of the ramp: every colour with a slightly different hue and lightness. */
export function varied(source: Ramp, degrees: number, lighten: number): Ramp {
  const shift = (colour: string): string => {
    const from = fromHex(colour);
    return hex({ lightness: from.lightness * lighten, chroma: from.chroma, hue: turn(from.hue + degrees) });
  };
  return { ...source, low: shift(source.low), mid: shift(source.mid), high: shift(source.high) };
}
