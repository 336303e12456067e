/**
 * What the program does and then ends, with the result as JSON on standard output: `limner db`, `limner openapi` and
 * `limner config` print it for people.
 */
import { type Layout, processEnviron, readConfig } from './config.ts';
import { configReport } from './config-report.ts';
import { openApi } from './http/openapi.ts';
import { backupDatabase } from './maintenance/backup-database.ts';
import { copyBlobs } from './maintenance/copy-blobs.ts';
import { copyDatabase } from './maintenance/copy-database.ts';
import type { ReportProgress } from './maintenance/job-progress.ts';
import { migrateDatabase } from './maintenance/migrate-database.ts';
import { restoreDatabase } from './maintenance/restore-database.ts';

type Job = (layout: Layout, args: string[], report: ReportProgress) => Promise<unknown>;

export const JOBS: Record<string, Job> = {
  backup: async (layout, [target]) => backupDatabase(readConfig(layout), target ?? null),
  migrate: async (layout) => migrateDatabase(readConfig(layout)),
  restore: async (layout, [source = '', word]) =>
    restoreDatabase(readConfig(layout), { source, foreign: word === '--of-another-installation' }),
  'copy-blobs': async (layout, [from = '', to = '', word], report) =>
    copyBlobs(readConfig(layout), { from, to, dryRun: word === '--dry-run' }, report),
  'copy-database': async (layout, [to = ''], report) => copyDatabase(readConfig(layout), to, report),
  openapi: async (layout) => {
    const { version, basePath } = readConfig(layout);
    return openApi(version, basePath);
  },
  config: async (layout) => configReport(layout, processEnviron()),
};
