/** Tasks that failed. */
import type { Task } from '@limner/contract';
import { picturesOf } from '../document-answer.ts';
import { errorOfTask } from '../task-error.ts';

/** @throws StudioError of a task that failed and left no picture */
export function refuseFailed(task: Task): void {
  const error = errorOfTask(task);
  if (error && picturesOf(task).length === 0 && task.status === 'failed') throw error;
}
