/** Waits for tasks, and where alpha is asked for, for the cut-outs of their pictures. */
import { type CutOut, isFinal, StudioError, type Task } from '@limner/contract';
import type { CallToolResult } from '@modelcontextprotocol/server';
import { type CutOuts, cutOutResult } from './cut-out-result.ts';
import type { Shown } from './preview.ts';
import { taskResult } from './task-result.ts';
import type { ToolCall } from './tool.ts';
import { deadlineIn, waitForTask } from './wait.ts';

interface Waiting {
  wait_seconds: number;
  return: Shown;
  transparent?: boolean;
}

/** Waits for a new task, which is cancelled with its cut-outs if the client cancels the call. */
export const madeTask = (
  made: Task | { id: number },
  options: Waiting,
  call: ToolCall,
  note: string | null = null,
): Promise<CallToolResult> =>
  cancelledWith([made.id], call, (tasks) => waitedTask(made, options, call, note, tasks));

/** Waits for a task that another call made, and cuts its pictures out. Only the cut-outs are cancelled with the call. */
export const cutOutTask = (
  id: number,
  options: Omit<Waiting, 'transparent'>,
  call: ToolCall,
): Promise<CallToolResult> =>
  cancelledWith([], call, (tasks) =>
    waitedTask({ id }, { ...options, transparent: true }, call, null, tasks),
  );

async function cancelledWith(
  tasks: number[],
  call: ToolCall,
  work: (tasks: number[]) => Promise<CallToolResult>,
): Promise<CallToolResult> {
  try {
    return await work(tasks);
  } catch (error) {
    if (call.signal.aborted && !call.studio.leaving.aborted) await cancelAll(tasks, call);
    throw error;
  }
}

async function cancelAll(tasks: number[], { studio }: ToolCall): Promise<void> {
  for (const id of tasks)
    await studio.client.call('cancelTask', { params: { id } }).catch((error: unknown) => {
      // It has ended.
      if (!(error instanceof StudioError)) throw error;
    });
}

/** @param tasks gets the cut-outs that it waits for */
async function waitedTask(
  made: Task | { id: number },
  { wait_seconds, return: shown, transparent: isTransparent = false }: Waiting,
  call: ToolCall,
  note: string | null,
  tasks: number[],
): Promise<CallToolResult> {
  const deadlineMs = deadlineIn(wait_seconds);
  const { id } = made;
  const known = 'task_kind' in made ? made : null;
  const task = await waitForTask(id, deadlineMs, isTransparent ? partOf(call, 0, PAINTING) : call, known);
  if (!isTransparent || !hasPictures(task)) return taskResult(task, shown, call, note, isTransparent);
  const cutOuts = await beganCutOuts(id, call);
  if (cutOuts instanceof StudioError) {
    const notes = [note, cutOuts.body(call.language).message];
    return taskResult(task, shown, call, notes.filter(Boolean).join(' '));
  }
  // Another call may wait for those that it began.
  tasks.push(...cutOuts.flatMap(({ task: cut, is_new }) => (cut !== null && is_new !== false ? cut : [])));
  return cutOutResult(task, await waitedCutOuts(cutOuts, deadlineMs, call), shown, call, note);
}

/** A studio that cannot cut out still gives the opaque pictures, and the reason. */
const beganCutOuts = (id: number, { studio }: ToolCall): Promise<CutOut[] | StudioError> =>
  studio.client.call('cutOutTask', { params: { id } }).catch((error: unknown) => {
    if (error instanceof StudioError) return error;
    throw error;
  });

/** Share of the progress of a task whose pictures are then cut out. */
const PAINTING = 0.7;

const partOf = (call: ToolCall, from: number, to: number): ToolCall => ({
  ...call,
  progress: (done, message) => call.progress(from + (to - from) * done, message),
});

/** Those of a cancelled task are not cut out any more. */
const hasPictures = ({ status, finished_frames }: Task): boolean =>
  isFinal(status) && status !== 'cancelled' && finished_frames > 0;

async function waitedCutOuts(cutOuts: CutOut[], deadlineMs: number, call: ToolCall): Promise<CutOuts> {
  const ended: CutOuts = new Map();
  const share = (1 - PAINTING) / Math.max(1, cutOuts.length);
  for (const [index, { picture, task }] of cutOuts.entries()) {
    const from = PAINTING + share * index;
    ended.set(
      picture,
      task === null ? null : await waitForTask(task, deadlineMs, partOf(call, from, from + share)),
    );
  }
  return ended;
}
