/**
 * One picture of a task. Its size is final from the start; queued, preview, picture and failure only replace its
 * content.
 */
import { type Frame, isFinal, outputId, type Task } from '@limner/contract';
import { Button } from 'antd';
import { type CSSProperties, memo, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { about } from '../../i18n/format.ts';
import { spokenLanguage } from '../../i18n/i18n.ts';
import { sentenceOfBody } from '../../i18n/problem.ts';
import { added, paceOfTask, placeOf, scaled } from '../../state/forecast.ts';
import { pictureNumber } from '../../state/frames.ts';
import { useQueuePlace } from '../../state/queue.ts';
import { useStudio } from '../../state/studio.ts';
import { cancelFrame, carryPicture, retryFrame } from '../../state/task-actions.ts';
import { useTasks } from '../../state/tasks.ts';
import { Icon } from '../../ui/icon.tsx';
import { kindContext } from '../../ui/made-words.ts';
import { PictureNumber } from '../../ui/pictures/picture-number.tsx';
import { Ring } from '../../ui/pictures/ring.tsx';
import { Thumb } from '../../ui/pictures/thumb.tsx';
import { statusWords, waitingWords } from '../../ui/status-words.ts';
import styles from './frame-tile.module.css';
import { PictureTools } from './picture-tools.tsx';
import { Preview } from './preview.tsx';
import { Star } from './star.tsx';
import { usePictureKeys } from './use-picture-keys.ts';

export interface FrameTileProps {
  task: Task;
  frame: Frame;
  /** Display width in CSS pixels, to choose the thumbnail. */
  width: number;
  /** Shows its number, in a batch. */
  numbered?: boolean;
  selected?: boolean;
  tools?: boolean;
  fit?: 'cover' | 'contain';
  label: string;
  onOpen: () => void;
  style?: CSSProperties;
}

/** Memoised, because an event changes only some frames of its task. */
export const FrameTile = memo(Tile, (before, after) => {
  const keys = ['frame', 'width', 'numbered', 'selected', 'tools', 'fit', 'label'] as const;
  if (keys.some((key) => before[key] !== after[key]) || before.task.id !== after.task.id) return false;
  // A waiting frame shows its position.
  return after.frame.status !== 'queued' || before.task === after.task;
});

function Tile(props: FrameTileProps) {
  const { task, frame } = props;
  const { t } = useTranslation();
  const [active, setActive] = useState(false);
  // The menu is elsewhere in the document, so moving into it leaves the tile, but the menu must stay open.
  const [menu, setMenu] = useState(false);
  const offered = (active || menu) && props.tools !== false;
  const ref = usePictureKeys(task, frame);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset belongs to forms
    <div
      ref={ref}
      className={styles.tile}
      data-picture={frame.output?.id ?? outputId({ task: task.id, frame: frame.index, place: 0 })}
      data-status={frame.status}
      data-selected={props.selected}
      draggable={frame.output !== null}
      onDragStart={(event) => frame.output && carryPicture(event.dataTransfer, frame.output)}
      style={props.style}
      role="group"
      aria-label={t('tile.picture', { n: pictureNumber(frame), status: statusWords(frame, t) })}
      onPointerEnter={(event) => event.pointerType === 'mouse' && setActive(true)}
      onPointerLeave={() => setActive(false)}
      onFocus={() => setActive(true)}
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && setActive(false)}
    >
      <Inside {...props}>
        <Star task={task} frame={frame} offered={offered} />
        {offered && <PictureTools task={task} frame={frame} onMenu={setMenu} />}
      </Inside>
    </div>
  );
}

function Inside({ children, ...props }: FrameTileProps & { children: ReactNode }) {
  switch (props.frame.status) {
    case 'queued':
      return <Queued {...props} />;
    case 'running':
      return <Running {...props} />;
    case 'failed':
      return <Failed {...props} />;
    case 'cancelled':
      return <Cancelled {...props} />;
    case 'completed':
      return <Done {...props}>{children}</Done>;
  }
}

function Done({
  task,
  frame,
  width,
  numbered,
  fit,
  label,
  onOpen,
  children,
}: FrameTileProps & { children: ReactNode }) {
  const { t } = useTranslation();
  if (!frame.output) return <span className={styles.words}>{t('tile.fileOnly')}</span>;
  return (
    <>
      <button type="button" className={styles.open} data-opens-picture aria-label={label} onClick={onOpen}>
        <Thumb
          url={frame.output.url}
          width={width}
          fit={fit}
          alt={t('tile.alt', { prompt: task.prompt || t(`kind.${task.task_kind}`), n: pictureNumber(frame) })}
        />
      </button>
      {numbered && <PictureNumber>{pictureNumber(frame)}</PictureNumber>}
      {children}
    </>
  );
}

function Running({ task, frame }: FrameTileProps) {
  const { t } = useTranslation();
  const engines = useStudio((state) => state.engines);
  const families = useStudio((state) => state.families);
  const { each } = paceOfTask(families, task);
  // The list may know already that the task has ended; then its previews are gone.
  const ended = useTasks(({ entries }) => isFinal(entries[task.id]?.item.status ?? task.status));
  const preview = ended ? null : frame.preview_url;
  const waiting = waitingWords(frame, t);
  const left = waiting === null ? scaled(each, 1 - frame.progress) : null;
  const engine = engines.find(({ id }) => id === task.choice.engine)?.label[spokenLanguage()];
  const percent = Math.round(frame.progress * 100);
  return (
    <>
      {preview && <Preview url={preview} progress={frame.progress} />}
      <div className={styles.status}>
        <Ring progress={frame.progress} label={t('tile.progress', { n: pictureNumber(frame), percent })} />
        <div className={styles.statusText} data-plain={!preview}>
          {waiting && <span>{waiting}</span>}
          {left && <span>{t('wall.left', { time: about(left) })}</span>}
          {engine && <span>{engine}</span>}
        </div>
      </div>
      <CancelButton task={task} frame={frame} />
    </>
  );
}

function Queued({ task, frame }: FrameTileProps) {
  const { t } = useTranslation();
  const families = useStudio((state) => state.families);
  const pace = paceOfTask(families, task);
  const { place, seconds: withinTask } = placeOf(task, frame, pace);
  const waits = task.status === 'queued';
  const before = useQueuePlace(task.id, waits);
  // The time of the tasks before this one is added.
  const seconds = waits ? added(withinTask, before?.seconds ?? null) : withinTask;
  return (
    <>
      <b className={styles.place}>{place}</b>
      <span>{t(place === 1 && (!waits || before?.place === 1) ? 'tile.next' : 'tile.queued')}</span>
      {before?.paused && <span className={styles.starts}>{t('queue.pausedShort')}</span>}
      {seconds !== null && seconds.high > 0.5 && (
        <span className={styles.starts}>{t('tile.startsIn', { time: about(seconds) })}</span>
      )}
      <CancelButton task={task} frame={frame} />
    </>
  );
}

function Cancelled({ task, frame }: FrameTileProps) {
  const { t } = useTranslation();
  return (
    <>
      <span>{t('tile.cancelled')}</span>
      <Button size="small" onClick={() => void retryFrame(task.id, frame.index)}>
        {t('tile.paintIt')}
      </Button>
    </>
  );
}

function Failed({ task, frame, onOpen }: FrameTileProps) {
  const { t } = useTranslation();
  const reason = frame.error ? sentenceOfBody(frame.error) : '';
  return (
    <>
      <b className={styles.failedTitle}>
        <Icon name="warning" />
        <span>{t('tile.failed', { ...kindContext(task.task_kind), n: pictureNumber(frame) })}</span>
      </b>
      <span className={styles.reason} title={reason}>
        {reason} {frame.tries > 1 && t('tile.triedTimes', { count: frame.tries })}
      </span>
      {task.total_frames > 1 && <span className={styles.quiet}>{t('tile.othersGoOn')}</span>}
      <div className={styles.acts}>
        <Button
          size="small"
          icon={<Icon name="retry" />}
          onClick={() => void retryFrame(task.id, frame.index)}
        >
          {t('common.retry')}
        </Button>
        <Button size="small" type="text" className={styles.details} onClick={onOpen}>
          {t('common.details')}
        </Button>
      </div>
    </>
  );
}

function CancelButton({ task, frame }: { task: Task; frame: Frame }) {
  const { t } = useTranslation();
  const label = t('tile.cancel', { n: pictureNumber(frame) });
  return (
    <button
      type="button"
      className={styles.cancel}
      aria-label={label}
      title={label}
      onClick={() => void cancelFrame(task.id, frame.index)}
    >
      <Icon name="close" size={13} />
    </button>
  );
}
