/** One lab: its pictures side by side, or blind until one of each prompt is chosen. */
import { type Grid, isLab, type LabRow, labRows } from '@limner/contract';
import { Button, Segmented } from 'antd';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { BASE } from '../../api/base.ts';
import { spokenLanguage } from '../../i18n/i18n.ts';
import { sentenceOf } from '../../i18n/problem.ts';
import { useShownTask } from '../../parts/task-detail/use-shown-task.ts';
import { endedOf, useGrid } from '../../state/use-grid.ts';
import { Empty } from '../../ui/empty.tsx';
import { Blind } from './blind.tsx';
import styles from './lab-page.module.css';
import { LabPictures } from './lab-pictures.tsx';
import { UseStrength } from './use-strength.tsx';

const TaskDrawer = lazy(() => import('../../parts/task-detail/task-drawer.tsx'));

export function LabView({ id }: { id: number }) {
  const { t } = useTranslation();
  const { grid, problem } = useGrid(id);
  const [isBlind, setBlind] = useState(false);
  const [shown, show] = useShownTask();
  if (!grid) return problem ? <Empty sentence={sentenceOf(problem)} /> : null;
  if (!isLab(grid)) return <Empty sentence={t('lab.notOne')} />;
  return (
    <>
      <div className={styles.bar}>
        <Segmented
          value={isBlind ? 'blind' : 'beside'}
          onChange={(value) => setBlind(value === 'blind')}
          options={[
            { value: 'beside', label: t('lab.beside') },
            { value: 'blind', label: t('lab.blind') },
          ]}
        />
        <Button href={`${BASE}/api/grids/${id}/sheet?download=1&lang=${spokenLanguage()}`}>
          {t('grid.download')}
        </Button>
        <span className={styles.quiet} role="status">
          {t('grid.ended', { count: grid.cells.length, ended: endedOf(grid) })}
        </span>
      </div>
      {isBlind ? <Blind grid={grid} /> : <Beside grid={grid} onOpen={(task) => show({ task, frame: 0 })} />}
      {shown && (
        <Suspense fallback={null}>
          <TaskDrawer shown={shown} onShow={show} onClose={() => show(null)} />
        </Suspense>
      )}
    </>
  );
}

function Beside({ grid, onOpen }: { grid: Grid; onOpen: (task: number) => void }) {
  const rows = useMemo(() => labRows(grid), [grid]);
  return rows.map((row) => <Row key={row.prompt} row={row} onOpen={onOpen} />);
}

function Row({ row, onOpen }: { row: LabRow; onOpen: (task: number) => void }) {
  return (
    <section className={styles.row} aria-label={row.prompt}>
      <h2>{row.prompt}</h2>
      <LabPictures
        pictures={row.pictures}
        onOpen={(picture) => onOpen(picture.cell.task_id)}
        action={(picture) => <UseStrength picture={picture} />}
      />
    </section>
  );
}
