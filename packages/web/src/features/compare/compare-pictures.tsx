/** Two pictures under one slider, side by side, or as their difference, with the parameters that differ. */
import type { Frame } from '@limner/contract';
import { Drawer, Segmented } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { endCompare, useCompare } from '../../state/compare.ts';
import { frameAt } from '../../state/frames.ts';
import type { PictureRef } from '../../state/picture-ref.ts';
import { loadTask, useTasks } from '../../state/tasks.ts';
import CompareSlider from '../../ui/compare-slider.tsx';
import { groundStyle } from '../../ui/grounds/grounds.ts';
import { Swatches } from '../../ui/grounds/swatches.tsx';
import { useGround } from '../../ui/grounds/use-ground.ts';
import { useRoom, useZoom } from '../../ui/zoom/use-zoom.ts';
import { ZoomBar } from '../../ui/zoom/zoom-bar.tsx';
import { ZoomRoom } from '../../ui/zoom/zoom-room.tsx';
import { seenPart, ZoomedPicture } from '../../ui/zoom/zoomed-picture.tsx';
import styles from './compare-pictures.module.css';
import type { Compared } from './compared.ts';
import { Differences } from './differences.tsx';

type Output = NonNullable<Frame['output']>;
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
      // Above the viewer, from which it may have been opened.
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
          <div className={styles.pictures}>
            {a.frame.output && b.frame.output && (
              <Pictures view={view} first={a.frame.output} second={b.frame.output} />
            )}
          </div>
          <Differences first={a} second={b} />
        </div>
      )}
    </Drawer>
  );
}

function usePicture(ref: PictureRef | null): Compared | null {
  const task = useTasks((state) => (ref ? state.entries[ref.task]?.detail : null)) ?? null;
  useEffect(() => {
    if (ref) void loadTask(ref.task).catch(() => undefined);
  }, [ref]);
  const frame = ref && frameAt(task, ref.frame, ref.place);
  return task && frame ? { task, frame } : null;
}

interface PicturesProps {
  view: View;
  first: Output;
  second: Output;
}

/** All three modes show the same part at the same scale. */
function Pictures({ view, first, second }: PicturesProps) {
  const { t } = useTranslation();
  const measured = useRef<HTMLDivElement>(null);
  const room = useRoom(measured);
  const zoom = useZoom(first, room);
  const ground = groundStyle(useGround((state) => state.ground));
  const seen = seenPart(zoom.placement, first, room);
  const shared = {
    picture: first,
    placement: zoom.placement,
    ground: view === 'difference' ? undefined : ground,
  };
  const one = (
    <ZoomedPicture url={first.url} alt={t('compare.first')} {...shared}>
      <figcaption>{t('compare.first')}</figcaption>
    </ZoomedPicture>
  );
  const two = (
    <ZoomedPicture url={second.url} alt={t('compare.second')} {...shared}>
      <figcaption data-side="right">{t('compare.second')}</figcaption>
    </ZoomedPicture>
  );
  return (
    <>
      <div className={styles.bar}>
        <Swatches bare />
        <ZoomBar zoom={zoom} />
      </div>
      <div className={styles.rooms} data-view={view}>
        <ZoomRoom zoom={zoom} room={measured}>
          <div style={seen}>
            {view === 'slider' && (
              <CompareSlider first={one} second={two} label={t('compare.split')} byHandle={zoom.isLarge} />
            )}
            {view === 'side' && one}
            {view === 'difference' && (
              <div className={styles.difference}>
                {one}
                {two}
              </div>
            )}
          </div>
        </ZoomRoom>
        {view === 'side' && (
          <ZoomRoom zoom={zoom}>
            <div style={seen}>{two}</div>
          </ZoomRoom>
        )}
      </div>
    </>
  );
}
