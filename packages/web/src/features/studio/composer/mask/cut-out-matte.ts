import { StudioError, type Task } from '@limner/contract';
import { cancelTask, makeCutOut } from '../../../../state/task-actions.ts';
import { useTasks } from '../../../../state/tasks.ts';

const OVER: Task['status'][] = ['completed', 'partial', 'failed', 'cancelled'];

/**
 * Cuts the picture out. Its task is cancelled if `signal` is aborted, because nobody would see the result.
 * @param progress 0…1 @returns the address of the result @throws why there is none, or the signal's reason
 */
export async function cutOutMatte(
  ref: string,
  progress: (share: number) => void,
  signal: AbortSignal,
): Promise<string> {
  const id = await makeCutOut(ref);
  return new Promise((resolve, reject) => {
    const left = () => {
      stop();
      void cancelTask(id);
      reject(signal.reason);
    };
    const look = () => {
      const task = useTasks.getState().entries[id]?.detail;
      if (!task) return;
      progress(task.progress / 100);
      if (!OVER.includes(task.status)) return;
      stop();
      signal.removeEventListener('abort', left);
      const output = task.frames[0]?.output;
      const error = task.error ?? task.frames[0]?.error;
      if (output) resolve(output.url);
      else if (error) reject(new StudioError(error.code, { data: error.data }));
      else reject(new Error('no cut-out'));
    };
    const stop = useTasks.subscribe(look);
    if (signal.aborted) return left();
    signal.addEventListener('abort', left, { once: true });
    look();
  });
}
