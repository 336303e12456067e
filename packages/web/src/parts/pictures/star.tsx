import type { Frame, Task } from '@limner/contract';
import { useTranslation } from 'react-i18next';
import { starPictures } from '../../state/stars.ts';
import { Icon } from '../../ui/icon.tsx';
import styles from './star.module.css';

/** In the corner of a picture: always visible if starred, otherwise on hover. */
export function Star({ task, frame, offered }: { task: Task; frame: Frame; offered: boolean }) {
  const { t } = useTranslation();
  const { output } = frame;
  if (!output || !(output.starred || offered)) return null;
  return (
    <button
      type="button"
      className={styles.star}
      aria-label={t(output.starred ? 'tools.unstar' : 'tools.star')}
      title={t(output.starred ? 'tools.unstar' : 'tools.star')}
      aria-pressed={output.starred}
      onClick={() => void starPictures({ outputs: [output.id] }, !output.starred, [task.id])}
    >
      <Icon name="star" size={18} />
    </button>
  );
}
