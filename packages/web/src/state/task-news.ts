/**
 * Applies events to the store. Pure. The greater version is the newer, from whatever source. Each task has two states:
 * its row in a list and, once loaded, its detail with frames.
 */
import { type Frame, outputsLeft, type Task, type TaskEvent, type TaskListItem } from '@limner/contract';

export interface TaskEntry {
  item: TaskListItem;
  /** null until the frames are loaded. */
  detail: Task | null;
}

export function withItem(entry: TaskEntry | undefined, item: TaskListItem): TaskEntry {
  if (!entry) return { item, detail: null };
  return item.version > entry.item.version ? { ...entry, item } : entry;
}

export function withDetail(entry: TaskEntry | undefined, task: Task): TaskEntry {
  const detail = entry?.detail && entry.detail.version > task.version ? entry.detail : task;
  const item = entry && entry.item.version > task.version ? entry.item : task;
  return { item, detail };
}

export function withEvent(entry: TaskEntry, event: TaskEvent): TaskEntry {
  const { item, detail } = entry;
  const newer = event.version > item.version;
  const deeper = detail !== null && event.version > detail.version;
  if (!newer && !deeper) return entry;
  return {
    item: newer ? { ...item, ...changesOf(item, event) } : item,
    detail: deeper
      ? { ...detail, ...changesOf(detail, event), frames: withFrames(detail.frames, event) }
      : detail,
  };
}

function changesOf(held: TaskListItem, event: TaskEvent) {
  const ended = event.status !== 'queued' && event.status !== 'running';
  return {
    status: event.status,
    progress: event.progress,
    waits_behind: event.waits_behind,
    painting_frames: event.painting_frames,
    output_paths: event.output_paths,
    finished_frames: event.finished_frames,
    stars: event.stars,
    error: event.error,
    expires_at: event.expires_at,
    version: event.version,
    total_frames: event.total_frames,
    started_at: held.started_at ?? (event.status === 'queued' ? null : event.timestamp),
    completed_at: ended ? (held.completed_at ?? event.timestamp) : null,
  };
}

function withFrames(held: Frame[], { frames, total_frames }: TaskEvent): Frame[] {
  if (frames.length === 0) return held;
  // The list is complete, so stored frames that are not in it were deleted.
  if (frames.length === total_frames) return frames;
  const changed = new Map(frames.map((frame) => [frame.index, frame]));
  return held.map((frame) => changed.get(frame.index) ?? frame);
}

export const starsOf = (frames: Frame[]): number =>
  frames.flatMap(({ outputs }) => outputs).filter(({ starred }) => starred).length;

/** The task without some of its outputs; a frame is removed with its last output. */
export function withoutPictures({ item, detail }: TaskEntry, gone: ReadonlySet<string>): TaskEntry {
  if (!detail) return { item, detail };
  const frames = detail.frames.flatMap((frame) => {
    const outputs = outputsLeft(frame.outputs, ({ id }) => gone.has(id));
    if (outputs.length === frame.outputs.length) return frame;
    return outputs.length === 0 ? [] : { ...frame, output: outputs[0] ?? null, outputs };
  });
  const urls = new Set(frames.flatMap(({ outputs }) => outputs.map(({ url }) => url)));
  const left = {
    total_frames: frames.length,
    output_paths: detail.output_paths.filter((url) => urls.has(url)),
    finished_frames: frames.filter(({ output }) => output !== null).length,
    stars: starsOf(frames),
  };
  return {
    item: { ...item, ...left },
    detail: { ...detail, ...left, batch_size: frames.length, frames },
  };
}
