/** Every task of every kind, under filters kept in the address so that a view can be shared and reloaded. */
import { TaskKind, TaskStatus } from '@limner/contract';
import { Button } from 'antd';
import { lazy, Suspense, useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { sentenceOf } from '../../i18n/problem.ts';
import { offerRecipe } from '../../state/recipe-offer.ts';
import { useTaskFeed } from '../../state/task-feed.ts';
import { Dropzone } from '../../ui/dropzone.tsx';
import { Empty } from '../../ui/empty.tsx';
import { TaskDetail } from '../../ui/task-detail/task-detail.tsx';
import type { ShownPicture } from '../../ui/task-detail/task-drawer.tsx';
import { DESKTOP, useMedia } from '../../ui/use-media.ts';
import { usePageTitle } from '../../ui/use-page-title.ts';
import { FilterBar } from './filter-bar.tsx';
import styles from './history-page.module.css';
import { TaskWall } from './task-wall.tsx';

const TaskDrawer = lazy(() => import('../../ui/task-detail/task-drawer.tsx'));
const PAGE_SIZE = 100;

export default function HistoryPage() {
  const { t } = useTranslation();
  usePageTitle(t('nav.history'));
  const desktop = useMedia(DESKTOP);
  const view = useView();
  const feed = useTaskFeed(view.filter, PAGE_SIZE);
  const filtered = Boolean(view.filter.kind || view.filter.status || view.filter.text);
  const count = filtered && feed.complete ? feed.ids.length : null;
  const detail = { onShow: view.show, onClose: () => view.show(null) };
  const navigate = useNavigate();
  return (
    <Dropzone onFiles={([file]) => file && void offerRecipe(file, () => navigate('/'))}>
      <main className={styles.page} data-detail={desktop && view.shown !== null}>
        <h1 className="visually-hidden">{t('history.title')}</h1>
        <section className={styles.list} aria-label={t('history.title')}>
          <FilterBar filter={view.filter} layout={view.layout} count={count} onChange={view.change} />
          {feed.ids.length > 0 && (
            <TaskWall
              ids={feed.ids}
              layout={view.layout}
              complete={feed.complete}
              shown={view.shown?.task ?? null}
              onShow={(task) => view.show({ task, frame: 0 })}
              onEnd={feed.more}
            />
          )}
          {feed.ready && feed.ids.length === 0 && (
            <Nothing
              filtered={filtered}
              onClear={() => view.change({ kind: null, status: null, text: null })}
            />
          )}
          {feed.problem != null && (
            <Empty sentence={sentenceOf(feed.problem)}>
              <Button onClick={feed.reload}>{t('common.tryAgain')}</Button>
            </Empty>
          )}
        </section>
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

function Nothing({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  const { t } = useTranslation();
  if (filtered) {
    return (
      <Empty sentence={t('history.noMatch')}>
        <Button onClick={onClear}>{t('history.clear')}</Button>
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

export type Layout = 'grid' | 'list';
export type ViewChange = Partial<Record<'kind' | 'status' | 'text' | 'view', string | null>>;

function useView() {
  const [params, setParams] = useSearchParams();
  const change = useCallback(
    (changes: Record<string, string | null>) =>
      setParams(
        (held) => {
          const next = new URLSearchParams(held);
          for (const [key, value] of Object.entries(changes)) {
            if (value) next.set(key, value);
            else next.delete(key);
          }
          return next;
        },
        { replace: true },
      ),
    [setParams],
  );
  const show = useCallback(
    (shown: ShownPicture | null) =>
      change({
        task: shown ? String(shown.task) : null,
        picture: shown && shown.frame > 0 ? String(shown.frame) : null,
      }),
    [change],
  );
  const task = Number(params.get('task'));
  return {
    filter: {
      kind: TaskKind.safeParse(params.get('kind')).data,
      status: TaskStatus.safeParse(params.get('status')).data,
      text: params.get('text') ?? undefined,
    },
    layout: (params.get('view') === 'list' ? 'list' : 'grid') as Layout,
    shown: task > 0 ? { task, frame: Number(params.get('picture') ?? 0) } : null,
    change: change as (changes: ViewChange) => void,
    show,
  };
}
