/** What watches over a process: the port for Prometheus, and its signs of life. */
import { SYSTEM } from '../access.ts';
import { Heartbeat } from '../telemetry/heartbeat.ts';
import { inspectionServer } from '../telemetry/inspection-server.ts';
import { laneDepths } from '../telemetry/lanes-store.ts';
import { readiness } from '../telemetry/readiness.ts';
import {
  databaseReadings,
  engineReadings,
  keptFor,
  laneReadings,
  type ReadingSource,
  socketReadings,
  storageReadings,
} from '../telemetry/readings.ts';
import type { Closings } from './closings.ts';
import type { Desk } from './desk.ts';
import type { OpenEngines } from './engines.ts';
import type { Shared } from './shared.ts';

const QUEUE_MS = 5_000;
const ENGINES_MS = 5_000;
/** It reads a row of each picture. */
const STORAGE_MS = 5 * 60_000;

/**
 * @param desk null in a worker, which leaves the parts of the storage to others
 * @returns its address; null: it is not wanted
 */
export async function openInspection(
  shared: Shared,
  { engines }: Pick<OpenEngines, 'engines'>,
  desk: Pick<Desk, 'meter' | 'sockets'> | null,
  draining: AbortSignal,
  closings: Closings,
): Promise<string | null> {
  const { config, db, blobs, log, prometheus, name } = shared;
  if (!config.metrics || !prometheus) return null;
  const lanes = engines.lanes.map(({ id }) => id);
  const sources: ReadingSource[] = [
    keptFor(QUEUE_MS, async () => laneReadings(await laneDepths(db.read, lanes), Date.now())),
    keptFor(ENGINES_MS, async () => engineReadings(await engines.health())),
    keptFor(STORAGE_MS, async () => databaseReadings(await db.size())),
    ...(desk
      ? [
          keptFor(STORAGE_MS, async () => storageReadings(await desk.meter.use(SYSTEM))),
          async () => socketReadings(desk.sockets.count),
        ]
      : []),
  ];
  /** What cannot be read is left out, so that Prometheus still sees the rest. */
  const read = async (source: ReadingSource) =>
    source().catch((error) => {
      log.warn({ err: error }, 'a metric could not be read');
      return [];
    });
  const server = await inspectionServer(config.metrics, {
    metrics: async () => ({
      type: prometheus.contentType,
      text: await prometheus.text((await Promise.all(sources.map(read))).flat()),
    }),
    ready: () => readiness(db, blobs, draining),
  });
  closings.add(() => server.close());
  log.info({ url: server.url, process: name }, 'metrics are offered');
  return server.url;
}

/** Signs of life for the status of the installation. */
export async function openHeartbeat(
  { config, db, log, name }: Shared,
  role: 'serve' | 'worker',
  closings: Closings,
): Promise<void> {
  const paints = role === 'worker' || config.runWorker ? 1 : 0;
  const heartbeat = new Heartbeat({ db, log, process: { name, role, paints, version: config.version } });
  await heartbeat.start();
  closings.add(() => heartbeat.close());
}
