/** Arguments of a call, checked here rather than by the protocol's library: its sentences are English only. */
import type { Language } from '@limner/contract';
import { reasonOf } from '@limner/contract/reasons';
import { z } from 'zod';
import { Refusal } from './result.ts';
import { WORDS } from './words.ts';

/** The same schema for lists of tools, which accepts everything. */
export const listedOnly = (schema: z.ZodType): z.ZodType =>
  Object.create(schema, {
    '~standard': { value: { ...schema['~standard'], validate: (value: unknown) => ({ value }) } },
  });

/** @throws Refusal with the first fault, and for a wrong name the right ones */
export function checked<S extends z.ZodType>(schema: S, args: unknown, language: Language): z.output<S> {
  const result = schema.safeParse(args ?? {}, { reportInput: true });
  if (result.success) return result.data;
  const words = WORDS[language];
  const issue = result.error.issues[0] as z.core.$ZodIssue;
  const isUnknown = issue.code === 'unrecognized_keys';
  const field = [...issue.path.map(String), ...(isUnknown ? [issue.keys[0]] : [])].join('.');
  const fault = words.badArgument(field || 'arguments', reasonOf(issue)[language]);
  const names = isUnknown && schema instanceof z.ZodObject ? Object.keys(schema.shape) : null;
  throw new Refusal(names && issue.path.length === 0 ? `${fault} ${words.known(names)}` : fault);
}
