/** Fills the task store from lists: at the start, after a lost connection, and instead of events. */
import { api } from '../api/api.ts';
import { keepOnly, receiveList, sawVersion, useTasks } from './tasks.ts';

export const FIRST_PAGE = 24;
/** The page size of the server. */
const MOST_PER_PAGE = 200;

/** Deletions without a connection have no events. */
export async function forgetWhatIsGone(): Promise<void> {
  const held = Object.keys(useTasks.getState().entries).map(Number);
  const { items, nextBefore } = await api.tasks({ limit: MOST_PER_PAGE });
  receiveList(items);
  keepOnly(
    held,
    items.map(({ id }) => id),
    nextBefore ?? 0,
  );
}

/**
 * Queue places and estimates need all waiting tasks, not only the newest page.
 * @returns the ids of the loaded tasks
 */
export async function loadWhatIsUnderWay(): Promise<number[]> {
  const pages = await Promise.allSettled([
    api.tasks({ limit: FIRST_PAGE }),
    api.tasks({ status: 'running', limit: 50 }),
    api.tasks({ status: 'queued', limit: 200 }),
  ]);
  const items = pages.flatMap((page) => (page.status === 'fulfilled' ? page.value.items : []));
  receiveList(items);
  for (const item of items) sawVersion(item.version);
  return items.map(({ id }) => id);
}
