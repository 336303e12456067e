/** Before every test file of the server. */
import { TestRunner, vi } from 'vitest';
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

/** A loaded machine takes many times the second that is the default. Once for each process, which all its files share. */
const PATIENT = Symbol.for('limner.patient');
const { waitFor } = vi;
if (!(PATIENT in waitFor))
  vi.waitFor = Object.assign(((callback, options = 20_000) => waitFor(callback, options)) as typeof waitFor, {
    [PATIENT]: true,
  });
