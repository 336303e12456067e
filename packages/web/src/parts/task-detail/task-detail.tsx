/** The task detail: picture, frames, errors, prompt, recipe, provenance, timings. */
import { type Frame, isFinal, type Task } from '@limner/contract';
import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sentenceOf } from '../../i18n/problem.ts';
import { deleteTask } from '../../state/deletion.ts';
import { downloadZip } from '../../state/download-zip.ts';
import { nearestFrame, picturesOf, refTo } from '../../state/frames.ts';
import type { PictureRef } from '../../state/picture-ref.ts';
import { retryTask } from '../../state/task-actions.ts';
import { loadTask, useTasks } from '../../state/tasks.ts';
import { Empty } from '../../ui/empty.tsx';
import { Icon } from '../../ui/icon.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Expiry } from '../expiry.tsx';
import { DrawnText } from './drawn-text.tsx';
import { FrameStrip } from './frame-strip.tsx';
import { Recipe } from './recipe.tsx';
import { ShownPicture } from './shown-picture.tsx';
import { StatusBadge } from './status-badge.tsx';
import styles from './task-detail.module.css';
import { TaskErrors } from './task-errors.tsx';
import { TaskFoot } from './task-foot.tsx';
import { Timings } from './timings.tsx';

interface TaskDetailProps {
  shown: PictureRef;
  onShow: (shown: PictureRef) => void;
  onClose: () => void;
}

export function TaskDetail({ shown, onShow, onClose }: TaskDetailProps) {
  const { t } = useTranslation();
  const task = useTasks((state) => state.entries[shown.task]?.detail);
  const problem = useLoaded(shown.task);
  useCloseOnEscape(onClose);
  const frame = nearestFrame(task, shown);
  return (
    <section className={styles.detail} aria-label={t('detail.title', { id: shown.task })}>
      <header className={styles.head}>
        <h2>{t('detail.title', { id: shown.task })}</h2>
        {task && <StatusBadge task={task} />}
        <span className={styles.space} />
        {task && task.output_paths.length > 1 && (
          <IconButton
            icon="download"
            label={t('tools.zipTask')}
            onClick={() => void downloadZip({ tasks: [task.id] })}
          />
        )}
        {task && (
          <IconButton
            icon="trash"
            label={t('wall.deleteTask')}
            onClick={() => void deleteTask(task.id).then((gone) => gone && onClose())}
          />
        )}
        <IconButton icon="close" label={t('common.close')} onClick={onClose} />
      </header>
      {problem != null && <Empty sentence={sentenceOf(problem)} />}
      {task && frame && <Body task={task} frame={frame} onShow={(picture) => onShow(refTo(task, picture))} />}
      {task && frame && <TaskFoot task={task} frame={frame} />}
    </section>
  );
}

function Body({ task, frame, onShow }: { task: Task; frame: Frame; onShow: (frame: Frame) => void }) {
  const { t } = useTranslation();
  const summary = frame.output?.provenance;
  const language = useTranslation().i18n.language.startsWith('zh') ? 'zh' : 'en';
  return (
    <div className={styles.body}>
      <ShownPicture task={task} frame={frame} />
      {picturesOf(task).length > 1 && <FrameStrip task={task} shown={frame} onShow={onShow} />}
      <TaskErrors task={task} />
      <Missing task={task} />
      {task.prompt && (
        <>
          <h3>{t('detail.prompt')}</h3>
          <p className={styles.prompt}>{task.prompt}</p>
        </>
      )}
      <DrawnText task={task} frame={frame} />
      {summary && (
        <>
          <h3>{t('detail.howMade')}</h3>
          <p className={styles.made}>{summary.summary[language]}</p>
        </>
      )}
      <h3>{t('detail.recipe')}</h3>
      <Recipe task={task} frame={frame} />
      <Timings task={task} />
      <Expiry className={styles.expiry} at={task.expires_at} />
    </div>
  );
}

/** One button retries all cancelled or failed pictures. */
function Missing({ task }: { task: Task }) {
  const { t } = useTranslation();
  const failed = task.frames.filter(({ status }) => status === 'failed').length;
  const cancelled = task.frames.filter(({ status }) => status === 'cancelled').length;
  if (!isFinal(task.status) || (cancelled === 0 && failed < 2)) return null;
  return (
    <Button className={styles.missing} icon={<Icon name="retry" />} onClick={() => void retryTask(task.id)}>
      {t('detail.retryAll', { count: failed + cancelled })}
    </Button>
  );
}

function useLoaded(id: number): unknown {
  const [problem, setProblem] = useState<unknown>(null);
  useEffect(() => {
    setProblem(null);
    loadTask(id).catch(setProblem);
  }, [id]);
  return problem;
}

function useCloseOnEscape(onClose: () => void): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) onClose();
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, [onClose]);
}
