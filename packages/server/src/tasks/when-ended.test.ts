import { StudioError, type Task, type TaskEvent } from '@limner/contract';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { MemoryBus } from '../bus/memory-bus.ts';
import { whenEnded } from './when-ended.ts';

const bus = new MemoryBus();
const task = (status: Task['status']) => ({ id: 7, status }) as Task;
const publish = (event: Partial<TaskEvent>) => bus.publish({ type: 'event', event: event as TaskEvent });
const never = new AbortController().signal;

afterEach(() => {
  expect(bus.mayBeHeard('event')).toBe(false);
});

describe('waiting for the end of a task', () => {
  it('is over at once when it has ended already', async () => {
    const ended = whenEnded({ bus, read: async () => task('partial') }, 7, never);
    expect((await ended).status).toBe('partial');
  });

  it('is over with the event of its end, not with that of another task or of progress', async () => {
    const read = vi.fn(async () => task('running'));
    const ended = whenEnded({ bus, read }, 7, never);
    publish({ id: 8, status: 'completed' });
    publish({ id: 7, status: 'running' });
    expect(read).toHaveBeenCalledTimes(1);
    read.mockResolvedValue(task('completed'));
    publish({ id: 7, status: 'completed' });
    expect((await ended).status).toBe('completed');
  });

  it('is over when its event was lost', async () => {
    const read = vi.fn(async () => task('running'));
    const ended = whenEnded({ bus, read, pollMs: 5 }, 7, never);
    await vi.waitFor(() => expect(read.mock.calls.length).toBeGreaterThan(2));
    read.mockResolvedValue(task('failed'));
    expect((await ended).status).toBe('failed');
  });

  it('fails when the task is deleted meanwhile', async () => {
    const read = vi.fn(async () => task('running'));
    const ended = whenEnded({ bus, read }, 7, never);
    read.mockRejectedValue(new StudioError('task_not_found', { data: { id: 7 } }));
    publish({ id: 7, status: 'running', deleted: true });
    await expect(ended).rejects.toMatchObject({ code: 'task_not_found' });
  });

  it('is given up with the reason of its signal', async () => {
    const abort = new AbortController();
    const ended = whenEnded({ bus, read: async () => task('running') }, 7, abort.signal);
    abort.abort(new Error('gone away'));
    await expect(ended).rejects.toThrow('gone away');
    await expect(whenEnded({ bus, read: async () => task('running') }, 7, abort.signal)).rejects.toThrow(
      'gone away',
    );
  });
});
