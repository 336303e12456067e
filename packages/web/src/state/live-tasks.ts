/** Keeps the task store up to date: loads the newest and unfinished tasks once, then follows the socket. */

import type { ChangedList } from '@limner/contract';
import { api } from '../api/api.ts';
import { BASE } from '../api/base.ts';
import { EventSocket } from '../api/event-socket.ts';
import { greatestVersionSeen, keepOnly, receiveEvents, receiveList, sawVersion, useTasks } from './tasks.ts';

export const FIRST_PAGE = 24;
/** The page size of the server. */
const MOST_PER_PAGE = 200;

interface LiveTasksOptions {
  /** Reconnected: reloads what events do not cover. */
  onBack: () => void;
  onChanged: (list: ChangedList) => void;
}

export function startLiveTasks({ onBack, onChanged }: LiveTasksOptions): { close: () => void } {
  const socket = new EventSocket({
    url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${BASE}/ws`,
    since: greatestVersionSeen,
    onEvents: receiveEvents,
    onCaughtUp: sawVersion,
    onChanged,
    onConnection: (connection) => {
      const wasLost = useTasks.getState().connection === 'lost';
      useTasks.setState({ connection });
      if (connection !== 'open' || !wasLost) return;
      void loadWhatIsUnderWay();
      void forgetWhatIsGone().catch(() => undefined);
      onBack();
    },
  });
  const reconnect = () => socket.reconnectNow();
  addEventListener('online', reconnect);
  document.addEventListener('visibilitychange', reconnect);
  void loadWhatIsUnderWay().finally(() => socket.open());
  return {
    close() {
      removeEventListener('online', reconnect);
      document.removeEventListener('visibilitychange', reconnect);
      socket.close();
    },
  };
}

/** Deletions during a lost connection have no events. */
async function forgetWhatIsGone(): Promise<void> {
  const held = Object.keys(useTasks.getState().entries).map(Number);
  const { items, nextBefore } = await api.tasks({ limit: MOST_PER_PAGE });
  receiveList(items);
  keepOnly(
    held,
    items.map(({ id }) => id),
    nextBefore ?? 0,
  );
}

/** Queue places and estimates need all waiting tasks, not only the newest page. */
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
