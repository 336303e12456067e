/** Compares original and result, on any background and at any zoom. */
import type { Frame, Size, Task } from '@limner/contract';
import { Button, Segmented } from 'antd';
import { type CSSProperties, type RefObject, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sentenceOfBody } from '../../i18n/problem.ts';
import { usePicture } from '../../state/pictures.ts';
import { openPicture } from '../../state/shown-picture.ts';
import { retryTask } from '../../state/task-actions.ts';
import CompareSlider from '../../ui/compare-slider.tsx';
import { Empty } from '../../ui/empty.tsx';
import { groundStyle } from '../../ui/grounds/grounds.ts';
import { useGround } from '../../ui/grounds/use-ground.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Ring } from '../../ui/pictures/ring.tsx';
import { waitingWords } from '../../ui/status-words.ts';
import { PHONE, useMedia } from '../../ui/use-media.ts';
import { useRoom, useZoom, type Zoom } from '../../ui/zoom/use-zoom.ts';
import { ZoomBar } from '../../ui/zoom/zoom-bar.tsx';
import { ZoomRoom } from '../../ui/zoom/zoom-room.tsx';
import { seenPart, ZoomedPicture } from '../../ui/zoom/zoomed-picture.tsx';
import styles from './cutout-result.module.css';
import { useViewMode, type ViewMode } from './view-mode.ts';

export default function CutoutResult({ task }: { task: Task }) {
  const output = task.frames[0]?.output;
  const original = usePicture(task.input_image)?.url ?? null;
  if (output) return <Finished task={task} output={output} original={original} />;
  return (
    <>
      <div className={styles.bar} />
      <div className={styles.room}>
        <Unfinished task={task} original={original} />
      </div>
    </>
  );
}

type Output = NonNullable<Frame['output']>;

interface FinishedProps {
  task: Task;
  output: Output;
  original: string | null;
}

function Finished({ task, output, original }: FinishedProps) {
  const { t } = useTranslation();
  const phone = useMedia(PHONE);
  const chosen = useViewMode((state) => state.mode);
  const mode = original ? chosen : 'result';
  // Only the first of two panes is measured; the other has the same size.
  const measured = useRef<HTMLDivElement>(null);
  const room = useRoom(measured);
  const zoom = useZoom(output, room);
  const options = [
    { value: 'slider' as const, label: t('cutouts.slider') },
    { value: 'side' as const, label: t('cutouts.sideBySide') },
    { value: 'result' as const, label: t('cutouts.resultOnly') },
  ];
  return (
    <>
      <div className={styles.bar}>
        <Segmented
          aria-label={t('cutouts.view')}
          value={mode}
          disabled={!original}
          onChange={(next) => useViewMode.setState({ mode: next })}
          options={options}
        />
        <span className={styles.space} />
        {!phone && <ZoomBar zoom={zoom} />}
        <IconButton
          icon="expand"
          label={t('tile.open', { n: 1 })}
          onClick={() => openPicture({ task: task.id, frame: 0 })}
        />
      </div>
      <Rooms {...{ mode, original: original ?? output.url, output, measured, room, zoom }} />
    </>
  );
}

interface RoomsProps {
  mode: ViewMode;
  original: string;
  output: Output;
  measured: RefObject<HTMLDivElement | null>;
  room: Size;
  zoom: Zoom;
}

function Rooms({ mode, original, output, measured, room, zoom }: RoomsProps) {
  const { t } = useTranslation();
  const ground = groundStyle(useGround((state) => state.ground));
  const seen = seenPart(zoom.placement, output, room);
  const shared = { picture: output, placement: zoom.placement };
  const first = (
    <ZoomedPicture url={original} alt={t('cutouts.original')} {...shared}>
      <figcaption>{t('cutouts.original')}</figcaption>
    </ZoomedPicture>
  );
  const second = (
    <ZoomedPicture url={output.url} alt={t('cutouts.result')} ground={ground} {...shared}>
      <figcaption data-side="right">{t('cutouts.result')}</figcaption>
    </ZoomedPicture>
  );
  return (
    <div className={styles.rooms}>
      <ZoomRoom zoom={zoom} room={measured}>
        <div className={styles.part} style={seen}>
          {mode === 'slider' && (
            <CompareSlider first={first} second={second} label={t('cutouts.split')} byHandle={zoom.isLarge} />
          )}
          {mode === 'side' && first}
          {mode === 'result' && second}
        </div>
      </ZoomRoom>
      {mode === 'side' && (
        <ZoomRoom zoom={zoom}>
          <div className={styles.part} style={seen}>
            {second}
          </div>
        </ZoomRoom>
      )}
    </div>
  );
}

function Unfinished({ task, original }: { task: Task; original: string | null }) {
  const { t } = useTranslation();
  const [ratio, setRatio] = useState(1);
  if (task.status === 'failed' || task.status === 'cancelled') {
    const error = task.frames[0]?.error ?? task.error;
    return (
      <Empty sentence={error ? sentenceOfBody(error) : t('status.cancelled')}>
        <Button onClick={() => void retryTask(task.id)}>{t('common.retry')}</Button>
      </Empty>
    );
  }
  const percent = Math.round(task.progress * 100);
  return (
    <div className={styles.box} style={{ '--ratio': ratio } as CSSProperties}>
      {original && (
        <img
          className={styles.waiting}
          src={original}
          alt={t('cutouts.original')}
          onLoad={({ currentTarget }) =>
            setRatio(currentTarget.naturalWidth / currentTarget.naturalHeight || 1)
          }
        />
      )}
      <span className={styles.ring}>
        <Ring progress={task.progress} label={waitingWords(task, t) ?? t('cutouts.working', { percent })} />
      </span>
    </div>
  );
}
