/** The pictures of one prompt with their labels. */
import type { LabPicture } from '@limner/contract';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useTasks } from '../../state/tasks.ts';
import { Thumb } from '../../ui/pictures/thumb.tsx';
import styles from './lab-page.module.css';
import { useLabels } from './use-labels.ts';

interface LabPicturesProps {
  pictures: LabPicture[];
  onOpen: (picture: LabPicture) => void;
  /** Letters in place of what the pictures were made with. */
  isBlind?: boolean;
  /** The one that was chosen. */
  chosen?: LabPicture | undefined;
  action?: (picture: LabPicture) => ReactNode;
}

export function LabPictures({ pictures, onOpen, isBlind = false, chosen, action }: LabPicturesProps) {
  const { t } = useTranslation();
  const labelOf = useLabels();
  return (
    <ul className={styles.pictures}>
      {pictures.map((picture, index) => {
        const label = isBlind
          ? t('lab.letter', { letter: String.fromCharCode(65 + index) })
          : labelOf(picture);
        return (
          <li key={picture.cell.task_id}>
            <button
              type="button"
              className={styles.picture}
              aria-label={label}
              aria-pressed={isBlind ? picture === chosen : undefined}
              onClick={() => onOpen(picture)}
            >
              <Picture picture={picture} />
            </button>
            <span className={styles.caption}>{label}</span>
            {action?.(picture)}
          </li>
        );
      })}
    </ul>
  );
}

function Picture({ picture: { cell } }: { picture: LabPicture }) {
  const { t } = useTranslation();
  const item = useTasks(({ entries }) => entries[cell.task_id]?.item);
  const status = item?.status ?? cell.status;
  const url = item?.output_paths[0] ?? cell.output_path;
  if (status === 'deleted') return t('grid.deleted');
  return url ? <Thumb url={url} alt="" width={300} fit="contain" /> : t(`status.${status}`);
}
