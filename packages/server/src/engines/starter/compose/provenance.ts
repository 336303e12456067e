/** The provenance of a picture: the icon and its author for each word, and the words that were ignored. */
import type { Bilingual } from '@limner/contract';
import type { Role } from './casting.ts';
import type { Drawing } from './drawing.ts';
import { MATERIAL_NAMES } from './materials.ts';
import type { Reading, Thing } from './thing.ts';
import type { Style } from './words/grammar.ts';

const STYLE_NAMES: Record<Style, Bilingual> = {
  flat: { en: 'flat', zh: '扁平' },
  glossy: { en: 'glossy', zh: '立体' },
  outline: { en: 'line art', zh: '线稿' },
  pixel: { en: 'pixel art', zh: '像素' },
  silhouette: { en: 'silhouette', zh: '剪影' },
  sticker: { en: 'sticker', zh: '贴纸' },
  neon: { en: 'neon', zh: '霓虹' },
  watercolour: { en: 'watercolour', zh: '水彩' },
  papercut: { en: 'paper cut', zh: '剪纸' },
  lowpoly: { en: 'low poly', zh: '低多边形' },
};

export interface Part {
  role: Role;
  /** The Chinese name of its concept, or ''. */
  zh: string;
  recoloured: Drawing['recoloured'];
}

export function details(parts: Part[], reading: Reading): Record<string, unknown> {
  return {
    mapping: parts.map(({ role, zh, recoloured }) => ({
      word: role.thing.word,
      concept: { en: role.concept.en, zh: zh || role.concept.en },
      icon: `${role.icon.set.id}:${role.icon.name}`,
      set: role.icon.set.title,
      author: role.icon.set.author,
      licence: role.icon.set.licence,
      url: role.icon.set.url,
      found_by: role.thing.meaning.by,
      colour: role.thing.colour ? { en: role.thing.colour.en, zh: role.thing.colour.zh } : null,
      material: role.thing.material ?? null,
      recoloured: recoloured === 'yes',
      count: role.thing.count,
    })),
    style: reading.style ?? null,
    background:
      reading.plate === 'none' ? null : { shape: reading.plate, colour: reading.plateColour?.en ?? null },
    unknown_words: reading.unknown,
    not_drawn: reading.notDrawn,
    passed_over: reading.idle,
    credits: credits(parts),
  };
}

/** One line for each set that was used. */
function credits(parts: Part[]): string[] {
  return [
    ...new Set(
      parts
        .filter(({ role }) => role.icon.own === undefined)
        .map(
          ({ role: { icon } }) =>
            `${icon.set.title}, ${icon.set.author}, ${icon.set.licence}, ${icon.set.url}`,
        ),
    ),
  ];
}

export function summary(parts: Part[], reading: Reading): Bilingual {
  return { en: english(parts, reading), zh: chinese(parts, reading) };
}

function english(parts: Part[], reading: Reading): string {
  const sentences = parts.map(({ role, recoloured }) => {
    const { thing, icon, concept } = role;
    const count = thing.count > 1 ? `${thing.count} × ` : '';
    const colour =
      recoloured === 'no'
        ? ''
        : `, ${recoloured === 'already' ? 'in its own' : 'coloured'} ${colourName(thing).en}`;
    return `"${thing.word}" → ${count}${concept.en} (${icon.set.title}, ${icon.set.licence})${colour}`;
  });
  const style = reading.style ? ` Style: ${STYLE_NAMES[reading.style].en}.` : '';
  const unknown = reading.unknown.length > 0 ? ` Not in the library: ${reading.unknown.join(', ')}.` : '';
  const notDrawn = reading.notDrawn.length > 0 ? ` Not drawn: ${reading.notDrawn.join(', ')}.` : '';
  return `Composed from the vector library: ${sentences.join('; ')}.${style}${unknown}${notDrawn}`;
}

function chinese(parts: Part[], reading: Reading): string {
  const sentences = parts.map(({ role, zh, recoloured }) => {
    const { thing, icon } = role;
    const count = thing.count > 1 ? `${thing.count} × ` : '';
    const colour =
      recoloured === 'no'
        ? ''
        : `，${recoloured === 'already' ? '原本就是' : '着色为'}${colourName(thing).zh}`;
    const name = count + zh;
    return `「${thing.word}」${name && ' → '}${name}（${icon.set.title}，${icon.set.licence}）${colour}`;
  });
  const style = reading.style ? `风格：${STYLE_NAMES[reading.style].zh}。` : '';
  const unknown = reading.unknown.length > 0 ? `图库中没有：${reading.unknown.join('、')}。` : '';
  const notDrawn = reading.notDrawn.length > 0 ? `没有画出：${reading.notDrawn.join('、')}。` : '';
  return `由矢量图库拼成：${sentences.join('；')}。${style}${unknown}${notDrawn}`;
}

const colourName = ({ colour, material = '' }: Thing): Bilingual =>
  colour ?? MATERIAL_NAMES[material] ?? { en: material, zh: '' };
