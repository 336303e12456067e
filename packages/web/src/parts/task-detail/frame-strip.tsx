import type { Frame, Task } from '@limner/contract';
import { useTranslation } from 'react-i18next';
import { pictureKey, pictureNumber, picturesOf } from '../../state/frames.ts';
import { Icon } from '../../ui/icon.tsx';
import { Thumb } from '../../ui/pictures/thumb.tsx';
import { statusWords } from '../../ui/status-words.ts';
import styles from './frame-strip.module.css';

interface FrameStripProps {
  task: Task;
  shown: Frame;
  onShow: (frame: Frame) => void;
}

export function FrameStrip({ task, shown, onShow }: FrameStripProps) {
  const { t } = useTranslation();
  return (
    <ul className={styles.strip} aria-label={t('detail.frames')}>
      {picturesOf(task).map((frame) => (
        <li key={pictureKey(frame)}>
          <button
            type="button"
            data-status={frame.status}
            aria-pressed={pictureKey(frame) === pictureKey(shown)}
            aria-label={t('tile.picture', { n: pictureNumber(frame), status: statusWords(frame, t) })}
            onClick={() => onShow(frame)}
          >
            <span aria-hidden="true">
              <Inside frame={frame} />
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function Inside({ frame }: { frame: Frame }) {
  if (frame.output) return <Thumb url={frame.output.url} alt="" width={64} />;
  if (frame.status === 'failed') return <Icon name="warning" />;
  if (frame.status === 'running') return <>{Math.round(frame.progress * 100)}</>;
  return <>{frame.index + 1}</>;
}
