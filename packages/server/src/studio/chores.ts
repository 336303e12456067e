/** What an installation does by itself, at its start and every hour: left-overs of a crash, what is too old, the search index. */
import { openSearch } from '../search/open.ts';
import { Cleanup } from '../tasks/cleanup.ts';
import { setOutputsAside } from '../tasks/orphans.ts';
import { removeOldPreviews } from '../tasks/store/frame-progress.ts';
import { setUploadsAside } from '../uploads/orphans.ts';
import type { Closings } from './closings.ts';
import type { OpenEngines } from './engines.ts';
import { Rounds } from './rounds.ts';
import type { Shared } from './shared.ts';

const ROUND_MS = 3_600_000;

export function openChores(shared: Shared, { runs }: OpenEngines, closings: Closings): void {
  const { config, log, db, blobs, news } = shared;
  const startedMs = Date.now();
  const search = openSearch(db, log);
  search.start();
  closings.add(() => search.close());
  const cleanup = new Cleanup({ db, blobs, log, news, days: config.cleanupDays });
  const rounds = new Rounds(log);
  closings.add(() => rounds.close());
  closings.add(() => cleanup.close());
  const orphans = { db, blobs, log, stopped: () => rounds.isClosed };
  rounds.once(() => runs.removeLeftOvers());
  rounds.once(() => setOutputsAside(orphans, startedMs));
  rounds.once(() => db.write(removeOldPreviews, { durable: false }));
  rounds.once(() => setUploadsAside(orphans, startedMs));
  rounds.every(ROUND_MS, () => cleanup.removeOld(Date.now()));
}
