/** Tools for tasks that were left running. */
import { TaskId } from '@limner/contract';
import { z } from 'zod';
import { TaskFacts } from '../output.ts';
import { taskResult, waiting } from '../task-result.ts';
import { CHANGES, READS, tool } from '../tool.ts';
import { deadlineIn, waitForTask } from '../wait.ts';

export const getTask = tool({
  name: 'get_task',
  title: 'Wait for a task',
  description:
    'A task with its pictures, a training with its steps, or why it failed; waits for its end up to wait_seconds. Call it when another tool returned an unfinished task.',
  input: z.strictObject({ id: TaskId, ...waiting }),
  output: TaskFacts,
  annotations: READS,
  async run({ id, wait_seconds, return: shown }, call) {
    return taskResult(await waitForTask(id, deadlineIn(wait_seconds), call), shown, call);
  },
});

export const cancelTask = tool({
  name: 'cancel_task',
  title: 'Cancel a task',
  description: 'Stops a task or training. Finished pictures and LoRAs are kept.',
  input: z.strictObject({ id: TaskId }),
  annotations: CHANGES,
  async run({ id }, call) {
    return taskResult(await call.studio.client.call('cancelTask', { params: { id } }), 'none', call);
  },
});
