/**
 * A write that waits for a nested write would never end: SQLite has one writer, and on Postgres the inner write would
 * wait for rows that the outer one has locked. The guard throws instead.
 *
 * Up to Node 22 AsyncLocalStorage slows down every promise of the process (a small write by a third), so there only the
 * tests are guarded; later versions have no such cost.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

interface OpenWrite {
  isOpen: boolean;
}

const FIRST_CHEAP_NODE = 24;
let current: AsyncLocalStorage<OpenWrite> | null =
  Number.parseInt(process.versions.node, 10) >= FIRST_CHEAP_NODE ? new AsyncLocalStorage() : null;

export function guardNestedWrites(): void {
  current ??= new AsyncLocalStorage();
}

/** @throws when it is called inside the `work` of a write that has not ended. */
export function refuseNestedWrite(): void {
  if (current?.getStore()?.isOpen)
    throw new Error('a write inside a write: use the transaction that is there already');
}

/** Runs the `work` of a write. */
export function runWrite<T>(work: () => Promise<T>): Promise<T> {
  return current === null ? work() : guarded(current, work);
}

async function guarded<T>(storage: AsyncLocalStorage<OpenWrite>, work: () => Promise<T>): Promise<T> {
  const write = { isOpen: true };
  try {
    return await storage.run(write, work);
  } finally {
    write.isOpen = false;
  }
}
