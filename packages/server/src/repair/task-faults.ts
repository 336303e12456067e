/** Where the rows of a task contradict each other, and the rows that end the contradiction. Pure. */
import { type FindingKind, isFinal, outputId, StudioError, seedOf } from '@limner/contract';
import type { FrameRow, OutputRow, TaskRow } from '../db/schema.ts';
import { finalStatus, hasWork, NOTHING_PAINTED } from '../tasks/state.ts';

/** Its worker renews a lease every few seconds; a clock may differ by more than its length. */
const LEASE_OVER_MS = 60_000;

export type CheckedTask = Omit<TaskRow, 'plan' | 'search_text' | 'prompt'>;
export type CheckedOutput = Omit<OutputRow, 'provenance'>;

export interface TaskRows {
  task: CheckedTask;
  frames: FrameRow[];
  outputs: CheckedOutput[];
}

export interface Fault {
  kind: FindingKind;
  /** Id of the task or output. */
  name: string;
}

export interface Mending {
  faults: Fault[];
  /** Whole rows of the frames that change or are missing. */
  frames: FrameRow[];
  task: Partial<TaskRow>;
}

/** What a frame that is missing, or whose seed is damaged, was painted from. */
export type PaintedFrom = Pick<FrameRow, 'seed' | 'drawn'>;

/**
 * A task that a worker holds has no faults: its rows may be changing.
 * @param paintedFrom of frames that are missing or have no seed, by their index, as far as it is known
 */
export function mendingOf(
  { task, frames, outputs }: TaskRows,
  now: number,
  paintedFrom: ReadonlyMap<number, PaintedFrom> = new Map(),
): Mending {
  if (isHeld(task, now)) return { faults: [], frames: [], task: {} };
  const missing = missingFrames(task, frames, outputs, paintedFrom);
  const found = [...frames, ...missing].map((frame) => {
    const { kind, change } = faultOfFrame(task, frame, outputs, frames.includes(frame), now);
    const seed = isSeedless(frame) ? { seed: paintedFrom.get(frame.frame_index)?.seed ?? '0' } : null;
    const fault = kind ?? (seed && 'seed_unreadable');
    return { kind: fault, isChanged: fault !== null, frame: { ...frame, ...change, ...seed } };
  });
  const mended = found.map(({ frame }) => frame);
  const change = changeOfTask(task, mended, now);
  const total = totalsOf(task, mended, outputs);
  return {
    faults: [
      ...faultsOfFrames(task, found),
      ...faultsOfTask(
        task,
        change,
        found.some(({ isChanged }) => isChanged),
      ),
      ...(Object.keys(total).length > 0 && mended.length === frames.length
        ? [{ kind: 'totals_disagree', name: String(task.id) } as const]
        : []),
    ],
    frames: found.filter(({ isChanged }) => isChanged).map(({ frame }) => frame),
    task: { ...change, ...total },
  };
}

export const isHeld = (
  { status, lease, lease_until }: Pick<CheckedTask, 'status' | 'lease' | 'lease_until'>,
  now: number,
): boolean => status === 'running' && lease !== null && (lease_until ?? 0) >= now - LEASE_OVER_MS;

/** A frame whose file, if it is there, is what it made: it is finished, or its task has ended without it. */
export const lacksOutput = ({ task, frames, outputs }: TaskRows, index: number): boolean =>
  !outputs.some(({ frame_index }) => frame_index === index) &&
  frames.some(
    (frame) =>
      frame.frame_index === index &&
      (frame.status === 'completed' || (hasWork([frame]) && isFinal(task.status))),
  );

const isSeedless = ({ seed }: Pick<FrameRow, 'seed'>): boolean => seedOf(String(seed)) === null;

/** Indices of the frames that are missing or have no seed. */
export const seedless = (rows: TaskRows): number[] => [
  ...frameless(rows).map(({ frame_index }) => frame_index),
  ...rows.frames.filter(isSeedless).map(({ frame_index }) => frame_index),
];

/** Of each missing frame its first output. */
function frameless({ frames, outputs }: Pick<TaskRows, 'frames' | 'outputs'>): CheckedOutput[] {
  const known = new Set(frames.map(({ frame_index }) => frame_index));
  const missing = outputs.filter(({ frame_index }) => !known.has(frame_index)).toReversed();
  return [...new Map(missing.map((output) => [output.frame_index, output])).values()].toReversed();
}

function missingFrames(
  { id }: CheckedTask,
  frames: FrameRow[],
  outputs: CheckedOutput[],
  paintedFrom: ReadonlyMap<number, PaintedFrom>,
): FrameRow[] {
  return frameless({ frames, outputs }).map((output) => ({
    task_id: id,
    frame_index: output.frame_index,
    status: 'completed',
    ...(paintedFrom.get(output.frame_index) ?? { seed: '0', drawn: null }),
    tries: 1,
    interruptions: 0,
    ticket: null,
    error: null,
    progress: 1,
    waits_behind: null,
    preview: null,
    started_at: null,
    completed_at: output.created_at,
  }));
}

interface FrameFault {
  kind: FindingKind | null;
  change: Partial<FrameRow>;
}

function faultOfFrame(
  task: CheckedTask,
  frame: FrameRow,
  outputs: CheckedOutput[],
  isKnown: boolean,
  now: number,
): FrameFault {
  if (!isKnown) return { kind: 'output_without_frame', change: {} };
  const [output] = outputs.filter(({ frame_index }) => frame_index === frame.frame_index);
  if (output && frame.status !== 'completed')
    return {
      kind: 'output_of_unfinished',
      change: { ...DONE, status: 'completed', progress: 1, completed_at: output.created_at },
    };
  // A training that was recovered or deleted in part has no sheet.
  if (!output && frame.status === 'completed' && task.kind !== 'training')
    return {
      kind: 'completed_without_output',
      change: { ...DONE, status: 'failed', error: missingFile(frame), completed_at: now },
    };
  if (!hasWork([frame])) return { kind: null, change: {} };
  if (isFinal(task.status))
    return { kind: 'ended_with_work', change: { ...DONE, status: 'cancelled', completed_at: now } };
  return frame.status === 'running'
    ? { kind: 'running_without_lease', change: { status: 'queued', ...NOTHING_PAINTED } }
    : { kind: null, change: {} };
}

const DONE = { error: null, ticket: null, preview: null } as const;

const missingFile = ({ task_id: task, frame_index: frame }: FrameRow): string =>
  JSON.stringify(
    new StudioError('file_not_found', { data: { name: outputId({ task, frame, place: 0 }) } }).body(),
  );

/** Status, lease and error that follow from the frames. */
function changeOfTask(task: CheckedTask, frames: FrameRow[], now: number): Partial<TaskRow> {
  if (frames.length === 0) return {};
  if (hasWork(frames))
    return task.status === 'queued' && task.lease === null
      ? {}
      : { status: 'queued', lease: null, lease_until: null, completed_at: null };
  const status = finalStatus(frames, task.status === 'cancelled');
  if (status === task.status) {
    if (task.completed_at !== null) return {};
    return {
      completed_at: Math.max(task.created_at, ...frames.map(({ completed_at }) => completed_at ?? 0)),
    };
  }
  const isFailure = status === 'failed' || status === 'partial';
  const error = isFailure ? (frames.find((frame) => frame.status === 'failed')?.error ?? null) : null;
  return { status, error, lease: null, lease_until: null, completed_at: task.completed_at ?? now };
}

function totalsOf(task: CheckedTask, frames: FrameRow[], outputs: CheckedOutput[]): Partial<TaskRow> {
  const stars = outputs.filter(({ starred }) => starred === 1).length;
  return {
    ...(task.total_frames === frames.length ? {} : { total_frames: frames.length }),
    ...(task.stars === stars ? {} : { stars }),
  };
}

const BY_TASK: FindingKind[] = ['ended_with_work', 'running_without_lease'];

/** Those of a whole task are named once, by the task. */
function faultsOfFrames(task: CheckedTask, found: { kind: FindingKind | null; frame: FrameRow }[]): Fault[] {
  const faults = found.flatMap(({ kind, frame }) => {
    if (kind === null) return [];
    const name = BY_TASK.includes(kind)
      ? String(task.id)
      : outputId({ task: task.id, frame: frame.frame_index, place: 0 });
    return [{ kind, name }];
  });
  return [...new Map(faults.map((fault) => [`${fault.kind} ${fault.name}`, fault])).values()];
}

/** Of a task whose frames are sound. */
function faultsOfTask(task: CheckedTask, change: Partial<TaskRow>, isFrameChanged: boolean): Fault[] {
  const name = String(task.id);
  if (isFrameChanged) return [];
  if (change.status === undefined)
    return change.completed_at === undefined ? [] : [{ kind: 'ended_without_time', name }];
  if (change.status === 'queued') return [{ kind: 'running_without_lease', name }];
  return [{ kind: isFinal(task.status) ? 'status_disagrees' : 'waiting_without_work', name }];
}
