import type { Frame, Task } from '@limner/contract';
import type { CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import { pictureNumber, picturesOf, placeAmong, refTo } from '../../state/frames.ts';
import { openPicture } from '../../state/shown-picture.ts';
import { PictureNumber } from '../../ui/pictures/picture-number.tsx';
import { FrameTile } from '../pictures/frame-tile.tsx';
import styles from './shown-picture.module.css';

/** The shown picture at the drawer's size; a click opens the viewer. */
export function ShownPicture({ task, frame }: { task: Task; frame: Frame }) {
  const { t } = useTranslation();
  const { output } = frame;
  const [width, height] = [task.width ?? output?.width, task.height ?? output?.height];
  const ratio = width && height ? width / height : 1;
  return (
    <div className={styles.picture} style={{ '--ratio': Math.max(ratio, 0.72) } as CSSProperties}>
      <FrameTile
        task={task}
        frame={frame}
        width={432}
        fit="contain"
        label={t('tile.open', { n: pictureNumber(frame) })}
        onOpen={() => output && openPicture(refTo(task, frame))}
      />
      {picturesOf(task).length > 1 && (
        <PictureNumber>
          {t('detail.shown', { n: placeAmong(task, frame), total: picturesOf(task).length })}
        </PictureNumber>
      )}
    </div>
  );
}
