/** The sheet of a grid: its pictures as they come, with labels. */
import type { Grid } from '@limner/contract';
import { Button } from 'antd';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api } from '../../api/api.ts';
import { BASE } from '../../api/base.ts';
import { spokenLanguage } from '../../i18n/i18n.ts';
import { sentenceOf } from '../../i18n/problem.ts';
import { useShownTask } from '../../parts/task-detail/use-shown-task.ts';
import { ask } from '../../state/ask.ts';
import { attempt } from '../../state/task-actions.ts';
import { endedOf, useGrid } from '../../state/use-grid.ts';
import { Empty } from '../../ui/empty.tsx';
import { usePageTitle } from '../../ui/use-page-title.ts';
import styles from './grids-page.module.css';
import { Sheet } from './sheet.tsx';

const TaskDrawer = lazy(() => import('../../parts/task-detail/task-drawer.tsx'));

export function GridView({ id }: { id: number }) {
  const { t } = useTranslation();
  usePageTitle(t('grid.title', { id }));
  const { grid, problem } = useGrid(id);
  const [shown, show] = useShownTask();
  return (
    <main className={styles.page}>
      <header className={styles.head}>
        <h1>{t('grid.title', { id })}</h1>
        {grid && <Actions grid={grid} />}
      </header>
      {problem != null && !grid && <Empty sentence={sentenceOf(problem)} />}
      {grid && (
        <>
          {grid.prompt && <p className={styles.prompt}>{grid.prompt}</p>}
          <p className={styles.quiet} role="status">
            {t('grid.ended', { count: grid.cells.length, ended: endedOf(grid) })}
          </p>
          <Sheet grid={grid} onOpen={(task) => show({ task, frame: 0 })} />
        </>
      )}
      {shown && (
        <Suspense fallback={null}>
          <TaskDrawer shown={shown} onShow={show} onClose={() => show(null)} />
        </Suspense>
      )}
    </main>
  );
}

function Actions({ grid: { id } }: { grid: Grid }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const remove = async () => {
    const question = {
      title: t('grid.deleteTitle', { id }),
      lines: [t('grid.deleteLine')],
      confirm: t('grid.delete'),
      keep: t('common.cancel'),
    };
    if (!(await ask(question))) return;
    if (await attempt(() => api.call('deleteGrid', { params: { id } }))) navigate('/grids');
  };
  return (
    <div className={styles.actions}>
      <Button href={`${BASE}/api/grids/${id}/sheet?download=1&lang=${spokenLanguage()}`}>
        {t('grid.download')}
      </Button>
      <Button onClick={() => void remove()}>{t('grid.delete')}</Button>
    </div>
  );
}
