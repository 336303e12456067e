/** Gauges that are read when they are asked for, each source at most every few seconds however often that is. */
import type { EngineHealth, StorageUse } from '@limner/contract';
import type { DatabaseSize } from '../db/database.ts';

export interface Reading {
  name: string;
  help: string;
  labels: Record<string, string>;
  value: number;
}

export type ReadingSource = () => Promise<Reading[]>;

/** The result is kept for this long; readers meanwhile share it. A failure is not kept. */
export function keptFor(ms: number, read: ReadingSource): ReadingSource {
  let known: { readings: Promise<Reading[]>; untilMs: number } | null = null;
  return () => {
    if (known && performance.now() < known.untilMs) return known.readings;
    const next = { readings: read(), untilMs: performance.now() + ms };
    known = next;
    next.readings.catch(() => {
      if (known === next) known = null;
    });
    return next.readings;
  };
}

const gauge = (name: string, help: string, value: number, labels: Reading['labels'] = {}): Reading => ({
  name,
  help,
  labels,
  value,
});

/** A server of a kind of engine, or an engine that is part of Limner. `running` and `queued` are frames of this process. */
export function engineReadings(health: readonly EngineHealth[]): Reading[] {
  return health.flatMap(({ kind, label, status, running, queued, memory }) => {
    const labels = { engine: kind, server: label.en };
    const isUp = status === 'ready' || status === 'idle' || status === 'busy' || status === 'draining';
    return [
      gauge('limner_engine_up', '1 if the engine or server can paint', isUp ? 1 : 0, labels),
      gauge('limner_engine_running_frames', 'Frames it works on', running, labels),
      gauge('limner_engine_queue', 'Frames that wait in it', queued, labels),
      ...(memory
        ? [
            gauge('limner_engine_memory_used_bytes', 'Memory of its device', memory.used_bytes, labels),
            gauge('limner_engine_memory_total_bytes', 'Memory of its device', memory.total_bytes, labels),
          ]
        : []),
    ];
  });
}

export interface LaneDepth {
  lane: string;
  queued: number;
  running: number;
  /** ms since 1970; null: no task waits. */
  oldestMs: number | null;
}

export const laneReadings = (lanes: readonly LaneDepth[], nowMs: number): Reading[] =>
  lanes.flatMap(({ lane, queued, running, oldestMs }) => [
    gauge('limner_tasks', 'Tasks of the installation', queued, { state: 'queued', lane }),
    gauge('limner_tasks', 'Tasks of the installation', running, { state: 'running', lane }),
    gauge(
      'limner_queue_oldest_seconds',
      'Age of the oldest waiting task',
      oldestMs === null ? 0 : Math.max(0, (nowMs - oldestMs) / 1000),
      { lane },
    ),
  ]);

export function storageReadings({ parts, disk }: Pick<StorageUse, 'parts' | 'disk'>): Reading[] {
  return [
    ...parts.map(({ part, size_bytes }) =>
      gauge('limner_storage_bytes', 'Size of each part of the stored data', size_bytes, { part }),
    ),
    ...(disk.total_bytes > 0 ? diskReadings(disk.free_bytes, disk.total_bytes) : []),
  ];
}

export const databaseReadings = ({ database }: DatabaseSize): Reading[] => [
  gauge('limner_db_size_bytes', 'Size of the database', database.size_bytes),
];

const diskReadings = (free: number, total: number): Reading[] => [
  gauge('limner_disk_free_bytes', 'Free space of the storage', free),
  gauge('limner_disk_total_bytes', 'Space of the storage', total),
];

export const socketReadings = (clients: number): Reading[] => [
  gauge('limner_event_clients', 'Open WebSockets of this process', clients),
];
