/** The running and waiting tasks of each lane: reorder, pause, cancel. */
import { Button } from 'antd';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useShownTask } from '../../parts/task-detail/use-shown-task.ts';
import { cancelEverything, useQueue, useWatchedQueue } from '../../state/queue.ts';
import { Empty } from '../../ui/empty.tsx';
import { usePageTitle } from '../../ui/use-page-title.ts';
import { LaneSection } from './lane-section.tsx';
import styles from './queue-page.module.css';

const TaskDrawer = lazy(() => import('../../parts/task-detail/task-drawer.tsx'));

export default function QueuePage() {
  const { t } = useTranslation();
  const lanes = useQueue((state) => state.lanes);
  const asked = useQueue((state) => state.askedMs > 0);
  const [shownTask, show] = useShownTask();
  usePageTitle(t('queue.title'));
  useWatchedQueue();
  const shown = lanes.filter(
    (lane) => lane.available || lane.paused_at !== null || lane.running.length + lane.waiting.length > 0,
  );
  const tasks = lanes.reduce((sum, lane) => sum + lane.running.length + lane.waiting.length, 0);
  return (
    <main className={styles.page}>
      <header className={styles.head}>
        <div>
          <h1>{t('queue.title')}</h1>
          <p>{t('queue.sub')}</p>
        </div>
        {tasks > 0 && <Button onClick={() => void cancelEverything()}>{t('queue.cancelAll')}</Button>}
      </header>
      {asked && tasks === 0 && <Empty sentence={t('queue.empty')} />}
      {shown.map((lane) => (
        <LaneSection key={lane.id} lane={lane} />
      ))}
      {shownTask && (
        <Suspense fallback={null}>
          <TaskDrawer shown={shownTask} onShow={show} onClose={() => show(null)} />
        </Suspense>
      )}
    </main>
  );
}
