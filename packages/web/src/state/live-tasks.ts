/** Keeps the tasks store live: the newest tasks and all that is under way once, then the socket. */

import { api } from '../api/api.ts';
import { Live } from '../api/live.ts';
import { greatestVersionSeen, receiveEvents, receiveList, sawVersion, useTasks } from './tasks.ts';

export const FIRST_PAGE = 24;

/** Resolves with the newest page; the socket is open or on its way then. Returns how to stop as well. */
export function startLiveTasks(): { close: () => void } {
  const live = new Live({
    url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`,
    since: greatestVersionSeen,
    onEvents: receiveEvents,
    onCaughtUp: sawVersion,
    onConnection: (connection) => useTasks.setState({ connection }),
  });
  const hurry = () => live.hurry();
  addEventListener('online', hurry);
  document.addEventListener('visibilitychange', hurry);
  void loadWhatIsUnderWay().finally(() => live.open());
  return {
    close() {
      removeEventListener('online', hurry);
      document.removeEventListener('visibilitychange', hurry);
      live.close();
    },
  };
}

/** Queue places and times left need every task that waits, not only those of the newest page. */
async function loadWhatIsUnderWay(): Promise<void> {
  const pages = await Promise.allSettled([
    api.tasks({ limit: FIRST_PAGE }),
    api.tasks({ status: 'running', limit: 50 }),
    api.tasks({ status: 'queued', limit: 200 }),
  ]);
  for (const page of pages) {
    if (page.status !== 'fulfilled') continue;
    receiveList(page.value.items);
    for (const item of page.value.items) sawVersion(item.version);
  }
}
