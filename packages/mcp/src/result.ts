/** Results of tools: a sentence, the facts as JSON, pictures. */
import { type Language, StudioError, sentences } from '@limner/contract';
import type { CallToolResult } from '@modelcontextprotocol/server';
import { WORDS } from './words.ts';

export type Facts = Record<string, unknown>;
export type Content = CallToolResult['content'];

/** The facts are text as well, for clients that do not read structured content. */
export const answer = (sentence: string, facts: Facts, pictures: Content = []): CallToolResult => ({
  content: [{ type: 'text', text: sentence }, { type: 'text', text: JSON.stringify(facts) }, ...pictures],
  structuredContent: facts,
});

/** A refusal that a model can correct. */
export class Refusal extends Error {}

export const refusal = (error: unknown, language: Language): CallToolResult => ({
  content: [{ type: 'text', text: sentenceOf(error, language) }],
  isError: true,
});

/** What a model can do about an error. */
export function sentenceOf(error: unknown, language: Language): string {
  if (error instanceof Refusal) return error.message;
  if (error instanceof StudioError) return studioSentence(error, language);
  const { message, cause } = error instanceof Error ? error : new Error(String(error));
  const why = cause instanceof Error && cause.message ? `${message} (${cause.message})` : message;
  return WORDS[language].failed(why);
}

/** In the words of tools: their arguments, and the tool that helps instead of a route. */
function studioSentence(error: StudioError, language: Language): string {
  const { noFamily, cures } = WORDS[language];
  const { code, data, field } = error;
  if (code === 'family_not_found') return noFamily(String(data.family));
  const named = field === undefined ? error : error.inField(argumentOf(field));
  return sentences(language, [named.body(language).message, cures[code]]);
}

const ARGUMENTS: [RegExp, string][] = [
  [/^input_image/, 'image'],
  [/^mask_image/, 'mask'],
  [/^references/, 'images'],
  [/^batch_size/, 'count'],
  [/^style_id/, 'style'],
  [/^controlnet/, 'control'],
  [/^params\.denoise/, 'strength'],
  [/^params\./, ''],
  [/^animation\./, ''],
  [/^created_from/, 'from'],
  [/^created_to/, 'to'],
];

/** The argument of tools for a field of the routes. */
function argumentOf(field: string): string {
  const found = ARGUMENTS.find(([begin]) => begin.test(field));
  return found ? field.replace(...found) : field;
}
