/** What a test hands to the process of its server. */
import type { Layout } from '../../src/config.ts';

export interface Setup {
  /** Number of the test's engines; null: the built-in ones. */
  engines: number | null;
  layout: Partial<Layout>;
  retryPauseMs: number;
  webhookPausesMs: readonly number[] | null;
  environ: Record<string, string>;
}

/** A server that could not start ends with this code and these words. */
export type Started = { url: string } | { exitCode: number; said: string };
