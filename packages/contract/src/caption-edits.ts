/** Changes of many captions at once. A tag is one of the pieces that commas separate. Pure. */
import { z } from 'zod';
import { MAX_CAPTION_CHARS } from './limits.ts';

const text = z.string().max(MAX_CAPTION_CHARS);
const someText = text.min(1);
const tag = z.string().trim().min(1).max(MAX_CAPTION_CHARS);

export const CaptionEdit = z.discriminatedUnion('kind', [
  /** Plain text, no pattern. */
  z.strictObject({
    kind: z.literal('replace'),
    find: someText,
    replace: text,
    ignore_case: z.boolean().default(false),
  }),
  z.strictObject({ kind: z.literal('prefix'), text: someText }),
  z.strictObject({ kind: z.literal('suffix'), text: someText }),
  /** At the end, unless the caption has it. */
  z.strictObject({ kind: z.literal('add_tag'), tag }),
  z.strictObject({ kind: z.literal('remove_tag'), tag }),
  /** Keeps the first of equal tags. */
  z.strictObject({ kind: z.literal('remove_duplicates') }),
  /** Replaces the whole caption. */
  z.strictObject({ kind: z.literal('set'), text }),
]);
export type CaptionEdit = z.infer<typeof CaptionEdit>;

export function editedCaption(caption: string, edit: CaptionEdit): string {
  switch (edit.kind) {
    case 'replace':
      return tidy(replaced(caption, edit));
    case 'prefix':
      return tidy(edit.text + caption);
    case 'suffix':
      return tidy(caption + edit.text);
    case 'add_tag':
      return has(caption, edit.tag) ? caption : joined([...tagsOf(caption), edit.tag]);
    case 'remove_tag':
      return has(caption, edit.tag)
        ? joined(tagsOf(caption).filter((tag) => !isSame(tag, edit.tag)))
        : caption;
    case 'remove_duplicates': {
      const tags = tagsOf(caption);
      const kept = tags.filter((tag, at) => tags.findIndex((other) => isSame(tag, other)) === at);
      return kept.length === tags.length ? caption : joined(kept);
    }
    case 'set':
      return tidy(edit.text);
  }
}

/** How often a `replace` finds its text; for other edits 1 where they change the caption. */
export function hitsOf(caption: string, edit: CaptionEdit): number {
  if (edit.kind !== 'replace') return Number(editedCaption(caption, edit) !== caption);
  return [...caption.matchAll(pattern(edit))].length;
}

export const tagsOf = (caption: string): string[] =>
  caption
    .split(/[,，]/)
    .map((tag) => tag.trim())
    .filter(Boolean);

type Replace = Extract<CaptionEdit, { kind: 'replace' }>;

const pattern = ({ find, ignore_case }: Replace): RegExp =>
  new RegExp(find.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), ignore_case ? 'giu' : 'gu');
const replaced = (caption: string, edit: Replace): string =>
  caption.replace(pattern(edit), () => edit.replace);

const isSame = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase();
const has = (caption: string, tag: string): boolean => tagsOf(caption).some((other) => isSame(other, tag));
const joined = (tags: string[]): string => tags.join(', ');
/** As captions of files are read. */
const tidy = (caption: string): string => caption.replace(/\s+/g, ' ').trim();
