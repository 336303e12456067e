/** The search port: tasks whose prompts have these words, page by page, however many tasks there are. */
import type { TaskFilter } from '@limner/contract';
import type { TaskRow } from '../db/schema.ts';
import type { SearchWord } from './search-words.ts';

/** What a list is narrowed by, apart from words and days. */
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

export interface Search {
  /** What `tasks.search_text` holds for a prompt, so that it is found. */
  textOf(prompt: string): string;
  /** Misses nothing that was written before it was called. */
  page(page: WordPage): Promise<TaskRow[]>;
  /** Keeps itself up to date from now on. */
  start(): void;
  close(): Promise<void>;
}
