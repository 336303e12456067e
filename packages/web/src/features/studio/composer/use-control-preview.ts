/**
 * The control preview, requested again after the picture, type or size has not changed for a moment. The last one is
 * shown until the next arrives, and its task is deleted then.
 */
import { type ControlPreviewInput, type ErrorBody, isFinal } from '@limner/contract';
import { useEffect, useState } from 'react';
import { api } from '../../../api/api.ts';
import { BASE } from '../../../api/base.ts';
import { forgetTask, receiveTask, useTasks } from '../../../state/tasks.ts';

const REST_MS = 400;

interface PreviewTask {
  id: number | null;
  problem: unknown;
}

interface ControlPreview {
  url: string | null;
  loading: boolean;
  /** Why the preview failed. */
  error: ErrorBody | null;
  /** The error of the request. */
  problem: unknown;
}

const NONE: PreviewTask = { id: null, problem: null };

/** Null: no preview. */
export function useControlPreview(input: ControlPreviewInput | null): ControlPreview {
  const [preview, setPreview] = useState(NONE);
  const [shown, setShown] = useState<string | null>(null);
  const key = input && JSON.stringify(input);
  useEffect(() => {
    setPreview(NONE);
    if (key === null) setShown(null);
    else return startPreview(JSON.parse(key), setPreview);
  }, [key]);

  const task = useTasks((state) =>
    preview.id === null ? null : (state.entries[preview.id]?.detail ?? null),
  );
  const url = task?.frames[0]?.output?.url ?? null;
  useEffect(() => {
    if (url) setShown(url);
  }, [url]);
  const error = task && isFinal(task.status) && url === null ? (task.frames[0]?.error ?? task.error) : null;
  const loading = key !== null && url === null && error === null && preview.problem === null;
  return { url: url ?? shown, loading, error, problem: preview.problem };
}

function startPreview(input: ControlPreviewInput, onChange: (preview: PreviewTask) => void): () => void {
  let id: number | null = null;
  let left = false;
  const timer = setTimeout(async () => {
    try {
      const task = await api.call('controlPreview', { body: input });
      id = task.id;
      if (left) return discard(id);
      receiveTask(task);
      onChange({ id, problem: null });
    } catch (problem) {
      if (!left) onChange({ id: null, problem });
    }
  }, REST_MS);
  const atLeave = () => {
    if (id !== null) void fetch(`${BASE}/api/tasks/${id}`, { method: 'DELETE', keepalive: true });
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
