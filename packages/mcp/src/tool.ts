/** A tool of the table, and one call of it. */
import type { Language } from '@limner/contract';
import type { CallToolResult, InputRequiredResult, ToolAnnotations } from '@modelcontextprotocol/server';
import type { z } from 'zod';
import type { Studio } from './studio.ts';
import type { Words } from './words.ts';

export interface ToolCall {
  studio: Studio;
  /** Of the sentences in results. */
  language: Language;
  words: Words;
  /** Aborted when the client cancels the call. */
  signal: AbortSignal;
  /** 0…1; sent only if the client asked for progress. */
  progress(done: number, message: string): Promise<void>;
  /** Asks the user for a confirmation. null: the client cannot ask. */
  confirmed(message: string): boolean | InputRequiredResult | null;
}

export type ToolResult = CallToolResult | InputRequiredResult;

export interface Tool<I extends z.ZodType = z.ZodType> {
  name: string;
  title: string;
  description: string;
  input: I;
  /** Of the facts in `structuredContent`, of tools that give pictures. */
  output?: z.ZodType;
  annotations: ToolAnnotations;
  run(input: z.output<I>, call: ToolCall): Promise<ToolResult>;
}

export const tool = <I extends z.ZodType>(definition: Tool<I>): Tool => definition as unknown as Tool;

const CLOSED = { openWorldHint: false } as const;
export const READS: ToolAnnotations = { readOnlyHint: true, idempotentHint: true, ...CLOSED };
/** Makes something new and changes nothing that is there. */
export const MAKES: ToolAnnotations = { readOnlyHint: false, destructiveHint: false, ...CLOSED };
export const CHANGES: ToolAnnotations = { ...MAKES, idempotentHint: true };
export const DELETES: ToolAnnotations = { readOnlyHint: false, destructiveHint: true, ...CLOSED };
