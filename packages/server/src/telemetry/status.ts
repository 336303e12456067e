/** Puts together what runs, what waits and what is wrong. */
import { type Caller, DAY_MS, type StudioStatus } from '@limner/contract';
import { refuseStranger } from '../access.ts';
import type { Database } from '../db/database.ts';
import type { Engines } from '../engines/engines.ts';
import type { Blobs } from '../storage/blobs.ts';
import { pausedLanes } from '../tasks/store/paused-lanes.ts';
import { failuresSince } from './failures-store.ts';
import { laneDepths } from './lanes-store.ts';
import { processSigns } from './processes-store.ts';
import { problemsIn } from './status-problems.ts';

/** Three signs of life were missed. */
const GONE_AFTER_MS = 30_000;

export interface StatusOptions {
  db: Database;
  blobs: Pick<Blobs, 'room'>;
  engines: Pick<Engines, 'byLane' | 'health'>;
  redis: { state: 'ready' | 'away' } | null;
  storage: 'folder' | 'bucket';
  /** The name of this process. */
  name: string;
}

export class Status {
  readonly #options: StatusOptions;

  constructor(options: StatusOptions) {
    this.#options = options;
  }

  /** Covers all callers. */
  async read(caller: Caller): Promise<StudioStatus> {
    refuseStranger(caller);
    const { db, blobs, engines, redis, storage } = this.#options;
    const now = Date.now();
    const [processes, lanes, failures, size, room, health] = await Promise.all([
      this.#processes(now),
      this.#lanes(now),
      failuresSince(db.read, now - DAY_MS),
      db.size(),
      blobs.room().catch(() => null),
      engines.health(),
    ]);
    const status = {
      processes,
      lanes,
      errors: failures.map(({ code, count, lastMs, newest }) => ({
        code,
        count,
        last_at: moment(lastMs),
        error: newest,
      })),
      database: { kind: db.dialect, size_bytes: size.database.size_bytes },
      storage: {
        kind: storage,
        disk: room && { free_bytes: room.freeBytes, total_bytes: room.totalBytes },
      },
      redis: redis?.state ?? null,
    };
    return { ...status, problems: problemsIn(status, health) };
  }

  async #processes(now: number): Promise<StudioStatus['processes']> {
    const signs = await processSigns(this.#options.db.read, now);
    return signs.map(({ name, role, paints, version, started_at, lag_seconds, memory_bytes, ageMs }) => ({
      name,
      role,
      paints: paints === 1,
      version,
      started_at: moment(started_at),
      seen_seconds_ago: Math.max(0, ageMs / 1000),
      alive: ageMs < GONE_AFTER_MS,
      is_this: name === this.#options.name,
      lag_seconds,
      memory_bytes,
    }));
  }

  async #lanes(now: number): Promise<StudioStatus['lanes']> {
    const { db, engines } = this.#options;
    const known = engines.byLane();
    const paused = await pausedLanes(db.read);
    const depths = await laneDepths(
      db.read,
      known.map(({ lane }) => lane.id),
    );
    return depths.map(({ lane, queued, running, oldestMs }, index) => ({
      id: lane,
      engine: known[index]?.engine.label ?? { en: lane, zh: lane },
      queued,
      running,
      oldest_seconds: oldestMs === null ? null : Math.max(0, (now - oldestMs) / 1000),
      paused: paused.has(lane),
    }));
  }
}

const moment = (ms: number): string => new Date(ms).toISOString();
