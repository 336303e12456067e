/** The search port: tasks whose prompts have these words, page by page, for any number of tasks. */
import type { Caller, TaskFilter } from '@limner/contract';
import type { TaskRow } from '../db/schema.ts';
import type { SearchWord } from './search-words.ts';

/** Filters of a list, besides words and days. */
export type RowFilter = Pick<Partial<TaskFilter>, 'kind' | 'status' | 'family' | 'style_id' | 'starred'>;

export interface WordPage {
  /** All of them must occur. At least one. */
  words: SearchWord[];
  filter: RowFilter;
  /** Ids, both ends included. */
  from: number;
  to: number;
  /** From the oldest to newer ones; otherwise from the newest to older ones. */
  upwards: boolean;
  limit: number;
}

/** The part of a page with its first `count` ids. */
export const nearestPart = (page: WordPage, count: number): WordPage =>
  page.upwards
    ? { ...page, to: Math.min(page.to, page.from + count) }
    : { ...page, from: Math.max(page.from, page.to - count) };

export interface Search {
  /** The value of `tasks.search_text` for a prompt. */
  textOf(prompt: string): string;
  /** Finds everything that was written before the call. */
  page(caller: Caller, page: WordPage): Promise<TaskRow[]>;
  /** Starts periodic updates. */
  start(): void;
  close(): Promise<void>;
}
