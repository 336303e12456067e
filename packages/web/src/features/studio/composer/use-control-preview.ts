/**
 * What a ControlNet sees of a picture, looked at anew when the picture, the type or the size has rested for a moment. The
 * last answer stays until the next is here. A look is nothing to keep: its task is deleted with the next one.
 */
import { type ControlPreviewInput, type ErrorBody, isFinal } from '@limner/contract';
import { useEffect, useState } from 'react';
import { api } from '../../../api/api.ts';
import { forgetTask, receiveTask, useTasks } from '../../../state/tasks.ts';

const REST_MS = 400;

interface Look {
  id: number | null;
  problem: unknown;
}

interface ControlPreview {
  url: string | null;
  looking: boolean;
  /** Why the look failed. */
  error: ErrorBody | null;
  /** What was thrown when asking for it. */
  problem: unknown;
}

const NONE: Look = { id: null, problem: null };

/** Without a wish nothing is looked at. */
export function useControlPreview(wish: ControlPreviewInput | null): ControlPreview {
  const [look, setLook] = useState(NONE);
  const [shown, setShown] = useState<string | null>(null);
  const key = wish && JSON.stringify(wish);
  useEffect(() => {
    setLook(NONE);
    if (key === null) setShown(null);
    else return startLook(JSON.parse(key), setLook);
  }, [key]);

  const task = useTasks((state) => (look.id === null ? null : (state.entries[look.id]?.detail ?? null)));
  const url = task?.frames[0]?.output?.url ?? null;
  useEffect(() => {
    if (url) setShown(url);
  }, [url]);
  const error = task && isFinal(task.status) && url === null ? (task.frames[0]?.error ?? task.error) : null;
  const looking = key !== null && url === null && error === null && look.problem === null;
  return { url: url ?? shown, looking, error, problem: look.problem };
}

function startLook(wish: ControlPreviewInput, tell: (look: Look) => void): () => void {
  let id: number | null = null;
  let left = false;
  const timer = setTimeout(async () => {
    try {
      const task = await api.call('controlPreview', { body: wish });
      id = task.id;
      if (left) return discard(id);
      receiveTask(task);
      tell({ id, problem: null });
    } catch (problem) {
      if (!left) tell({ id: null, problem });
    }
  }, REST_MS);
  const atLeave = () => {
    if (id !== null) void fetch(`/api/tasks/${id}`, { method: 'DELETE', keepalive: true });
  };
  addEventListener('pagehide', atLeave);
  return () => {
    left = true;
    clearTimeout(timer);
    removeEventListener('pagehide', atLeave);
    if (id !== null) discard(id);
  };
}

function discard(id: number): void {
  forgetTask(id);
  void api.call('deleteTask', { params: { id } }).catch(() => undefined);
}
