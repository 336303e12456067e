/**
 * Follows a task to its end and reports changes. Polls often while the task changes and rarely while it does not. After
 * a lost connection it keeps polling, because the task is durable and the server may be restarting.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, type Frame, isFinal, StudioError, type Task } from '@limner/contract';
import { CliError } from './exit-code.ts';
import type { Progress } from './progress.ts';
import type { Terminal } from './terminal.ts';
import { waitingFor } from './waiting.ts';
import type { Words } from './words.ts';

export interface Follower {
  client: Client;
  words: Words;
  progress: Progress;
  terminal: Terminal;
  /** Called once for each completed frame. */
  onPicture(task: Task, frame: Frame): Promise<void>;
  /** Text beside the bar; null or absent: that it waits, or the number of completed frames. */
  label?(task: Task): string | null | Promise<string | null>;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_000;
const GIVE_UP_AFTER_MS = 60_000;

export async function follow(id: number, follower: Follower): Promise<Task> {
  const { client, terminal, words, progress } = follower;
  const seen = new Set<number>();
  let version = -1;
  let pauseMs = FIRST_PAUSE_MS;
  let isCancelled = false;

  for (;;) {
    if (terminal.interrupted.aborted && !isCancelled) {
      isCancelled = true;
      progress.say(words.task.cancelling);
      await cancel(client, id);
    }
    const task = await patiently(() => client.call('getTask', { params: { id } }), follower);
    pauseMs = task.version === version ? Math.min(pauseMs * 1.3, LONGEST_PAUSE_MS) : FIRST_PAUSE_MS;
    version = task.version;
    await collect(task, seen, follower);
    // The progress of a task that did not end well says nothing of what it did.
    if (!isFinal(task.status) || task.status === 'completed')
      progress.show({ fraction: task.progress, label: await labelOf(task, follower) });
    if (isFinal(task.status)) {
      progress.clear();
      return task;
    }
    await pause(pauseMs, isCancelled ? undefined : terminal.interrupted);
  }
}

async function collect(task: Task, seen: Set<number>, follower: Follower): Promise<void> {
  for (const frame of task.frames) {
    if (!frame.output || seen.has(frame.index)) continue;
    seen.add(frame.index);
    await follower.onPicture(task, frame);
  }
}

async function labelOf(task: Task, follower: Follower): Promise<string> {
  const { words, label } = follower;
  const own = label && (await patiently(async () => label(task), follower));
  if (own != null) return own;
  if (task.status === 'queued') return words.task.waiting;
  if (task.waits_behind != null) return waitingFor(task.waits_behind, task.task_kind, words);
  const done = task.frames.filter((frame) => frame.status !== 'queued' && frame.status !== 'running').length;
  return words.task.done(done, task.total_frames);
}

/** The task may have ended meanwhile; then there is nothing to cancel, and the next poll shows it. */
async function cancel(client: Client, id: number): Promise<void> {
  try {
    await client.call('cancelTask', { params: { id } });
  } catch (error) {
    if (!(error instanceof StudioError && error.code === 'task_not_cancellable')) throw error;
  }
}

/** Asks again for a while where there is no connection, or a server that is stopping or busy. */
export async function patiently<T>(
  ask: () => Promise<T>,
  { words, progress, terminal }: Pick<Follower, 'words' | 'progress' | 'terminal'>,
): Promise<T> {
  for (let waitedMs = 0; ; waitedMs += LONGEST_PAUSE_MS) {
    try {
      return await ask();
    } catch (error) {
      if (!isPassing(error) || terminal.interrupted.aborted || waitedMs >= GIVE_UP_AFTER_MS) throw error;
      if (waitedMs === 0) progress.say(words.server.lost);
      await pause(LONGEST_PAUSE_MS, terminal.interrupted);
    }
  }
}

/** Errors that may pass: no connection, a server that is stopping or busy. */
function isPassing(error: unknown): boolean {
  if (error instanceof StudioError) return error.code === 'shutting_down' || error.code === 'rate_limited';
  return error instanceof TypeError && !(error instanceof CliError);
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {});
}
