/**
 * The one store of tasks. Lists, answers and the socket all feed it; pages select from it. It never requests what it
 * has, and requests an unknown task of an event once.
 */
import { StudioError, type Task, type TaskEvent, type TaskListItem } from '@limner/contract';
import { create } from 'zustand';
import { api } from '../api/api.ts';
import type { Connection } from '../api/event-socket.ts';
import { type TaskEntry, withDetail, withEvent, withItem, withoutPictures } from './task-news.ts';

interface Tasks {
  entries: Record<number, TaskEntry>;
  /** Grows when a task is added, removed or changes its status; only then lists are rebuilt. */
  listRevision: number;
  connection: Connection;
  /** Why the socket does not open although Limner, or a proxy in front of it, answers. */
  socketProblem: unknown;
}

export const useTasks = create<Tasks>(() => ({
  entries: {},
  listRevision: 0,
  connection: 'connecting',
  socketProblem: null,
}));

/** Events of tasks whose detail is loading; they may be newer than the answer. */
const awaited = new Map<number, { events: TaskEvent[]; loaded: Promise<void> }>();
/** Deleted tasks, with their last version: so that a late answer does not restore them. */
const gone = new Map<number, number>();
let greatestVersion = 0;

export const greatestVersionSeen = (): number => greatestVersion;
export const sawVersion = (version: number): void => {
  greatestVersion = Math.max(greatestVersion, version);
};

export function receiveList(items: TaskListItem[]): void {
  change((entries) => {
    for (const item of items) if (!isGone(item)) entries[item.id] = withItem(entries[item.id], item);
  });
}

export function receiveTask(task: Task): void {
  if (isGone(task)) return;
  change((entries) => {
    entries[task.id] = withDetail(entries[task.id], task);
  });
}

export function receiveEvents(events: TaskEvent[]): void {
  const unknown = new Set<number>();
  change((entries) => {
    for (const event of events) {
      sawVersion(event.version);
      awaited.get(event.id)?.events.push(event);
      const entry = entries[event.id];
      if (event.deleted) remove(entries, event.id, event.version);
      else if (entry) entries[event.id] = withEvent(entry, event);
      else unknown.add(event.id);
    }
  });
  for (const id of unknown) void loadTask(id).catch(() => undefined);
}

/** Loads a task with its frames unless loaded or loading. */
export function loadTask(id: number, again = false): Promise<void> {
  if (!again && useTasks.getState().entries[id]?.detail) return Promise.resolve();
  const under = awaited.get(id);
  if (under) return under.loaded;
  const events: TaskEvent[] = [];
  const loaded = fetchTask(id, events).finally(() => awaited.delete(id));
  awaited.set(id, { events, loaded });
  return loaded;
}

/** Loads every loaded task again. */
export async function reloadTasks(): Promise<void> {
  for (const { item, detail } of Object.values(useTasks.getState().entries))
    if (detail) await loadTask(item.id, true).catch(() => undefined);
}

async function fetchTask(id: number, meanwhile: TaskEvent[]): Promise<void> {
  const task = await api.call('getTask', { params: { id } }).catch((problem: unknown) => {
    if (problem instanceof StudioError && problem.code === 'task_not_found') forgetTask(id);
    throw problem;
  });
  if (meanwhile.some((event) => event.deleted) || isGone(task)) return;
  change((entries) => {
    entries[id] = meanwhile.reduce(withEvent, withDetail(entries[id], task));
  });
}

export function forgetTask(id: number): void {
  change((entries) => remove(entries, id, entries[id]?.item.version ?? 0));
}

function remove(entries: Record<number, TaskEntry>, id: number, version: number): void {
  gone.set(id, Math.max(version, gone.get(id) ?? 0));
  delete entries[id];
}

const isGone = ({ id, version }: { id: number; version: number }): boolean => version <= (gone.get(id) ?? -1);

/** Removes tasks of `held` with ids from `oldest` on that are not in `there`. */
export function keepOnly(held: number[], there: number[], oldest: number): void {
  const known = new Set(there);
  const gone = held.filter((id) => id >= oldest && !known.has(id));
  if (gone.length === 0) return;
  change((entries) => {
    for (const id of gone) delete entries[id];
  });
}

/** The picture is deleted; what the server sends of its task agrees. */
export function forgetPicture(id: number, output: string): void {
  change((entries) => {
    const entry = entries[id];
    if (entry) entries[id] = withoutPictures(entry, new Set([output]));
  });
}

/** Applies many changes as one: subscribers are notified once, and lists only if their members may differ. */
function change(apply: (entries: Record<number, TaskEntry>) => void): void {
  const { entries, listRevision } = useTasks.getState();
  const next = { ...entries };
  apply(next);
  const differs = listsMayDiffer(entries, next);
  useTasks.setState({ entries: next, listRevision: differs ? listRevision + 1 : listRevision });
}

function listsMayDiffer(before: Record<number, TaskEntry>, after: Record<number, TaskEntry>): boolean {
  const ids = Object.keys(after);
  if (ids.length !== Object.keys(before).length) return true;
  return ids.some((id) => {
    const [was, is] = [before[Number(id)], after[Number(id)]];
    return (
      was !== is &&
      (was?.item.status !== is?.item.status ||
        was?.item.stars !== is?.item.stars ||
        was?.item.total_frames !== is?.item.total_frames ||
        (was?.detail === null) !== (is?.detail === null))
    );
  });
}
