/** Says what runs, what waits and what is wrong, as Settings → Status does. */
import { inLanguage, type StudioStatus, sentences } from '@limner/contract';
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { localTime } from '../local-time.ts';

export function addStatus(program: Command, context: Context, done: (code: ExitCode) => void): void {
  const { help } = context.words;
  program
    .command('status')
    .description(help.statusOfAll)
    .option('--json', help.json)
    .action(async (options: { json?: boolean }) => done(await status(options.json === true, context)));
}

/** A problem is no failure of the command; scripts read `problems`. */
async function status(json: boolean, context: Context): Promise<ExitCode> {
  const { terminal, words, language, withServer } = context;
  const found = await withServer(({ client }) => client.call('status', {}));
  if (json) {
    terminal.out(JSON.stringify(found, null, 2));
    return EXIT.ok;
  }
  for (const line of linesOf(found, context)) terminal.out(line);
  for (const { what, cure } of found.problems)
    terminal.out(`! ${sentences(language, [what[language], cure[language]])}`);
  if (found.problems.length === 0) terminal.out(`✓ ${words.studioStatus.well}`);
  return EXIT.ok;
}

/** Tab-separated, for `cut` and spreadsheets. */
function linesOf(found: StudioStatus, { words, language }: Context): string[] {
  const { studioStatus } = words;
  const { database, storage, redis } = found;
  const free = storage.disk ? `\t${studioStatus.free(megabytes(storage.disk.free_bytes))}` : '';
  return [
    ...found.processes.map(({ name, role, paints, version, started_at, alive, lag_seconds }) =>
      [
        name,
        studioStatus.role(role, paints),
        version,
        studioStatus.since(localTime(started_at)),
        alive ? studioStatus.lag(Math.round(lag_seconds * 1000)) : studioStatus.gone,
      ].join('\t'),
    ),
    ...found.lanes
      .filter(({ queued, running }) => queued + running > 0)
      .map(({ id, engine, queued, running, oldest_seconds, paused }) =>
        [
          id,
          engine[language],
          studioStatus.depth(queued, running),
          oldest_seconds === null ? '' : studioStatus.oldest(Math.round(oldest_seconds)),
          paused ? words.queue.paused : '',
        ].join('\t'),
      ),
    ...found.errors.map(
      ({ code, count, error }) =>
        `${code}\t${studioStatus.times(count)}\t${inLanguage(error, language).message}`,
    ),
    `${studioStatus.database}\t${database.kind}\t${megabytes(database.size_bytes)}`,
    `${studioStatus.files}\t${studioStatus.place[storage.kind]}${storage.kind === 'folder' ? free : ''}`,
    ...(storage.kind === 'bucket' && free !== '' ? [`\t${studioStatus.place.folder}${free}`] : []),
    ...(redis ? [`Redis\t${studioStatus.redis[redis]}`] : []),
  ];
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 1024 ** 2)} MB`;
