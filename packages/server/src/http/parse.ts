/**
 * Validates a request with a schema. The first fault becomes `invalid_request` with the field's path and the reason in
 * both languages.
 */
import { type Bilingual, StudioError } from '@limner/contract';
import { firstIssue, pathOf, reasonOf } from '@limner/contract/reasons';
import type { z } from 'zod';

/** Deeper than any graph of a workflow; deeper nesting would overflow the stack. */
const MAX_DEPTH = 64;

export function parse<S extends z.ZodType>(schema: S, value: unknown, part: string): z.output<S> {
  refuseUnreadable(value, [], part);
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const issue = firstIssue(result.error.issues);
  throw invalid(pathOf(issue).join('.') || part, reasonOf(issue));
}

export function invalid(field: string, reason: Bilingual): StudioError {
  return new StudioError('invalid_request', { field, data: { reason } });
}

/** Refuses text that a database refuses or changes, and deep nesting. */
function refuseUnreadable(value: unknown, path: string[], part: string): void {
  if (typeof value === 'string') refuseText(value, path.join('.') || part);
  if (typeof value !== 'object' || value === null) return;
  if (path.length >= MAX_DEPTH) throw invalid(path[0] ?? part, TOO_DEEP);
  for (const [key, item] of Object.entries(value)) {
    const below = [...path, key];
    refuseText(key, below.join('.'));
    refuseUnreadable(item, below, part);
  }
}

function refuseText(text: string, field: string): void {
  if (text.includes('\0')) throw invalid(field, NO_NUL);
  if (LONE_SURROGATE.test(text)) throw invalid(field, NO_HALF);
}

const LONE_SURROGATE = /\p{Surrogate}/u;
const NO_HALF = {
  en: 'must not contain half of a character (a lone surrogate)',
  zh: '不能包含残缺的字符（孤立的代理项）',
};
const NO_NUL = { en: 'must not contain the character NUL', zh: '不能包含 NUL 字符' };
const TOO_DEEP = {
  en: `must not be nested more than ${MAX_DEPTH} levels deep`,
  zh: `嵌套不能超过 ${MAX_DEPTH} 层`,
};
