import type { Task } from '@limner/contract';
import { Button, Dropdown } from 'antd';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { about, ago, duration, secondsBetween } from '../../../i18n/format.ts';
import { spokenLanguage } from '../../../i18n/i18n.ts';
import { ordinal } from '../../../i18n/ordinal.ts';
import { Expiry } from '../../../parts/expiry.tsx';
import { deleteTask } from '../../../state/deletion.ts';
import { paceOfTask, secondsLeft } from '../../../state/forecast.ts';
import { placeAmong } from '../../../state/frames.ts';
import { useQueuePlace } from '../../../state/queue.ts';
import { useStudio } from '../../../state/studio.ts';
import { cancelTask, canVary, copyText, retryTask, vary } from '../../../state/task-actions.ts';
import { Icon } from '../../../ui/icon.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { countedWords, retryWords } from '../../../ui/made-words.ts';
import { waitingWords } from '../../../ui/status-words.ts';
import { useTaskTitle } from '../../../ui/use-task-title.ts';
import { useStyleName } from '../styles/use-style.ts';
import styles from './task-heading.module.css';

export const TaskHeading = memo(function TaskHeading({ task, onOpen }: ActionsProps) {
  const title = useTaskTitle(task);
  return (
    <header className={styles.heading}>
      <div className={styles.words}>
        <h2 title={task.prompt}>{title}</h2>
        <Facts task={task} />
      </div>
      <Actions task={task} onOpen={onOpen} />
    </header>
  );
});

function Facts({ task }: { task: Task }) {
  const { t } = useTranslation();
  const style = useStudio((state) => state.styles.find(({ id }) => id === task.style_id));
  const styleName = useStyleName(style);
  const family = useStudio((state) => state.families.find(({ id }) => id === task.family));
  const failed = countFailed(task);
  const cancelled = task.frames.filter((frame) => frame.status === 'cancelled').length;
  const live = task.status === 'running' || task.status === 'queued';
  return (
    <div className={styles.facts}>
      {live ? <LiveFacts task={task} /> : <DoneFact task={task} />}
      {styleName && <span>{styleName}</span>}
      <span>{family?.label[spokenLanguage()] ?? task.family}</span>
      {family?.experimental && <span className={styles.experimental}>{t('composer.experimental')}</span>}
      {task.controlnet_config && (
        <span>
          {t(`control.${task.controlnet_config.type}`)} {task.controlnet_config.strength.toFixed(2)}
        </span>
      )}
      {failed > 0 && (
        <span className={styles.failed}>
          {t('wall.failed', { made: countedWords(task.task_kind, failed, t) })}
        </span>
      )}
      {cancelled > 0 && !live && (
        <span>{t('wall.cancelledSome', { made: countedWords(task.task_kind, cancelled, t) })}</span>
      )}
      {!live && <span>{ago(task.created_at)}</span>}
      <Expiry at={task.expires_at} />
    </div>
  );
}

function DoneFact({ task }: { task: Task }) {
  const { t } = useTranslation();
  const count = task.output_paths.length;
  const took = secondsBetween(task.started_at, task.completed_at);
  if (count === 0 || took === null) return null;
  const made = countedWords(task.task_kind, count, t);
  return <span>{t('wall.took', { pictures: made, time: duration(took) })}</span>;
}

function LiveFacts({ task }: { task: Task }) {
  const { t } = useTranslation();
  const families = useStudio((state) => state.families);
  const place = useQueuePlace(task.id, task.status === 'queued');
  const running = task.frames.filter((frame) => frame.status === 'running');
  const painted = running
    .filter((frame) => frame.waits_behind == null)
    .map((frame) => placeAmong(task, frame));
  const waiting = waitingWords(task, t);
  const left = secondsLeft(task, paceOfTask(families, task));
  const open = task.frames.filter((frame) => frame.status === 'queued').length;
  if (running.length === 0) {
    return (
      <>
        <span>
          {t('wall.waiting', {
            pictures: countedWords(task.task_kind, open, t),
          })}
        </span>
        {place && (place.place > 1 || place.paused) && (
          <span>
            {t(place.paused ? 'queue.pausedPlace' : 'history.place', { nth: ordinal(place.place) })}
          </span>
        )}
        {place?.seconds != null && place.seconds.high > 1 && (
          <span>{t('wall.waitingIn', { time: about(place.seconds) })}</span>
        )}
      </>
    );
  }
  if (waiting !== null) return <span>{waiting}</span>;
  return (
    <>
      <span className={styles.alive}>
        {t('wall.painting', { which: painted.join(t('common.list')), total: task.total_frames })}
      </span>
      {left !== null && left.high > 0.5 && <span>{t('wall.left', { time: about(left) })}</span>}
    </>
  );
}

interface ActionsProps {
  task: Task;
  onOpen: () => void;
}

const countFailed = (task: Task): number => task.frames.filter(({ status }) => status === 'failed').length;

/** Memoised, because buttons and menus are expensive and independent of progress. */
const Actions = memo(TaskActions, (before, after) => {
  const [was, is] = [before.task, after.task];
  return (
    before.onOpen === after.onOpen &&
    was.id === is.id &&
    was.status === is.status &&
    was.total_frames === is.total_frames &&
    was.output_paths.length === is.output_paths.length &&
    countFailed(was) === countFailed(is)
  );
});

function TaskActions({ task, onOpen }: ActionsProps) {
  const { t } = useTranslation();
  const failed = countFailed(task);
  const live = task.status === 'running' || task.status === 'queued';
  const items = [
    { key: 'open', label: t('wall.openTask'), icon: <Icon name="info" />, onClick: onOpen },
    ...(task.prompt
      ? [
          {
            key: 'copy',
            label: t('wall.copyPrompt'),
            icon: <Icon name="copy" />,
            onClick: () => void copyText(task.prompt, t('common.copied')),
          },
        ]
      : []),
    { type: 'divider' as const, key: 'line' },
    {
      key: 'delete',
      label: t('wall.deleteTask'),
      icon: <Icon name="trash" />,
      onClick: () => deleteTask(task.id),
    },
  ];
  return (
    <div className={styles.actions}>
      {failed > 0 && (
        <Button size="small" icon={<Icon name="retry" />} onClick={() => void retryTask(task.id)}>
          {retryWords(task.task_kind, failed, t)}
        </Button>
      )}
      {live && (
        <Button size="small" type="text" onClick={() => void cancelTask(task.id)}>
          {t(task.total_frames > 1 ? 'common.cancelAll' : 'common.cancel')}
        </Button>
      )}
      {!live && canVary(task) && task.output_paths.length > 0 && (
        <Button
          size="small"
          className={styles.vary}
          icon={<Icon name="shuffle" />}
          onClick={() => void vary(task, task.total_frames)}
        >
          {t(task.total_frames > 1 ? 'wall.varyAll' : 'tools.vary')}
        </Button>
      )}
      <Dropdown menu={{ items }} trigger={['click']} placement="bottomRight">
        <span>
          <IconButton framed icon="more" label={t('wall.actions')} className={styles.more} />
        </span>
      </Dropdown>
    </div>
  );
}
