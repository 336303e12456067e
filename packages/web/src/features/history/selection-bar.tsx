/** The bar below the wall while tasks are chosen: their number, and actions on all of them. */
import { mayBePicture } from '@limner/contract';
import { Button } from 'antd';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { animationOfTasks, chooseAnimation } from '../../state/animation-choice.ts';
import { downloadZip } from '../../state/download-zip.ts';
import { useTasks } from '../../state/tasks.ts';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { madeCounts, madeWords } from '../../ui/made-words.ts';
import { areStarred, canBeCutOut, cutOutMany, deleteMany, picturesIn, starMany } from './act-on-many.ts';
import { AddToDataset } from './add-to-dataset.tsx';
import { choose, chooseNothing, isSelecting, useSelection } from './selection.ts';
import styles from './selection-bar.module.css';

export function SelectionBar({ ids }: { ids: number[] }) {
  const { t } = useTranslation();
  const chosen = useSelection((state) => state.chosen);
  useSelectionKeys(ids);
  // Removes tasks that were deleted elsewhere from the selection.
  const entries = useTasks((state) => (chosen.size > 0 ? state.entries : null));
  const tasks = [...chosen].flatMap((id) => entries?.[id]?.item ?? []);
  if (tasks.length === 0) return null;
  const pictures = picturesIn(tasks);
  const starred = areStarred(tasks);
  return (
    <div className={styles.bar} role="toolbar" aria-label={t('select.label')}>
      <IconButton icon="close" label={t('select.none')} onClick={chooseNothing} />
      <div className={styles.count} aria-live="polite">
        <b>{t('select.chosen', { count: tasks.length })}</b>
        <span>{madeWords(madeCounts(tasks), t)}</span>
      </div>
      <Act
        icon="download"
        label={t('select.zip')}
        disabled={pictures === 0}
        onClick={() => void downloadZip({ tasks: tasks.map(({ id }) => id) })}
      />
      <Act
        icon="star"
        label={t(starred ? 'select.unstar' : 'select.star')}
        disabled={pictures === 0}
        onClick={() => void starMany(tasks)}
      />
      <Act
        icon="scissors"
        label={t('select.cutOut')}
        disabled={!tasks.some(canBeCutOut)}
        onClick={() => void cutOutMany(tasks)}
      />
      <Act
        icon="animation"
        label={t('animation.export')}
        disabled={!tasks.some(({ output_paths }) => output_paths.some(mayBePicture))}
        onClick={() => chooseAnimation(animationOfTasks(tasks, 'animation'))}
      />
      <AddToDataset tasks={tasks.map(({ id }) => id)} disabled={pictures === 0} className={styles.act} />
      <Act
        icon="trash"
        label={t('select.delete')}
        danger
        onClick={() => void deleteMany(tasks).then((done) => done && chooseNothing())}
      />
      {chosen.size < ids.length && (
        <Button type="text" className={styles.all} onClick={() => choose(ids)}>
          {t('select.all')}
        </Button>
      )}
    </div>
  );
}

interface ActProps {
  icon: IconName;
  label: string;
  disabled?: boolean;
  danger?: boolean;
  onClick: () => void;
}

function Act({ icon, label, disabled, danger, onClick }: ActProps) {
  return (
    <Button
      type="text"
      className={styles.act}
      danger={danger}
      disabled={disabled}
      icon={<Icon name={icon} />}
      onClick={onClick}
    >
      {label}
    </Button>
  );
}

/** ⌘/Ctrl+A selects all shown tasks, Esc clears the selection. */
function useSelectionKeys(ids: number[]): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isTyping(event.target)) return;
      if (event.key === 'Escape' && isSelecting()) chooseNothing();
      else if (event.key.toLowerCase() === 'a' && (event.metaKey || event.ctrlKey)) choose(ids);
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', pressed, true);
    return () => removeEventListener('keydown', pressed, true);
  }, [ids]);
  useEffect(() => chooseNothing, []);
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('input, textarea, [role="dialog"]') !== null;
