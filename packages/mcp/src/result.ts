/** Results of tools: a sentence, the facts as JSON, pictures. */
import { type Language, StudioError } from '@limner/contract';
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
  if (error instanceof StudioError) return error.body(language).message;
  const { message, cause } = error instanceof Error ? error : new Error(String(error));
  const why = cause instanceof Error && cause.message ? `${message} (${cause.message})` : message;
  return WORDS[language].failed(why);
}
