/** Wildcards: text files of entries, one a line, from which prompts draw. */
import { z } from 'zod';
import { Bilingual } from './family.ts';
import { MAX_WILDCARD_BYTES, MAX_WILDCARD_FOLDERS, MAX_WILDCARD_NAME_CHARS } from './limits.ts';

const NAME = /^[\p{L}\p{N}][\p{L}\p{N}\p{M} ._-]*(\/[\p{L}\p{N}][\p{L}\p{N}\p{M} ._-]*)*$/u;
const BAD_PART = /__|[. _]($|\/)/;
const RESERVED = /(^|\/)(con|prn|aux|nul|com\d|lpt\d)(\.[^/]*)?($|\/)/i;

const UNUSABLE: Bilingual = {
  en: 'must be letters, digits, spaces and the characters . _ - with / between folders, must begin with a letter or digit, must not end with a space, . or _, and must not contain __',
  zh: '只能包含字母、数字、空格和 . _ - 等字符，文件夹之间用 / 分隔，须以字母或数字开头，不能以空格、. 或 _ 结尾，且不能包含 __',
};

const OF_WINDOWS: Bilingual = {
  en: 'must not be con, prn, aux, nul, com0 to com9 or lpt0 to lpt9: Windows has no files of these names',
  zh: '不能是 con、prn、aux、nul、com0–com9 或 lpt0–lpt9：Windows 不允许这些文件名',
};

const TOO_DEEP: Bilingual = {
  en: `may lie in at most ${MAX_WILDCARD_FOLDERS} folders`,
  zh: `最多只能有 ${MAX_WILDCARD_FOLDERS} 层文件夹`,
};

/** Folders and a name, divided by `/`: what a prompt writes between underscores, and a path that every system can hold. */
export const WildcardName = z
  .string()
  .normalize()
  .max(MAX_WILDCARD_NAME_CHARS)
  .refine((name) => NAME.test(name) && !BAD_PART.test(name), { params: { reason: UNUSABLE } })
  .refine((name) => !RESERVED.test(name), { params: { reason: OF_WINDOWS } })
  .refine((name) => name.split('/').length <= MAX_WILDCARD_FOLDERS + 1, { params: { reason: TOO_DEEP } });

export const Wildcard = z.object({
  name: z.string(),
  entries: z.number().int(),
  /** The texts that its entries can become; null: more than can be counted. */
  combinations: z.number().nullable(),
  size_bytes: z.number().int(),
  modified_at: z.iso.datetime(),
  /** Why prompts cannot draw from it. */
  problem: Bilingual.nullable(),
});
export type Wildcard = z.infer<typeof Wildcard>;

export const WildcardText = z.object({
  name: z.string(),
  text: z.string(),
  /** Names this text; see `WildcardUpdate`. */
  version: z.string(),
});
export type WildcardText = z.infer<typeof WildcardText>;

/** Of a request with a text: characters may need several bytes. */
export const MAX_WILDCARD_BODY_MB = 12;

export const WildcardQuery = z.object({ name: z.string().min(1).max(MAX_WILDCARD_NAME_CHARS) });

export const WildcardRename = z.strictObject({ name: WildcardQuery.shape.name, to: WildcardName });
export type WildcardRename = z.infer<typeof WildcardRename>;

export const WildcardUpdate = z.strictObject({
  name: WildcardName,
  text: z.string().max(MAX_WILDCARD_BYTES),
  /**
   * The version that this text replaces, so that a change by somebody else is not lost. null: there must be none of that
   * name. Left out: whatever there is is replaced.
   */
  replaces: z.string().max(100).nullable().optional(),
});
export type WildcardUpdate = z.input<typeof WildcardUpdate>;
