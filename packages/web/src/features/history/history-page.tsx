/** Every task of every kind, under filters kept in the address so that a view can be shared and reloaded. */
import { Button } from 'antd';
import { lazy, Suspense, useCallback, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { dayName } from '../../i18n/format.ts';
import { sentenceOf } from '../../i18n/problem.ts';
import { TaskDetail } from '../../parts/task-detail/task-detail.tsx';
import { offerRecipe } from '../../state/recipe/recipe-offer.ts';
import { type Feed, useTaskFeed } from '../../state/task-feed.ts';
import { Dropzone } from '../../ui/dropzone.tsx';
import { Empty } from '../../ui/empty.tsx';
import { DESKTOP, useMedia } from '../../ui/use-media.ts';
import { usePageTitle } from '../../ui/use-page-title.ts';
import { dayStart } from './days.ts';
import { FilterBar } from './filter-bar.tsx';
import { endOf, feedFilterOf, isFiltered } from './history-filter.ts';
import styles from './history-page.module.css';
import { chooseNothing } from './selection.ts';
import { SelectionBar } from './selection-bar.tsx';
import { TaskWall } from './task-wall.tsx';
import { NOTHING_NARROWED, useView } from './use-view.ts';

const TaskDrawer = lazy(() => import('../../parts/task-detail/task-drawer.tsx'));

const PAGE_SIZE = 100;

type View = ReturnType<typeof useView>;

export default function HistoryPage() {
  const { t } = useTranslation();
  usePageTitle(t('nav.history'));
  const desktop = useMedia(DESKTOP);
  const view = useView();
  const feed = useTaskFeed(feedFilterOf(view.filter), { pageSize: PAGE_SIZE, before: endOf(view.dates.at) });
  const detail = { onShow: view.show, onClose: () => view.show(null) };
  const navigate = useNavigate();
  return (
    <Dropzone onFiles={([file]) => file && void offerRecipe(file, () => navigate('/'))}>
      <main className={styles.page} data-detail={desktop && view.shown !== null}>
        <h1 className="visually-hidden">{t('history.title')}</h1>
        <List view={view} feed={feed} />
        {desktop && view.shown && (
          <aside className={styles.detail}>
            <TaskDetail shown={view.shown} {...detail} />
          </aside>
        )}
        <Suspense fallback={null}>
          {!desktop && view.shown && <TaskDrawer shown={view.shown} {...detail} />}
        </Suspense>
      </main>
    </Dropzone>
  );
}

function List({ view, feed }: { view: View; feed: Feed }) {
  const { t } = useTranslation();
  const filtered = isFiltered(view.filter);
  const { show } = view;
  const onShow = useCallback((task: number) => show({ task, frame: 0 }), [show]);
  const whole = feed.ready && !feed.hasOlder && !feed.hasNewer;
  const key = JSON.stringify([view.filter, view.dates.at]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: under other filters other tasks are shown
  useEffect(chooseNothing, [key]);
  return (
    <section className={styles.list} aria-label={t('history.title')}>
      <FilterBar
        filter={view.filter}
        dates={view.dates}
        layout={view.layout}
        count={filtered && whole ? feed.ids.length : null}
        onChange={view.change}
      />
      {feed.ids.length > 0 && (
        <TaskWall
          key={key}
          feed={feed}
          layout={view.layout}
          shown={view.shown?.task ?? null}
          onShow={onShow}
        />
      )}
      {feed.ready && feed.ids.length === 0 && !feed.hasOlder && <Nothing view={view} filtered={filtered} />}
      {feed.problem != null && (
        <Empty sentence={sentenceOf(feed.problem)}>
          <Button onClick={feed.reload}>{t('common.tryAgain')}</Button>
        </Empty>
      )}
      <SelectionBar ids={feed.ids} />
    </section>
  );
}

function Nothing({ view, filtered }: { view: View; filtered: boolean }) {
  const { t } = useTranslation();
  const { at } = view.dates;
  if (at) {
    const day = dayName(new Date(dayStart(at)).toISOString());
    return (
      <Empty sentence={t('history.nothingOn', { day })}>
        <Button onClick={() => view.change({ at: null })}>{t('history.toNewest')}</Button>
      </Empty>
    );
  }
  if (filtered) {
    return (
      <Empty sentence={t('history.noMatch')}>
        <Button onClick={() => view.change(NOTHING_NARROWED)}>{t('history.clear')}</Button>
      </Empty>
    );
  }
  return (
    <Empty sentence={t('history.empty')}>
      <Link to="/">
        <Button type="primary">{t('history.emptyDoor')}</Button>
      </Link>
    </Empty>
  );
}
