/** Waits for the end of a task for a limited time. */
import { setTimeout as pause } from 'node:timers/promises';
import { isFinal, type Task } from '@limner/contract';
import { z } from 'zod';
import { counted } from './task-facts.ts';
import type { ToolCall } from './tool.ts';

export const WaitSeconds = z.number().int().min(0).max(300);
export const DEFAULT_WAIT_SECONDS = 50;

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_000;

/** When a wait that begins now is over. */
export const deadlineIn = (seconds: number): number => performance.now() + seconds * 1000;

/**
 * The task when it has ended, or as it is when the time is over or the answer can no longer be sent.
 * @param known as the caller has it, for a server that stops before it is asked
 * @throws the signal's reason when the client cancels the call
 */
export async function waitForTask(
  id: number,
  deadlineMs: number,
  call: ToolCall,
  known: Task | null = null,
): Promise<Task> {
  const { client, leaving } = call.studio;
  const over = new AbortController();
  const wake = AbortSignal.any([call.signal, leaving, over.signal]);
  const forget = () => {
    ended = undefined;
  };
  // Once it has settled it says nothing more: the task may run again.
  let ended = call.studio.ended?.(id, wake).then(forget, forget);
  const rest = async (pauseMs: number) => {
    const whole = pause(Math.min(pauseMs, deadlineMs - performance.now()), undefined, { signal: wake });
    await Promise.race([whole.catch(() => {}), ...(ended ? [ended] : [])]);
  };
  try {
    if (ended) await rest(FIRST_PAUSE_MS);
    if (leaving.aborted && known) return known;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)) {
      const task = await client.call('getTask', { params: { id } });
      if (isFinal(task.status) || performance.now() >= deadlineMs) return task;
      await call.progress(task.progress, progressMessage(task, call));
      await rest(pauseMs);
      if (leaving.aborted) return task;
      call.signal.throwIfAborted();
    }
  } finally {
    over.abort();
  }
}

const progressMessage = (task: Task, { words }: ToolCall): string =>
  task.status === 'queued' ? words.waits(task.id) : words.progress(counted(task));
