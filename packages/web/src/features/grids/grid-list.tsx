import type { GridListItem } from '@limner/contract';
import { Button } from 'antd';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '../../api/api.ts';
import { ago } from '../../i18n/format.ts';
import { spokenLanguage } from '../../i18n/i18n.ts';
import { attempt } from '../../state/task-actions.ts';
import { Empty } from '../../ui/empty.tsx';
import { usePageTitle } from '../../ui/use-page-title.ts';
import { axesOf } from './axes-of.ts';
import styles from './grids-page.module.css';

const PAGE_SIZE = 20;

export function GridList() {
  const { t } = useTranslation();
  usePageTitle(t('grid.all'));
  const [grids, setGrids] = useState<GridListItem[] | null>(null);
  const [hasMore, setHasMore] = useState(false);
  const load = useCallback(async (before?: number) => {
    await attempt(async () => {
      const page = await api.call('listGrids', {
        query: { limit: PAGE_SIZE, ...(before ? { before } : {}) },
      });
      setGrids((held) => {
        const older = before ? (held ?? []) : [];
        return [...older, ...page.filter(({ id }) => !older.some((grid) => grid.id === id))];
      });
      setHasMore(page.length === PAGE_SIZE);
    });
  }, []);
  useEffect(() => void load(), [load]);
  return (
    <main className={styles.page}>
      <h1>{t('grid.all')}</h1>
      {grids?.length === 0 && <Empty sentence={t('grid.empty')} />}
      <ul className={styles.list}>
        {grids?.map((grid) => (
          <li key={grid.id}>
            <Link to={`/grids/${grid.id}`}>{t('grid.title', { id: grid.id })}</Link>
            <span className={styles.prompt}>{grid.prompt}</span>
            <span className={styles.quiet}>
              {axesOf(grid)
                .map(([, axis]) => axis.label[spokenLanguage()])
                .join(' × ')}
              {' · '}
              {t('grid.ended', { count: grid.cells, ended: grid.ended })}
              {' · '}
              {ago(grid.created_at)}
            </span>
          </li>
        ))}
      </ul>
      {hasMore && <Button onClick={() => void load(grids?.at(-1)?.id)}>{t('grid.more')}</Button>}
    </main>
  );
}
