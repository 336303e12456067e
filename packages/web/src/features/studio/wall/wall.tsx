/** The wall: what was painted, newest first, with unfinished tasks on top. */
import { lazy, Suspense, useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { sentenceOf } from '../../../i18n/problem.ts';
import { useShownTask } from '../../../parts/task-detail/use-shown-task.ts';
import { compose } from '../../../state/draft/draft.ts';
import { FIRST_PAGE } from '../../../state/load-tasks.ts';
import { useTaskFeed } from '../../../state/task-feed.ts';
import { loadTask, useTasks } from '../../../state/tasks.ts';
import { Empty } from '../../../ui/empty.tsx';
import { LoadMore } from '../../../ui/load-more.tsx';
import { WallSkeleton } from '../skeleton/skeletons.tsx';
import { Announcer } from './announcer.tsx';
import { TaskBlock } from './task-block.tsx';
import styles from './wall.module.css';

const TaskDrawer = lazy(() => import('../../../parts/task-detail/task-drawer.tsx'));

const NO_FILTER = {};

export function Wall({ phone }: { phone: boolean }) {
  const { t } = useTranslation();
  const feed = useTaskFeed(NO_FILTER, { pageSize: FIRST_PAGE });
  const painted = useWithoutTrainings(feed.ids);
  const ids = useHung(painted);
  const [shown, setShown] = useShownTask();
  // Also while the frames of the first task are asked for.
  const isOnItsWay = ids.length === 0 && feed.problem == null && !(feed.ready && painted.length === 0);
  const wall = useRef<HTMLElement>(null);
  return (
    <section ref={wall} className={styles.wall} aria-label={t('wall.label')} data-wall>
      <div className={styles.tasks}>
        {ids.map((id) => (
          <TaskBlock key={id} id={id} phone={phone} onOpen={setShown} />
        ))}
      </div>
      {isOnItsWay && <WallSkeleton />}
      {feed.ready && painted.length === 0 && !feed.hasOlder && <FirstVisit />}
      {feed.problem != null && ids.length === 0 && <Empty sentence={sentenceOf(feed.problem)} />}
      {feed.hasOlder && <LoadMore onSeen={feed.older} />}
      <Announcer />
      <Suspense fallback={null}>
        {shown && <TaskDrawer shown={shown} onShow={setShown} onClose={() => setShown(null)} />}
      </Suspense>
    </section>
  );
}

/** Trainings have pages of their own; the frames of one are no pictures that could fail or be made again. */
function useWithoutTrainings(ids: number[]): number[] {
  return useMemo(() => {
    const { entries } = useTasks.getState();
    return ids.filter((id) => entries[id]?.item.task_kind !== 'training');
  }, [ids]);
}

/** Tasks are shown after their frames are loaded, because only then tiles have their final size. */
function useHung(ids: number[]): number[] {
  useTasks((state) => state.listRevision);
  // Loaded again after a reconnect.
  const connection = useTasks((state) => state.connection);
  useEffect(() => {
    if (connection === 'lost') return;
    for (const id of ids) void loadTask(id).catch(() => undefined);
  }, [ids, connection]);
  const { entries } = useTasks.getState();
  const firstUnknown = ids.findIndex((id) => !entries[id]?.detail);
  return firstUnknown === -1 ? ids : ids.slice(0, firstUnknown);
}

const SAMPLES = ['wall.sample1', 'wall.sample2', 'wall.sample3'] as const;

function FirstVisit() {
  const { t } = useTranslation();
  const take = (prompt: string) => {
    compose({ prompt, mode: 'txt2img' });
    document.querySelector<HTMLTextAreaElement>('[data-prompt]')?.focus();
  };
  return (
    <Empty sentence={t('wall.empty')}>
      <p>{t('wall.emptySub')}</p>
      <div className={styles.samples}>
        {SAMPLES.map((sample) => (
          <button key={sample} type="button" onClick={() => take(t(sample))}>
            {t(sample)}
          </button>
        ))}
      </div>
    </Empty>
  );
}
