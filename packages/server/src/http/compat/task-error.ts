import { StudioError, type Task } from '@limner/contract';

/** Why a task or one of its frames failed; null if nothing did. */
export function errorOfTask(task: Pick<Task, 'error' | 'frames'>): StudioError | null {
  const failed = task.error ?? task.frames.find(({ error }) => error)?.error;
  if (!failed) return null;
  const { code, data, field } = failed;
  return new StudioError(code, { ...(data ? { data } : {}), ...(field ? { field } : {}) });
}
