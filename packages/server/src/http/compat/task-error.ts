import { type Bilingual, StudioError, type Task } from '@limner/contract';

/** Why a task or one of its frames failed; null if nothing did. */
export function errorOfTask(task: Pick<Task, 'error' | 'frames'>): StudioError | null {
  const failed = task.error ?? task.frames.find(({ error }) => error)?.error;
  if (!failed) return null;
  const { code, data, field } = failed;
  return new StudioError(code, { ...(data ? { data } : {}), ...(field ? { field } : {}) });
}

/** How many pictures of a task failed and why, where the answer has the others; null if none did. */
export function missingPictures(task: Pick<Task, 'error' | 'frames'>): Bilingual | null {
  const failed = task.frames.filter(({ status }) => status === 'failed').length;
  if (failed === 0) return null;
  const total = task.frames.length;
  const why = errorOfTask(task);
  return {
    en: `${failed} of ${total} pictures failed${why ? `: ${why.body('en').message}` : '.'}`,
    zh: `${total} 张图片中有 ${failed} 张失败${why ? `：${why.body('zh').message}` : '。'}`,
  };
}
