/** Results that show a task: its pictures when it has ended, otherwise how to go on. */
import { isFinal, type Task } from '@limner/contract';
import type { CallToolResult } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { pictureContent, SHOWN, type Shown } from './preview.ts';
import { answer } from './result.ts';
import { counted, picturesOf, taskFacts } from './task-facts.ts';
import type { ToolCall } from './tool.ts';
import { trainingFacts } from './training-facts.ts';
import { DEFAULT_WAIT_SECONDS, WaitSeconds } from './wait.ts';

/** Arguments of every tool that makes pictures. */
export const waiting = {
  wait_seconds: WaitSeconds.default(DEFAULT_WAIT_SECONDS),
  return: z.enum(SHOWN).default('preview'),
};

/** Of tools that paint. */
export const transparent = z.boolean().default(false);

export async function taskResult(
  task: Task,
  shown: Shown,
  call: ToolCall,
  note: string | null = null,
  isTransparent = false,
): Promise<CallToolResult> {
  const run =
    task.task_kind === 'training'
      ? await call.studio.client.call('getTraining', { params: { id: task.id } })
      : null;
  const facts = {
    ...(await taskFacts(task, call, note)),
    ...(run ? { training: trainingFacts(run, call) } : {}),
  };
  const pictures = picturesOf(task).map(({ output }) => output);
  const result = answer(
    run ? call.words.training(run) : sentenceOf(task, isTransparent, call),
    facts,
    await pictureContent(pictures, shown, call),
  );
  return task.status === 'failed' ? { ...result, isError: true } : result;
}

export function sentenceOf(task: Task, isTransparent: boolean, { words }: ToolCall): string {
  const counts = counted(task);
  if (!isFinal(task.status)) return words.unfinished(counts, isTransparent);
  if (task.status === 'completed') return words.completed(counts);
  if (task.status === 'cancelled') return words.cancelled(counts);
  return task.status === 'partial' ? words.partly(counts) : words.allFailed(counts);
}
