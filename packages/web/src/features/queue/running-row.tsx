import { type RunningTask, waitsBehind } from '@limner/contract';
import { Progress } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { between, roughly, spaced } from '../../i18n/format.ts';
import { since, useQueue } from '../../state/queue.ts';
import { cancelTask } from '../../state/task-actions.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { countedWords } from '../../ui/made-words.ts';
import { waitingWords } from '../../ui/status-words.ts';
import styles from './queue-page.module.css';
import { useQueuedTask } from './use-queued-task.ts';

/** A running task: its progress, server, time of start and remaining time. */
export function RunningRow({ running, engine }: { running: RunningTask; engine: string }) {
  const { t } = useTranslation();
  const { item, title } = useQueuedTask(running.task);
  const askedMs = useQueue((state) => state.askedMs);
  const left = since(running.ends_within, askedMs);
  const servers = [...new Set(running.frames.map(({ server }) => server ?? engine))];
  const behind = waitsBehind(running.frames);
  const elapsed = running.started_at && (Date.now() - Date.parse(running.started_at)) / 1000;
  return (
    <li className={styles.row}>
      <div className={styles.words}>
        <Link to={`/queue?task=${running.task}`} className={styles.title}>
          {title}
        </Link>
        <span className={styles.facts}>
          {item && <span>{countedWords(item.task_kind, item.total_frames, t)}</span>}
          {servers.length > 0 && <span>{t('queue.on', { servers: servers.join(t('common.list')) })}</span>}
          {behind !== null && (
            <span>
              {waitingWords({ status: 'running', waits_behind: behind, task_kind: item?.task_kind }, t)}
            </span>
          )}
          {elapsed && behind === null && <span>{t('queue.elapsed', { time: roughly(elapsed) })}</span>}
          <span>{left ? spaced(t('queue.endsIn', { time: between(left) })) : t('queue.unknown')}</span>
        </span>
        <Progress
          size="small"
          percent={Math.floor((item?.progress ?? 0) * 100)}
          status="normal"
          aria-label={title}
        />
      </div>
      <IconButton
        icon="close"
        label={t('queue.cancelTask', { task: title })}
        onClick={() => void cancelTask(running.task)}
      />
    </li>
  );
}
