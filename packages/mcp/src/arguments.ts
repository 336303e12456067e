/** Arguments of a call, checked here rather than by the protocol's library: its sentences are English only. */
import type { Language } from '@limner/contract';
import { firstIssue, reasonOf } from '@limner/contract/reasons';
import { z } from 'zod';
import { Refusal } from './result.ts';
import { WORDS } from './words.ts';

type Standard = z.ZodType['~standard'] & {
  jsonSchema: Record<'input' | 'output', (options: never) => Record<string, unknown>>;
};

/** The same schema as lists of tools show it: short, and accepting everything. */
export function listed(schema: z.ZodType): z.ZodType {
  const standard = schema['~standard'] as Standard;
  // 2020-12 is the protocol's own default.
  const short = (kind: 'input' | 'output') => (options: never) => {
    const { $schema: _dialect, ...json } = standard.jsonSchema[kind](options);
    return withoutDefaults(json) as Record<string, unknown>;
  };
  const value = {
    ...standard,
    jsonSchema: { input: short('input'), output: short('output') },
    validate: (sent: unknown) => ({ value: sent }),
  };
  return Object.create(schema, { '~standard': { value } });
}

/** Without keywords that tell a model nothing. */
function withoutDefaults(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(withoutDefaults);
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(
    Object.entries(json)
      .filter(([keyword, value]) => !saysNothing(keyword, value))
      .map(([keyword, value]) => [keyword, withoutDefaults(value)]),
  );
}

/** A call checks these, and its refusal names the argument, the limit or the right names. */
const CHECKED_BY_CALLS = new Set(['minLength', 'maxLength', 'propertyNames']);
/** Of zod's own types, which no client knows. */
const OWN_FORMATS = new Set<unknown>(['seed', 'output_id']);

/** Also schemas that accept everything, the largest number of JavaScript, and that counts and ids are positive. */
function saysNothing(keyword: string, value: unknown): boolean {
  if (CHECKED_BY_CALLS.has(keyword)) return true;
  if (keyword === 'maximum') return value === Number.MAX_SAFE_INTEGER;
  if (keyword === 'exclusiveMinimum') return value === 0;
  if (keyword === 'format') return OWN_FORMATS.has(value);
  if (keyword === 'additionalProperties' && value === false) return true;
  return (keyword === 'additionalProperties' || keyword === 'items') && JSON.stringify(value) === '{}';
}

/** @throws Refusal with the first fault, and for a wrong name the right ones */
export function checked<S extends z.ZodType>(schema: S, args: unknown, language: Language): z.output<S> {
  const result = schema.safeParse(args ?? {}, { reportInput: true });
  if (result.success) return result.data;
  const words = WORDS[language];
  const issue = firstIssue(result.error.issues);
  const isUnknown = issue.code === 'unrecognized_keys';
  const field = [...issue.path.map(String), ...(isUnknown ? [issue.keys[0]] : [])].join('.');
  const fault = words.badArgument(field || 'arguments', reasonOf(issue)[language]);
  const names = isUnknown && schema instanceof z.ZodObject ? Object.keys(schema.shape) : null;
  throw new Refusal(names && issue.path.length === 0 ? `${fault} ${words.known(names)}` : fault);
}
