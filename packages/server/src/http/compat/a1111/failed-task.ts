/** Tasks that failed. */
import { type ErrorBody, StudioError, type Task } from '@limner/contract';
import { picturesOf } from '../document-answer.ts';

/** @throws StudioError of a task that failed and left no picture */
export function refuseFailed(task: Task): void {
  const error = task.error ?? task.frames.find((frame) => frame.error)?.error;
  if (error && picturesOf(task).length === 0 && task.status === 'failed') throw asThrown(error);
}

const asThrown = ({ code, data, field }: ErrorBody) =>
  new StudioError(code, {
    ...(data === undefined ? {} : { data }),
    ...(field === undefined ? {} : { field }),
  });
