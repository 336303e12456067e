import type { Frame, Task } from '@limner/contract';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../ui/icon.tsx';
import { Thumb } from '../../ui/pictures/thumb.tsx';
import styles from './frame-strip.module.css';

interface FrameStripProps {
  task: Task;
  shown: number;
  onShow: (index: number) => void;
}

export function FrameStrip({ task, shown, onShow }: FrameStripProps) {
  const { t } = useTranslation();
  return (
    <ul className={styles.strip} aria-label={t('detail.frames')}>
      {task.frames.map((frame) => (
        <li key={frame.index}>
          <button
            type="button"
            data-status={frame.status}
            aria-pressed={frame.index === shown}
            aria-label={t('tile.picture', { n: frame.index + 1, status: t(`status.${frame.status}`) })}
            onClick={() => onShow(frame.index)}
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
