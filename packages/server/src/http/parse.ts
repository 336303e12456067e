/**
 * What a client sent, held against a schema. The first thing wrong becomes `invalid_request` with the path of the field
 * and the reason in both languages, so that the answer can be told in whichever was asked for.
 */
import { type Bilingual, StudioError } from '@limner/contract';
import type { z } from 'zod';
import { type Issue, reasonOf } from '../reasons.ts';

export function parse<S extends z.ZodType>(schema: S, value: unknown, part: string): z.output<S> {
  const nul = pathOfNul(value);
  if (nul)
    throw invalid(nul.join('.') || part, {
      en: 'must not contain the character NUL',
      zh: '不能包含 NUL 字符',
    });
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const issue = result.error.issues[0] as Issue;
  throw invalid(fieldOf(issue) || part, reasonOf(issue));
}

export function invalid(field: string, reason: Bilingual): StudioError {
  return new StudioError('invalid_request', { field, data: { reason } });
}

/** Databases end or refuse text at NUL, so that no row must ever hold one. */
function pathOfNul(value: unknown): string[] | null {
  if (typeof value === 'string') return value.includes('\0') ? [] : null;
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, item] of Object.entries(value)) {
    const below = key.includes('\0') ? [] : pathOfNul(item);
    if (below) return [key, ...below];
  }
  return null;
}

function fieldOf(issue: Issue): string {
  const path = issue.path.map(String);
  return (issue.code === 'unrecognized_keys' ? [...path, issue.keys[0]] : path).join('.');
}
