import type { Frame, Task } from '@limner/contract';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { sentenceOfBody } from '../../i18n/problem.ts';
import { retryFrame, retryTask } from '../../state/task-actions.ts';
import { Icon } from '../../ui/icon.tsx';
import styles from './task-errors.module.css';

/** The errors of a task by picture, each with its action. */
export function TaskErrors({ task }: { task: Task }) {
  const failed = task.frames.filter((frame) => frame.status === 'failed');
  if (failed.length === 0 && task.status === 'failed' && task.error) {
    return <ErrorLine text={sentenceOfBody(task.error)} onRetry={() => void retryTask(task.id)} />;
  }
  return (
    <>
      {failed.map((frame) => (
        <FrameError key={frame.index} task={task} frame={frame} />
      ))}
    </>
  );
}

function FrameError({ task, frame }: { task: Task; frame: Frame }) {
  const { t } = useTranslation();
  const reason = frame.error ? sentenceOfBody(frame.error) : t('status.failed');
  const text = task.frames.length > 1 ? t('detail.pictureFailed', { n: frame.index + 1, reason }) : reason;
  const tried = frame.tries > 1 ? t('tile.triedTimes', { count: frame.tries }) : undefined;
  return <ErrorLine text={text} more={tried} onRetry={() => void retryFrame(task.id, frame.index)} />;
}

function ErrorLine({ text, more, onRetry }: { text: string; more?: string; onRetry: () => void }) {
  const { t } = useTranslation();
  return (
    <div className={styles.error}>
      <Icon name="warning" />
      <div>
        {text}
        {more && <div className={styles.more}>{more}</div>}
      </div>
      <Button size="small" icon={<Icon name="retry" />} onClick={onRetry}>
        {t('common.retry')}
      </Button>
    </div>
  );
}
