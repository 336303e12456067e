/** Why a value does not match a schema, in both languages, as part of a sentence: "size must be …". */

import { z } from 'zod';
import type { Bilingual } from './family.ts';

export type Issue = z.core.$ZodIssue;

type Sentence = (issue: Issue) => string | { message: string } | null | undefined;

// Typed as raw issues; finished issues have the same fields.
const english = z.locales.en().localeError as Sentence;
const chinese = z.locales.zhCN().localeError as Sentence;

/**
 * The fault to name, of all that a schema found: the first. For a whole number too large to be exact, zod states the limit of
 * exact numbers before the schema's own; then it is the schema's own.
 */
export function firstIssue(issues: readonly Issue[]): Issue {
  const first = issues[0] as Issue;
  if (!('origin' in first) || first.origin !== 'int') return first;
  const isOwnLimit = (issue: Issue) =>
    issue !== first && issue.code === first.code && issue.path.join('.') === first.path.join('.');
  return issues.find(isOwnLimit) ?? first;
}

/** The path of the field that an issue is about; an unknown field is its own. */
export function pathOf(issue: Issue): string[] {
  const path = issue.path.map(String);
  return issue.code === 'unrecognized_keys' ? [...path, issue.keys[0] ?? ''] : path;
}

export function reasonOf(issue: Issue): Bilingual {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? { en: 'is required', zh: '为必填项' } : typeReason(issue);
    case 'too_small':
      return issue.inclusive === false && issue.origin !== 'string'
        ? { en: `must be greater than ${issue.minimum}`, zh: `必须大于 ${issue.minimum}` }
        : bound(issue.origin, issue.minimum, 'least');
    case 'too_big':
      return bound(issue.origin, issue.maximum, 'most');
    case 'invalid_value':
      return choices(issue.values.map(String));
    case 'unrecognized_keys':
      return { en: 'is not a known field', zh: '不是已知字段' };
    case 'invalid_union':
      // No errors of the forms: the discriminator has an unknown value.
      return issue.errors.length === 0
        ? { en: 'is not a known kind', zh: '不是已知的类型' }
        : anyOf(issue.errors.filter(({ length }) => length > 0).map(firstIssue));
    case 'invalid_format':
      return FORMATS[issue.format] ?? inGeneral(issue);
    case 'custom':
      // A schema of the contract may explain itself.
      return (issue.params?.reason as Bilingual | undefined) ?? inGeneral(issue);
    default:
      return inGeneral(issue);
  }
}

const inGeneral = (issue: Issue): Bilingual => ({
  en: sentence(english(issue)),
  zh: sentence(chinese(issue)),
});

const MOMENT = {
  en: 'must be a date such as 2026-01-31 or a time such as 2026-01-31T12:00:00Z',
  zh: '必须是日期（如 2026-01-31）或时刻（如 2026-01-31T12:00:00Z）',
};

const FORMATS: Record<string, Bilingual> = {
  date: MOMENT,
  datetime: MOMENT,
  url: {
    en: 'must be an address that begins with http:// or https://',
    zh: '必须是以 http:// 或 https:// 开头的地址',
  },
  seed: {
    en: 'must be a whole number from 0 to 18446744073709551615',
    zh: '必须是 0 到 18446744073709551615 之间的整数',
  },
  colour: { en: 'must be a colour such as #ffffff', zh: '必须是颜色，例如 #ffffff' },
  number_text: { en: 'must be a number', zh: '必须是数字' },
  whole_number: { en: 'must be a whole number', zh: '必须是整数' },
  output_id: { en: 'must name a task and a picture, such as 12_0', zh: '必须是任务号和图片序号，例如 12_0' },
};

/** One reason if all are equal, otherwise the first of each kind. */
function anyOf(issues: Issue[]): Bilingual {
  // If one form accepts values of this type, the type errors of the others are not helpful.
  const close = issues.filter((issue) => issue.code !== 'invalid_type' || issue.expected === 'int');
  const reasons = (close.length > 0 ? close : issues).map(reasonOf);
  const join = (language: 'en' | 'zh', or: string) =>
    [...new Set(reasons.map((reason) => reason[language]))].join(or);
  return { en: join('en', ' or '), zh: join('zh', '，或') };
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
