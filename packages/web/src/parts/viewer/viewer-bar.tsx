import { type Frame, isPictureType, layersOf, type Task } from '@limner/contract';
import { useTranslation } from 'react-i18next';
import { picturesOf, placeAmong } from '../../state/frames.ts';
import { closeViewer } from '../../state/shown-picture.ts';
import { Swatches } from '../../ui/grounds/swatches.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { PHONE, useMedia } from '../../ui/use-media.ts';
import { useTaskTitle } from '../../ui/use-task-title.ts';
import type { Zoom } from '../../ui/zoom/use-zoom.ts';
import { ZoomBar } from '../../ui/zoom/zoom-bar.tsx';
import type { Aside } from './use-viewer-keys.ts';
import styles from './viewer-bar.module.css';

interface ViewerBarProps {
  task: Task;
  frame: Frame;
  zoom: Zoom;
  aside: Aside;
  isTiled: boolean;
  /** Null: the file is no picture, or its layers are shown. */
  toggleTiles: (() => void) | null;
  onAside: (aside: Aside) => void;
}

export function ViewerBar({ task, frame, zoom, aside, isTiled, toggleTiles, onAside }: ViewerBarProps) {
  const { t } = useTranslation();
  const phone = useMedia(PHONE);
  const isPicture = !frame.output || isPictureType(frame.output.media_type);
  const title = useTaskTitle(task);
  const toggle = (which: Exclude<Aside, null>) => onAside(aside === which ? null : which);
  return (
    <header className={styles.bar}>
      {picturesOf(task).length > 1 && (
        <span className={styles.place}>
          {t('detail.shown', { n: placeAmong(task, frame), total: picturesOf(task).length })}
        </span>
      )}
      <h2 title={task.prompt}>{title}</h2>
      {frame.output && <span className={styles.size}>{t('composer.sizeOf', frame.output)}</span>}
      <span className={styles.space} />
      {!phone && isPicture && <Swatches bare />}
      {!phone && isPicture && <ZoomBar zoom={zoom} />}
      {toggleTiles && (
        <IconButton
          icon="grid"
          label={t('viewer.tiles')}
          aria-keyshortcuts="t"
          pressed={isTiled}
          onClick={toggleTiles}
        />
      )}
      {layersOf(frame.outputs).length > 0 && (
        <IconButton
          icon="layers"
          label={t('layers.title')}
          pressed={aside === 'layers'}
          onClick={() => toggle('layers')}
        />
      )}
      <IconButton
        icon="info"
        label={t('viewer.details')}
        pressed={aside === 'details'}
        onClick={() => toggle('details')}
      />
      {!phone && (
        <IconButton
          icon="question"
          label={t('keys.list')}
          pressed={aside === 'keys'}
          onClick={() => toggle('keys')}
        />
      )}
      <IconButton icon="close" label={t('common.close')} onClick={closeViewer} />
    </header>
  );
}
