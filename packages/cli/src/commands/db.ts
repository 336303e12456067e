/** `limner db`: the database of this machine's installation, whether a server runs or not. */
import { resolve, sep } from 'node:path';
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { localTime } from '../local-time.ts';
import { Progress } from '../progress.ts';
import { serverJob } from '../server-job.ts';

interface JsonOption {
  json?: boolean;
}

interface RestoreOptions extends JsonOption {
  ofAnotherInstallation?: boolean;
}

interface Facts {
  file: string;
  tasks: number;
  pictures: number;
  newestMs: number | null;
}

export function addDb(program: Command, context: Context, done: (code: ExitCode) => void): void {
  const { help } = context.words;
  const db = program.command('db').description(help.db);
  db.command('backup')
    .description(help.dbBackup)
    .argument('[file]', help.backupFile)
    .option('--json', help.json)
    .action(async (file: string | undefined, options: JsonOption) =>
      done(await backup(file, options, context)),
    );
  db.command('migrate')
    .description(help.dbMigrate)
    .option('--json', help.json)
    .action(async (options: JsonOption) => done(await migrate(options, context)));
  db.command('copy')
    .description(help.dbCopy)
    .argument('<to>', help.copyTo)
    .option('--json', help.json)
    .action(async (to: string, options: JsonOption) => done(await copy(to, options, context)));
  db.command('restore')
    .description(help.dbRestore)
    .argument('<file>', help.restoreFile)
    .option('--of-another-installation', help.ofAnotherInstallation)
    .option('--json', help.json)
    .action(async (file: string, options: RestoreOptions) => done(await restore(file, options, context)));
}

async function backup(file: string | undefined, { json }: JsonOption, context: Context): Promise<ExitCode> {
  const { terminal, words } = context;
  const args = file === undefined ? [] : [pathOf(file)];
  const made = await serverJob<Facts & { size_bytes: number; sha256: string }>('backup', args, context);
  if (json) terminal.out(JSON.stringify(made, null, 2));
  else {
    terminal.out(made.file);
    terminal.err.write(`${words.db.backedUp(megabytes(made.size_bytes), made.tasks, made.pictures)}\n`);
    terminal.err.write(`SHA-256 ${made.sha256}\n${words.db.filesToo}\n`);
  }
  return EXIT.ok;
}

/** With its slash at the end, which names a folder. */
const pathOf = (file: string): string => resolve(file) + (/[/\\]$/.test(file) ? sep : '');

async function migrate({ json }: JsonOption, context: Context): Promise<ExitCode> {
  const { terminal, words } = context;
  const result = await serverJob<{ exists: boolean; steps: string[]; copy: string | null }>(
    'migrate',
    [],
    context,
  );
  if (json) terminal.out(JSON.stringify(result, null, 2));
  else if (!result.exists) terminal.out(words.db.none);
  else if (result.steps.length === 0) terminal.out(words.db.upToDate);
  else {
    terminal.out(words.db.migrated(result.steps));
    if (result.copy) terminal.out(words.db.copy(result.copy));
  }
  return EXIT.ok;
}

interface CopiedDatabase {
  from: string;
  to: string;
  tables: { name: string; rows: number; copied: number }[];
  left_out: string[];
}

async function copy(to: string, { json }: JsonOption, context: Context): Promise<ExitCode> {
  const { terminal, words } = context;
  const bar = new Progress(terminal);
  const result = await serverJob<CopiedDatabase>('copy-database', [to], context, ({ done, total, part }) =>
    bar.show({ fraction: total === 0 ? 1 : done / total, label: words.db.copying(part ?? '') }),
  ).finally(() => bar.clear());
  if (json) {
    terminal.out(JSON.stringify(result, null, 2));
    return EXIT.ok;
  }
  const width = Math.max(...result.tables.map(({ name }) => name.length));
  for (const { name, rows } of result.tables) if (rows > 0) terminal.out(`${name.padEnd(width)}  ${rows}`);
  const rows = result.tables.reduce((sum, table) => sum + table.rows, 0);
  for (const line of words.db.copied(rows, result.left_out.join(', '), result.to)) terminal.out(line);
  return EXIT.ok;
}

async function restore(
  file: string,
  { json, ofAnotherInstallation }: RestoreOptions,
  context: Context,
): Promise<ExitCode> {
  const { terminal, words } = context;
  const args = [resolve(file), ...(ofAnotherInstallation ? ['--of-another-installation'] : [])];
  const result = await serverJob<Facts & { kept: string | null; pending: string[] }>(
    'restore',
    args,
    context,
  );
  if (json) terminal.out(JSON.stringify(result, null, 2));
  else for (const line of describeRestored(result, words)) terminal.out(line);
  return EXIT.ok;
}

function describeRestored(
  { file, tasks, pictures, newestMs, kept, pending }: Facts & { kept: string | null; pending: string[] },
  { db }: Context['words'],
): string[] {
  const newest = newestMs === null ? null : localTime(new Date(newestMs).toISOString());
  return [
    db.restored(file, tasks, pictures, newest),
    ...(kept ? [db.kept(kept)] : []),
    ...(pending.length > 0 ? [db.pending(pending.length)] : []),
    db.setAside,
  ];
}

const megabytes = (bytes: number): string => (bytes / 1024 ** 2).toFixed(1);
