/** What a test hands to the process of its server, as JSON in LIMNER_TEST_SETUP. */
import type { Layout } from '../../src/config.ts';

export interface Setup {
  /** Number of the test's engines; null: the built-in ones. */
  engines: number | null;
  layout: Partial<Layout>;
  retryPauseMs: number;
  webhookPausesMs: readonly number[] | null;
}
