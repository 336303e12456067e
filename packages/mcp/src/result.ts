/** Results of tools: a sentence, the facts as JSON, pictures. */
import { StudioError } from '@limner/contract';
import type { CallToolResult } from '@modelcontextprotocol/server';

export type Facts = Record<string, unknown>;
export type Content = CallToolResult['content'];

/** The facts are text as well, for clients that do not read structured content. */
export const answer = (sentence: string, facts: Facts, pictures: Content = []): CallToolResult => ({
  content: [{ type: 'text', text: sentence }, { type: 'text', text: JSON.stringify(facts) }, ...pictures],
  structuredContent: facts,
});

/** A refusal that a model can correct. */
export class Refusal extends Error {}

export function refusal(error: unknown): CallToolResult {
  const text =
    error instanceof Refusal || error instanceof StudioError ? (error as Error).message : unexpected(error);
  return { content: [{ type: 'text', text }], isError: true };
}

function unexpected(error: unknown): string {
  const { message, cause } = error instanceof Error ? error : new Error(String(error));
  const why = cause instanceof Error && cause.message ? `${message} (${cause.message})` : message;
  return `The call failed: ${why}. Call studio_status to see whether Limner runs.`;
}
