import type { Task, TaskStatus } from '@limner/contract';
import { describe, expect, it } from 'vitest';
import type { ToolCall } from './tool.ts';
import { deadlineIn, waitForTask } from './wait.ts';
import { WORDS } from './words.ts';

const NEVER = new AbortController().signal;

function callWith(statuses: TaskStatus[], ended?: () => Promise<unknown>) {
  const asked: TaskStatus[] = [];
  const getTask = async () => {
    const status = statuses[Math.min(asked.length, statuses.length - 1)] as TaskStatus;
    asked.push(status);
    return { id: 1, status, progress: 0, finished_frames: 0, total_frames: 1 } as Task;
  };
  const studio = { client: { call: getTask }, leaving: NEVER, ...(ended ? { ended } : {}) };
  const call = { studio, signal: NEVER, words: WORDS.en, progress: async () => {} } as unknown as ToolCall;
  return { asked, call };
}

describe('waiting for a task', () => {
  it('asks for it once, when it is said to have ended', async () => {
    let status: TaskStatus = 'running';
    const { asked, call } = callWith(['completed'], async () => {
      await new Promise((resolve) => setImmediate(resolve));
      status = 'completed';
    });
    expect((await waitForTask(1, deadlineIn(60), call)).status).toBe('completed');
    expect([asked, status]).toEqual([['completed'], 'completed']);
  });

  it('asks again, with pauses, for a task that runs again or of which nothing is said', async () => {
    const again = callWith(['queued', 'completed'], () => Promise.reject(new Error('gone')));
    const plain = callWith(['queued', 'completed']);
    for (const { call } of [again, plain])
      expect((await waitForTask(1, deadlineIn(60), call)).status).toBe('completed');
    expect([again.asked, plain.asked]).toEqual(Array(2).fill(['queued', 'completed']));
  });

  it('gives it as it is when the time is over', async () => {
    const { asked, call } = callWith(['running'], () => new Promise(() => {}));
    expect((await waitForTask(1, deadlineIn(0), call)).status).toBe('running');
    expect(asked).toEqual(['running']);
  });
});
