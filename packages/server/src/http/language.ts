/** The language of an answer: `?lang=`, or the first supported one in `Accept-Language`, or English. */
import { type ErrorBody, inLanguage, LANGUAGES, type Language } from '@limner/contract';
import type { FastifyRequest } from 'fastify';

export function requestedLanguage(request: Pick<FastifyRequest, 'query' | 'headers'>): Language {
  const named = (request.query as { lang?: unknown } | undefined)?.lang;
  return (
    ours(typeof named === 'string' ? named : '') ?? preferred(request.headers['accept-language']) ?? 'en'
  );
}

/** Chinese, as in the documents, unless the client names a language. */
export function documentLanguage(request: Pick<FastifyRequest, 'query' | 'headers'>): Language {
  const isNamed =
    'lang' in ((request.query ?? {}) as object) || /[a-z]{2}/i.test(request.headers['accept-language'] ?? '');
  return isNamed ? requestedLanguage(request) : 'zh';
}

function preferred(header: string | undefined): Language | undefined {
  return (header ?? '')
    .split(',')
    .map(weighed)
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ tag }) => ours(tag))
    .find((language) => language !== undefined);
}

function weighed(item: string): { tag: string; weight: number } {
  const [tag = '', ...options] = item.split(';').map((part) => part.trim());
  const q = options.find((option) => option.startsWith('q='));
  return { tag, weight: q === undefined ? 1 : Number(q.slice(2)) || 0 };
}

function ours(tag: string): Language | undefined {
  const primary = tag.toLowerCase().split('-')[0];
  return LANGUAGES.find((language) => language === primary);
}

interface WithErrors {
  /** Text in the answers of dialects, which is in the right language already. */
  error?: ErrorBody | string | null;
  frames?: { error?: ErrorBody | null }[];
  errors?: { error: ErrorBody }[];
}

/** Translates the errors of tasks, their frames and the status in an answer to the given language. Other answers are unchanged. */
export function localized<T>(answer: T, language: Language): T {
  if (Array.isArray(answer)) return answer.map((item) => localized(item, language)) as T;
  if (typeof answer !== 'object' || answer === null) return answer;
  const { error: stated, frames, errors } = answer as WithErrors;
  const error = typeof stated === 'object' ? stated : null;
  if (!error && !frames?.some((frame) => frame.error) && !Array.isArray(errors)) return answer;
  return {
    ...answer,
    ...(error ? { error: inLanguage(error, language) } : {}),
    ...(frames ? { frames: frames.map((frame) => localized(frame, language)) } : {}),
    ...(Array.isArray(errors) ? { errors: errors.map((each) => localized(each, language)) } : {}),
  };
}
