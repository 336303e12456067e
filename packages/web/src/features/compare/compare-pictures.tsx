/** Two pictures under one slider, side by side, or as their difference, with the parameters that differ. */
import type { Frame, Task } from '@limner/contract';
import { Drawer, Segmented } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { endCompare, type PictureRef, useCompare } from '../../state/compare.ts';
import { loadTask, useTasks } from '../../state/tasks.ts';
import CompareSlider from '../../ui/compare-slider.tsx';
import styles from './compare-pictures.module.css';
import { Differences } from './differences.tsx';

type View = 'slider' | 'side' | 'difference';

export default function ComparePictures() {
  const { t } = useTranslation();
  const { first, second } = useCompare();
  const [view, setView] = useState<View>('slider');
  const [a, b] = [usePicture(first), usePicture(second)];
  return (
    <Drawer
      open
      title={t('compare.title')}
      // Over the large picture it may have been opened from.
      zIndex={1020}
      placement="bottom"
      size="100%"
      onClose={endCompare}
      styles={{ body: { padding: 0 } }}
      extra={
        <Segmented
          aria-label={t('compare.title')}
          value={view}
          onChange={setView}
          options={(['slider', 'side', 'difference'] as const).map((value) => ({
            value,
            label: t(`compare.${value}`),
          }))}
        />
      }
    >
      {a && b && (
        <div className={styles.layout}>
          <div className={styles.stage}>
            <Pictures view={view} first={a.frame} second={b.frame} />
          </div>
          <Differences first={a} second={b} />
        </div>
      )}
    </Drawer>
  );
}

export interface Compared {
  task: Task;
  frame: Frame;
}

function usePicture(ref: PictureRef | null): Compared | null {
  const task = useTasks((state) => (ref ? state.entries[ref.task]?.detail : null)) ?? null;
  useEffect(() => {
    if (ref) void loadTask(ref.task).catch(() => undefined);
  }, [ref]);
  const frame = ref && task?.frames[ref.frame];
  return task && frame ? { task, frame } : null;
}

function Pictures({ view, first, second }: { view: View; first: Frame; second: Frame }) {
  const { t } = useTranslation();
  const one = <Picture frame={first} caption={t('compare.first')} />;
  const two = <Picture frame={second} caption={t('compare.second')} right />;
  if (view === 'slider') return <CompareSlider first={one} second={two} label={t('compare.split')} />;
  if (view === 'side') {
    return (
      <div className={styles.side}>
        {one}
        {two}
      </div>
    );
  }
  return (
    <div className={styles.difference}>
      <img src={first.output?.url} alt={t('compare.first')} />
      <img src={second.output?.url} alt={t('compare.second')} />
    </div>
  );
}

function Picture({ frame, caption, right = false }: { frame: Frame; caption: string; right?: boolean }) {
  return (
    <figure className={styles.picture}>
      <img src={frame.output?.url} alt={caption} draggable={false} />
      <figcaption data-right={right}>{caption}</figcaption>
    </figure>
  );
}
