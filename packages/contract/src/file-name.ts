/**
 * The name of a saved picture: downloads, archives, pictures dragged out, the command line and shares use the same. A
 * template such as `{id}_{slug}` decides it. Every name is valid on Windows, macOS and Linux.
 */
import type { Bilingual } from './family.ts';
import { plainWords } from './prompt-tags.ts';

export const DEFAULT_FILE_NAME_TEMPLATE = '{id}_{slug}';
export const MAX_TEMPLATE_CHARS = 120;

/**
 * `id`: as in the picture's address, from 0 (`12_0`); `index`: the picture's number within its task, from 1; `slug`: of
 * the prompt, or the name of the input picture if there is no prompt.
 */
export const FILE_NAME_FIELDS = [
  'date',
  'time',
  'slug',
  'task',
  'index',
  'id',
  'seed',
  'family',
  'kind',
] as const;
export type FileNameField = (typeof FILE_NAME_FIELDS)[number];

export interface NamedPicture {
  id: string;
  task: number;
  /** From 0. */
  frame: number;
  /** From 0. */
  place: number;
  prompt: string;
  /** Name of the picture it was made of; empty if there is none. */
  sourceName: string;
  seed: string;
  family: string;
  kind: string;
  completedMs: number;
  /** URL or key, for the extension. */
  file: string;
}

/** With the extension. ext4, APFS and NTFS take 255 bytes or characters, encrypted home folders 143 bytes. */
const MAX_NAME_BYTES = 140;
const MAX_SLUG_CHARS = 40;
const FIELD = /\{([^{}]*)\}/g;
/** Stands for an empty field until the separators beside it are removed. */
const ABSENT = '\u0000';
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;
const FORBIDDEN = /[\\/:*?"<>|\p{Cc}\p{Cs}\p{Bidi_Control}\p{Zl}\p{Zp}]/u;

/** `a-red-dragon`, `红色的龙`: letters and digits of any script only, without the tags and weights of a prompt. */
export function slug(prompt: string): string {
  const words =
    plainWords(prompt)
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{Letter}\p{Mark}\p{Number}]+/gu) ?? [];
  return [...words.join('-')].slice(0, MAX_SLUG_CHARS).join('').replace(/-$/, '');
}

/** What is wrong with a template, as the end of a sentence "The template …"; null: nothing. */
export function templateProblem(template: string): Bilingual | null {
  if (template.trim() === '') return { en: 'must not be empty', zh: '不能为空' };
  if ([...template].length > MAX_TEMPLATE_CHARS)
    return {
      en: `must be at most ${MAX_TEMPLATE_CHARS} characters long`,
      zh: `最多为 ${MAX_TEMPLATE_CHARS} 个字符`,
    };
  const fields = [...template.matchAll(FIELD)].map(([, field = '']) => field);
  const known = FILE_NAME_FIELDS.map((field) => `{${field}}`);
  const unknown = fields.find((field) => !FILE_NAME_FIELDS.some((name) => name === field));
  if (unknown !== undefined)
    return {
      en: `has an unknown field {${unknown}}; known are ${known.join(', ')}`,
      zh: `含有未知字段 {${unknown}}，可用的有 ${known.join('、')}`,
    };
  const fixed = template.replace(FIELD, '');
  if (/[{}]/.test(fixed)) return { en: 'has a brace without its pair', zh: '含有不成对的花括号' };
  const [forbidden] = FORBIDDEN.exec(fixed) ?? [];
  if (forbidden !== undefined) return forbiddenIn(forbidden);
  if (fields.length === 0)
    return {
      en: 'must contain a field such as {slug}, or all files would have one name',
      zh: '必须至少含有一个字段（如 {slug}），否则所有文件都会同名',
    };
  return null;
}

function forbiddenIn(character: string): Bilingual {
  const shown = /[\p{Cc}\p{Cs}\p{Bidi_Control}\p{Zl}\p{Zp}]/u.test(character)
    ? `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
    : character;
  return {
    en: `contains ${shown}, which file names cannot have on every system`,
    zh: `含有 ${shown}，并非所有系统都允许文件名使用它`,
  };
}

/** `12_0_a-red-dragon.png` with the default template. The slug is shortened first if the name would be too long. */
export function pictureName(template: string, picture: NamedPicture): string {
  const extension = extensionOf(picture.file);
  const room = MAX_NAME_BYTES - extension.length;
  const subject = slug(picture.prompt) || stemOf(picture.sourceName);
  let name = filled(template, picture, subject);
  for (let letters = [...subject]; bytesOf(name) > room && letters.length > 0; ) {
    letters = letters.slice(0, -1);
    name = filled(template, picture, letters.join('').replace(/[-_. ]+$/, ''));
  }
  return `${tidied(clipped(name, room)) || picture.id}${extension}`;
}

function filled(template: string, picture: NamedPicture, subject: string): string {
  const values = valuesOf(picture, subject);
  const name = template.replace(FIELD, (_, field: FileNameField) => values[field] || ABSENT);
  return tidied(withoutAbsent(name));
}

/** An empty field goes with the separators before it, or after it at the beginning. */
const withoutAbsent = (name: string): string => name.replace(/^(?:\0[-_. ]*)+/, '').replace(/[-_. ]*\0/g, '');

function valuesOf(picture: NamedPicture, subject: string): Record<FileNameField, string> {
  const { frame, place, completedMs } = picture;
  const { date, time } = momentOf(completedMs);
  return {
    date,
    time,
    slug: subject,
    task: String(picture.task),
    index: place === 0 ? String(frame + 1) : `${frame + 1}-${place + 1}`,
    id: picture.id,
    seed: picture.seed,
    family: safe(picture.family),
    kind: safe(picture.kind),
  };
}

/** `2026-05-04`, `183005`, in the time zone of this process. */
function momentOf(ms: number): { date: string; time: string } {
  const at = new Date(ms);
  const two = (value: number) => String(value).padStart(2, '0');
  return {
    date: `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`,
    time: [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(''),
  };
}

const FORBIDDEN_EACH = new RegExp(FORBIDDEN.source, 'gu');
const safe = (text: string): string => text.normalize('NFC').replace(FORBIDDEN_EACH, '-');

/** The name of an upload without its extension, in its own letters and case; a prompt as a slug. */
const stemOf = (sourceName: string): string =>
  /\.\w{1,5}$/.test(sourceName)
    ? [...safe(sourceName.replace(/\.\w{1,5}$/, '')).trim()].slice(0, MAX_SLUG_CHARS).join('')
    : slug(sourceName);

/** Windows takes no dot or space at the end and no device names; a dot at the beginning hides the file. */
function tidied(name: string): string {
  const trimmed = name.replace(/^[-_. ]+|[-. ]+$/g, '');
  return RESERVED.test(trimmed) ? `_${trimmed}` : trimmed;
}

/** A file name that was received, made safe for every system. */
export function safeFileName(name: string): string {
  const extension = extensionOf(name);
  const stem = safe(name.slice(0, name.length - extension.length));
  return `${tidied(clipped(tidied(stem), MAX_NAME_BYTES - extension.length)) || 'picture'}${extension}`;
}

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

function clipped(text: string, limit: number): string {
  let kept = '';
  for (const character of text) {
    if (bytesOf(kept) + bytesOf(character) > limit) break;
    kept += character;
  }
  return kept;
}

const extensionOf = (file: string): string => /\.[a-z0-9]{2,12}$/.exec(file)?.[0] ?? '';

/** Gives equal names numbers, also names that differ in case only: `slime.png`, `slime-2.png`. */
export function distinctNames(names: string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const extension = extensionOf(name);
    const stem = name.slice(0, name.length - extension.length);
    let free = name;
    for (let number = 2; taken.has(free.toLowerCase()); number++) free = `${stem}-${number}${extension}`;
    taken.add(free.toLowerCase());
    return free;
  });
}
