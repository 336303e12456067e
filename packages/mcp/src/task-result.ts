/** Results that show a task: its pictures when it has ended, otherwise how to go on. */
import { isFinal, type Task } from '@limner/contract';
import type { CallToolResult } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { pictureContent, SHOWN, type Shown } from './preview.ts';
import { answer } from './result.ts';
import { picturesOf, taskFacts } from './task-facts.ts';
import type { ToolCall } from './tool.ts';
import { DEFAULT_WAIT_SECONDS, WaitSeconds, waitForTask } from './wait.ts';

/** Arguments of every tool that makes pictures. */
export const waiting = {
  wait_seconds: WaitSeconds.default(DEFAULT_WAIT_SECONDS),
  return: z.enum(SHOWN).default('preview'),
};

interface Waiting {
  wait_seconds: number;
  return: Shown;
}

/** Waits for a new task, which is cancelled if the client cancels the call. */
export async function madeTask(
  id: number,
  options: Waiting,
  call: ToolCall,
  note: string | null = null,
): Promise<CallToolResult> {
  try {
    return await taskResult(await waitForTask(id, options.wait_seconds, call), options.return, call, note);
  } catch (error) {
    if (call.signal.aborted && !call.studio.leaving.aborted)
      await call.studio.client.call('cancelTask', { params: { id } });
    throw error;
  }
}

export async function taskResult(
  task: Task,
  shown: Shown,
  call: ToolCall,
  note: string | null = null,
): Promise<CallToolResult> {
  const facts = await taskFacts(task, call, note);
  const pictures = await pictureContent(
    picturesOf(task).map(({ output }) => output),
    shown,
    call,
  );
  const result = answer(sentenceOf(task), facts, pictures);
  return task.status === 'failed' ? { ...result, isError: true } : result;
}

function sentenceOf({ id, status, finished_frames, total_frames }: Task): string {
  if (!isFinal(status))
    return `Task ${id} is ${status} (${finished_frames} of ${total_frames} pictures finished). Call get_task with id ${id} to wait for it.`;
  const counted = `${finished_frames} of ${total_frames} pictures`;
  if (status === 'completed') return `Task ${id} is completed: ${counted}.`;
  if (status === 'cancelled') return `Task ${id} was cancelled: ${counted} were finished and kept.`;
  return `Task ${id} ${status === 'partial' ? 'partly failed' : 'failed'}: ${counted}. The reasons are in failures.`;
}
