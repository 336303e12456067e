/** Before every test file of the server. */
import { TestRunner } from 'vitest';
import { guardNestedWrites } from '../src/db/nested-write.ts';
import { skipsThrough } from './process/skipping.ts';

declare module 'vitest' {
  interface TaskMeta {
    /** Why it was skipped in the run against a process. */
    notOverTheWire?: string;
  }
}

guardNestedWrites();
skipsThrough(() => TestRunner.getCurrentTest());
