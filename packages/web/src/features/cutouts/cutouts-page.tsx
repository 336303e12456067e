import { lazy, Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { chooseCutOut, useCutOutChoice } from '../../state/cut-out-choice.ts';
import { tellUnread } from '../../state/notices.ts';
import { offerRecipe } from '../../state/recipe/recipe-offer.ts';
import { useTaskFeed } from '../../state/task-feed.ts';
import { loadTask, useTasks } from '../../state/tasks.ts';
import { Dropzone } from '../../ui/dropzone.tsx';
import { Empty } from '../../ui/empty.tsx';
import { pickFiles } from '../../ui/pick-file.ts';
import { useTouch } from '../../ui/use-media.ts';
import { usePageTitle } from '../../ui/use-page-title.ts';
import { CutoutPanel } from './cutout-panel.tsx';
import styles from './cutouts-page.module.css';
import { Earlier } from './earlier.tsx';
import { Queue } from './queue.tsx';
import { takeFiles, takeUrl, useCutouts } from './session.ts';

const CutoutResult = lazy(() => import('./cutout-result.tsx'));

const CUTOUTS = { kind: 'remove_bg' } as const;
const PAGE_SIZE = 40;

const showCutOut = (shown: number): void => chooseCutOut({ shown });

export default function CutoutsPage() {
  const { t } = useTranslation();
  const touch = useTouch();
  usePageTitle(t('nav.cutouts'));
  const feed = useTaskFeed(CUTOUTS, { pageSize: PAGE_SIZE });
  const items = useCutouts((state) => state.items);
  const shown = useCutOutChoice((state) => state.shown);
  const shownId = shown ?? feed.ids[0] ?? null;
  const task = useTasks((state) => (shownId === null ? null : (state.entries[shownId]?.detail ?? null)));
  useEffect(() => {
    if (shownId !== null) void loadTask(shownId).catch(() => undefined);
  }, [shownId]);
  const navigate = useNavigate();
  const choose = async () => takeFiles(await pickFiles(true));
  const dropped = (files: File[]) => {
    takeFiles(files);
    if (files[0]) void offerRecipe(files[0], () => navigate('/'));
  };
  const inQueue = new Set(items.map((item) => item.task));
  return (
    <Dropzone onUnread={tellUnread} onFiles={dropped} onUrl={takeUrl}>
      <main className={styles.page}>
        <h1 className="visually-hidden">{t('nav.cutouts')}</h1>
        <Queue ids={feed.ids} shown={shownId} onChoose={() => void choose()} />
        <section className={styles.result} aria-label={t('cutouts.result')}>
          {task ? (
            <Suspense fallback={null}>
              <CutoutResult key={task.id} task={task} />
            </Suspense>
          ) : (
            feed.ready && (
              <Empty sentence={t('cutouts.empty', touch)}>
                <p>{t('cutouts.emptySub')}</p>
              </Empty>
            )
          )}
          <Earlier ids={feed.ids.filter((id) => !inQueue.has(id))} shown={shownId} onShow={showCutOut} />
        </section>
        <CutoutPanel task={task} />
      </main>
    </Dropzone>
  );
}
