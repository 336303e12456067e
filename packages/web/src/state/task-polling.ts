/** Asks for tasks at intervals, where the socket does not open. */
import { isFinal } from '@limner/contract';
import { forgetWhatIsGone, loadWhatIsUnderWay } from './load-tasks.ts';
import { loadTask, useTasks } from './tasks.ts';

const POLL_EVERY_MS = 2_000;

/** `onFailed`: nothing answers any more, and polling has stopped. */
export function pollTasks(onFailed: () => void): { close: () => void } {
  let timer: ReturnType<typeof setTimeout>;
  let isClosed = false;
  const next = () => {
    timer = setTimeout(() => {
      if (document.hidden) return next();
      void poll().then(
        () => isClosed || next(),
        () => isClosed || onFailed(),
      );
    }, POLL_EVERY_MS);
  };
  next();
  return {
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}

async function poll(): Promise<void> {
  const unfinished = Object.values(useTasks.getState().entries)
    .filter(({ item }) => !isFinal(item.status))
    .map(({ item }) => item.id);
  await forgetWhatIsGone();
  const listed = new Set(await loadWhatIsUnderWay());
  const { entries } = useTasks.getState();
  const stale = Object.values(entries).filter(({ item, detail }) => detail && item.version > detail.version);
  // Ended since, and older than what the lists hold.
  const ended = unfinished.filter((id) => entries[id] && !listed.has(id));
  const ids = new Set([...stale.map(({ item }) => item.id), ...ended]);
  await Promise.allSettled([...ids].map((id) => loadTask(id, true)));
}
