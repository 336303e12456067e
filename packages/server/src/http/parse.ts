/**
 * What a client sent, held against a schema. The first thing wrong becomes `invalid_request` with the path of the field
 * and the reason in both languages, so that the answer can be told in whichever was asked for.
 */
import { type Bilingual, StudioError } from '@limner/contract';
import { z } from 'zod';

type Issue = z.core.$ZodIssue;

type Sentence = (issue: Issue) => string | { message: string } | null | undefined;

// They are typed for issues that are still being made; those that were made have the same fields.
const english = z.locales.en().localeError as Sentence;
const chinese = z.locales.zhCN().localeError as Sentence;

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

function reasonOf(issue: Issue): Bilingual {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? { en: 'is required', zh: '为必填项' } : typeReason(issue);
    case 'too_small':
      return bound(issue.origin, issue.minimum, 'least');
    case 'too_big':
      return bound(issue.origin, issue.maximum, 'most');
    case 'invalid_value':
      return choices(issue.values.map(String));
    case 'unrecognized_keys':
      return { en: 'is not a known field', zh: '不是已知字段' };
    default:
      return { en: sentence(english(issue)), zh: sentence(chinese(issue)) };
  }
}

const TYPES: Record<string, Bilingual> = {
  string: { en: 'a text', zh: '文本' },
  number: { en: 'a number', zh: '数字' },
  int: { en: 'a whole number', zh: '整数' },
  boolean: { en: 'true or false', zh: 'true 或 false' },
  object: { en: 'an object', zh: '对象' },
  record: { en: 'an object', zh: '对象' },
  array: { en: 'a list', zh: '列表' },
};

function typeReason(issue: Extract<Issue, { code: 'invalid_type' }>): Bilingual {
  const wanted = (TYPES[issue.expected] ?? { en: issue.expected, zh: issue.expected }) as Bilingual;
  return { en: `must be ${wanted.en}`, zh: `必须是${wanted.zh}` };
}

export function choices(values: string[]): Bilingual {
  return { en: `must be one of ${values.join(', ')}`, zh: `必须是 ${values.join('、')} 之一` };
}

function bound(origin: string, limit: number | bigint, side: 'least' | 'most'): Bilingual {
  const unit = { string: { en: ' characters long', zh: '个字符' }, array: { en: ' items long', zh: '项' } }[
    origin
  ];
  if (unit && side === 'least' && Number(limit) === 1) return { en: 'must not be empty', zh: '不能为空' };
  return {
    en: `must be at ${side} ${limit}${unit?.en ?? ''}`,
    zh: `${side === 'least' ? '至少为' : '最多为'} ${limit}${unit ? ` ${unit.zh}` : ''}`,
  };
}

function sentence(message: ReturnType<Sentence>): string {
  return (typeof message === 'string' ? message : message?.message) ?? 'is not valid';
}
