/**
 * Chores of an installation: removing left-overs of a crash, clean-up by age, the search index, webhooks. One of several
 * processes runs them, and skips files that another may still be writing.
 */
import { DAY_MS } from '@limner/contract';
import { SYSTEM } from '../access.ts';
import { jsonWriter } from '../http/base-path.ts';
import { DownloadWatch } from '../models/download-watch.ts';
import { setOutputsAside } from '../tasks/orphans.ts';
import { forgetRequests } from '../tasks/repeated-requests.ts';
import { removeOldPreviews } from '../tasks/store/frame-progress.ts';
import { readTask } from '../tasks/store/task-rows.ts';
import { toListItem } from '../tasks/to-task.ts';
import { setLorasAside } from '../training/orphans.ts';
import { setUploadsAside } from '../uploads/orphans.ts';
import { webhookAddresses } from '../webhooks/addresses.ts';
import { Deliverer } from '../webhooks/deliverer.ts';
import { Closings } from './closings.ts';
import type { OpenEngines } from './engines.ts';
import { Leadership } from './leadership.ts';
import { Rounds } from './rounds.ts';
import { before, openCleanup, ROW_WITHIN_MS, type Shared } from './shared.ts';

const HOUR_MS = 3_600_000;
/** Longer than any live process has an unfinished temporary file. */
const WRITTEN_WITHIN_MS = DAY_MS;

export interface ChoreTimes {
  /** Replaces the usual pauses between the tries of a delivery. */
  webhookPausesMs?: readonly number[];
}

export async function openChores(
  shared: Shared,
  engines: OpenEngines,
  times: ChoreTimes,
  closings: Closings,
): Promise<void> {
  const { config, log, name, db, isAlone } = shared;
  if (!config.runChores) return;
  const lead = () => doChores(shared, engines, times);
  if (isAlone) {
    await shared.blobs.removeTemporary(shared.openedMs);
    closings.add(lead());
    return;
  }
  const leadership = new Leadership({ db, log, name: 'chores', holder: name, lead });
  leadership.start();
  closings.add(() => leadership.close());
}

/** Returns a function that ends it. */
function doChores(
  shared: Shared,
  { runs, models, downloads }: OpenEngines,
  { webhookPausesMs }: ChoreTimes,
): () => Promise<void> {
  const { config, log, db, blobs, bus, search, bin, starNotes } = shared;
  const closings = new Closings();
  search.start();
  closings.add(() => search.close());
  const rounds = new Rounds(log);
  closings.add(() => rounds.close());
  const cleanup = openCleanup(shared, closings);
  const orphans = { db, blobs, log, stopped: () => rounds.isClosed };
  rounds.every(DAY_MS, async () => {
    await starNotes.addMissing(() => rounds.isClosed);
    await blobs.removeTemporary(before(shared, WRITTEN_WITHIN_MS));
    await runs.removeLeftOvers();
    await setOutputsAside(orphans, before(shared, ROW_WITHIN_MS));
    await setUploadsAside(orphans, before(shared, ROW_WITHIN_MS));
    await setLorasAside(orphans, before(shared, ROW_WITHIN_MS));
    await db.write(removeOldPreviews, { durable: false });
  });
  const deliverer = new Deliverer({
    db,
    bus,
    log,
    isAllowed: webhookAddresses(config),
    writeJson: jsonWriter(config.basePath),
    ...(webhookPausesMs ? { pausesMs: webhookPausesMs } : {}),
    taskOf: async (id) => {
      const found = await readTask(SYSTEM, db.read, id);
      return found && toListItem(found, config.cleanupDays);
    },
  });
  closings.add(() => deliverer.close());
  deliverer.wake();
  const watch = new DownloadWatch({ db, bus, log, servers: models, ended: () => downloads.load() });
  closings.add(() => watch.close());
  watch.wake();
  rounds.every(HOUR_MS, async () => {
    await forgetRequests(db, Date.now());
    await deliverer.removeOld(Date.now());
    await cleanup.removeOld(Date.now());
    await bin.expire(SYSTEM, Date.now());
  });
  return () => closings.closeAll();
}
