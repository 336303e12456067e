/** `interrupt`, `skip` and `stop-generating`: the request that waits is answered with the pictures that are finished. */
import { type Caller, StudioError, type Task } from '@limner/contract';
import type { DialectDesk } from '../dialect.ts';

type Tasks = DialectDesk['tasks'];

/** Nothing more is painted. */
export const interrupt = (tasks: Tasks, caller: Caller, task: Task): Promise<void> =>
  unlessEnded(() => tasks.stop(caller, task.id));

/** The picture that is painted is left out. */
export const skip = (tasks: Tasks, caller: Caller, task: Task): Promise<void> =>
  stopFrames(tasks, caller, task, 'running');

/** The picture that is painted is finished, further ones are not begun. */
export const stopAfterThis = (tasks: Tasks, caller: Caller, task: Task): Promise<void> =>
  stopFrames(tasks, caller, task, 'queued');

async function stopFrames(
  tasks: Tasks,
  caller: Caller,
  { id, frames }: Task,
  wanted: 'running' | 'queued',
): Promise<void> {
  for (const { index, status } of frames)
    if (status === wanted) await unlessEnded(() => tasks.cancelFrame(caller, id, index));
}

/** It may end, or be deleted, between the look and the stop. */
async function unlessEnded(stop: () => Promise<unknown>): Promise<void> {
  try {
    await stop();
  } catch (error) {
    const isOver =
      error instanceof StudioError && ['task_not_cancellable', 'task_not_found'].includes(error.code);
    if (!isOver) throw error;
  }
}
