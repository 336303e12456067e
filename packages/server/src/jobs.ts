/**
 * What the program does and then ends, with the result as JSON on standard output: `limner db`, `limner openapi` and
 * `limner config` print it for people.
 */
import { type Layout, processEnviron, readConfig } from './config.ts';
import { configReport } from './config-report.ts';
import { openApi } from './http/openapi.ts';
import { backupDatabase } from './maintenance/backup-database.ts';
import { migrateDatabase } from './maintenance/migrate-database.ts';
import { restoreDatabase } from './maintenance/restore-database.ts';

export const JOBS: Record<string, (layout: Layout, args: string[]) => Promise<unknown>> = {
  backup: async (layout, [target]) => backupDatabase(readConfig(layout), target ?? null),
  migrate: async (layout) => migrateDatabase(readConfig(layout)),
  restore: async (layout, [source = '', word]) =>
    restoreDatabase(readConfig(layout), { source, foreign: word === '--of-another-installation' }),
  openapi: async (layout) => {
    const { version, basePath } = readConfig(layout);
    return openApi(version, basePath);
  },
  config: async (layout) => configReport(layout, processEnviron()),
};
