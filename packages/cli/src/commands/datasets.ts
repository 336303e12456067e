import { openAsBlob } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  type CaptionEdit,
  type DatasetListItem,
  type DatasetWork,
  isCaptionFile,
  StudioError,
} from '@limner/contract';
import type { Command } from 'commander';
import { below, type Connection } from '../connect.ts';
import type { Context } from '../context.ts';
import { CliError, EXIT, type ExitCode } from '../exit-code.ts';
import { wholeNumber } from '../options.ts';
import { savePicture } from '../save.ts';
import { isReadable } from '../upload.ts';

type Done = (code: ExitCode) => void;
interface JsonOption {
  json?: boolean;
}
interface CreateOptions extends JsonOption {
  trigger?: string;
}
interface CaptionOptions extends JsonOption {
  find?: string;
  replace?: string;
  ignoreCase?: boolean;
  prefix?: string;
  suffix?: string;
  addTag?: string;
  removeTag?: string;
  removeDuplicates?: boolean;
  write?: boolean;
  preview?: boolean;
}
interface CheckOptions extends JsonOption {
  resolution?: number;
}
interface ExportOptions {
  out?: string;
}
interface DeleteOptions extends JsonOption {
  yes?: boolean;
}

const POLL_MS = 500;

export function addDatasets(program: Command, context: Context, done: Done): void {
  const { words } = context;
  const { help } = words.datasets;
  const { json } = words.help;
  const sets = program.command('datasets').description(help.datasets);
  sets
    .command('list', { isDefault: true })
    .description(help.list)
    .option('--json', json)
    .action(async (options: JsonOption) => done(await list(options, context)));
  sets
    .command('create')
    .description(help.create)
    .argument('<name>', help.newName)
    .option('--trigger <words>', words.help.trigger)
    .option('--json', json)
    .action(async (name: string, options: CreateOptions) => done(await create(name, options, context)));
  sets
    .command('add')
    .description(help.add)
    .argument('<set>', help.set)
    .argument('<files...>', help.files)
    .option('--json', json)
    .action(async (set: string, files: string[], options: JsonOption) =>
      done(await add(set, files, options, context)),
    );
  sets
    .command('captions')
    .description(help.captions)
    .argument('<set>', help.set)
    .option('--find <text>', help.find)
    .option('--replace <text>', help.replace)
    .option('--ignore-case', help.ignoreCase)
    .option('--prefix <text>', help.prefix)
    .option('--suffix <text>', help.suffix)
    .option('--add-tag <tag>', help.addTag)
    .option('--remove-tag <tag>', help.removeTag)
    .option('--remove-duplicates', help.removeDuplicates)
    .option('--write', help.write)
    .option('--preview', help.preview)
    .option('--json', json)
    .action(async (set: string, options: CaptionOptions) => done(await captions(set, options, context)));
  sets
    .command('check')
    .description(help.check)
    .argument('<set>', help.set)
    .option('--resolution <pixels>', help.resolution, wholeNumber(words, '--resolution', 64, 2048))
    .option('--json', json)
    .action(async (set: string, options: CheckOptions) => done(await check(set, options, context)));
  sets
    .command('export')
    .description(help.export)
    .argument('<set>', help.set)
    .option('-o, --out <folder>', words.help.out)
    .action(async (set: string, options: ExportOptions) => done(await exportSet(set, options, context)));
  sets
    .command('delete')
    .description(help.delete)
    .argument('<set>', help.set)
    .option('--yes', words.help.yes)
    .option('--json', json)
    .action(async (set: string, options: DeleteOptions) => done(await remove(set, options, context)));
}

async function list({ json }: JsonOption, { withServer, terminal, words }: Context): Promise<ExitCode> {
  const sets = await withServer(({ client }) => client.call('listDatasets', {}));
  if (json) terminal.out(JSON.stringify(sets, null, 2));
  else if (sets.length === 0) terminal.err.write(`${words.datasets.none}\n`);
  else for (const set of sets) terminal.out(row(set));
  return EXIT.ok;
}

/** Tab-separated: number, name, pictures, captions, trigger words. */
const row = ({ id, name, pictures, captioned, trigger_words }: DatasetListItem): string =>
  [id, name, pictures, captioned, trigger_words.replace(/\s+/g, ' ')].join('\t');

async function create(
  name: string,
  { trigger, json }: CreateOptions,
  { withServer, terminal, words }: Context,
): Promise<ExitCode> {
  const body = { name, ...(trigger === undefined ? {} : { trigger_words: trigger }) };
  const set = await withServer(({ client }) => client.call('createDataset', { body }));
  terminal.out(json ? JSON.stringify(set, null, 2) : words.datasets.created(set.id, set.name));
  return EXIT.ok;
}

/** Pictures first, so that captions find theirs. */
async function add(
  wanted: string,
  paths: string[],
  { json }: JsonOption,
  context: Context,
): Promise<ExitCode> {
  const { withServer, terminal, words } = context;
  const files = await filesIn(paths, context);
  const results = await withServer(async (connection) => {
    const { id } = await findSet(wanted, connection, context);
    const works: DatasetWork['files'] = [];
    for (const path of files) works.push(...(await send(id, path, connection, context)));
    return works;
  });
  const refused = results.filter(({ outcome }) => outcome === 'refused');
  if (json) terminal.out(JSON.stringify(results, null, 2));
  else {
    for (const { name, error } of refused) terminal.err.write(`${name}: ${error?.message ?? ''}\n`);
    const count = (outcome: string) => results.filter((file) => file.outcome === outcome).length;
    terminal.out(words.datasets.added(count('added'), count('known'), count('captioned'), refused.length));
  }
  return refused.length > 0 ? EXIT.failed : EXIT.ok;
}

async function filesIn(paths: string[], { words }: Context): Promise<string[]> {
  const files: string[] = [];
  for (const path of paths) {
    if (!(await isReadable(path))) throw new CliError(words.usage.fileMissing(path), EXIT.usage);
    files.push(...((await stat(path)).isDirectory() ? await filesBelow(path) : [path]));
  }
  return files.sort((a, b) => Number(isCaptionFile(a)) - Number(isCaptionFile(b)) || a.localeCompare(b));
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function send(
  id: number,
  path: string,
  { client }: Connection,
  { language }: Context,
): Promise<DatasetWork['files']> {
  const name = basename(path);
  try {
    const file = await openAsBlob(path);
    return (
      await ended(await client.call('addDatasetFile', { params: { id }, file, fileName: name }), client)
    ).files;
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    return [{ name, outcome: 'refused', picture: null, error: error.body(language) }];
  }
}

async function ended(begun: DatasetWork, client: Connection['client']): Promise<DatasetWork> {
  let work = begun;
  while (work.status === 'running' && work.id !== null) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    work = await client.call('getDatasetWork', { params: { id: work.dataset, work: work.id } });
  }
  if (work.error) throw new StudioError(work.error.code, { data: work.error.data });
  return work;
}

async function captions(wanted: string, options: CaptionOptions, context: Context): Promise<ExitCode> {
  const { withServer, terminal, words } = context;
  const edit = options.write ? null : editOf(options);
  if (edit === undefined) throw new CliError(words.datasets.editMissing, EXIT.usage);
  return withServer(async (connection) => {
    const { client } = connection;
    const { id, pictures, captioned } = await findSet(wanted, connection, context);
    if (edit === null && options.preview) {
      const changes = pictures - captioned;
      terminal.out(options.json ? JSON.stringify({ changes }) : words.datasets.wouldEdit(changes));
      return EXIT.ok;
    }
    if (edit === null) {
      const work = await ended(
        await client.call('writeDatasetCaptions', { params: { id }, body: {} }),
        client,
      );
      const refused = work.files.filter(({ outcome }) => outcome === 'refused');
      for (const { name, error } of refused) terminal.err.write(`${name}: ${error?.message ?? ''}\n`);
      terminal.out(
        options.json
          ? JSON.stringify(work, null, 2)
          : words.datasets.edited(work.files.length - refused.length),
      );
      return refused.length > 0 ? EXIT.failed : EXIT.ok;
    }
    const body = { edit, preview: options.preview ?? false };
    const result = await client.call('editDatasetCaptions', { params: { id }, body });
    terminal.out(
      options.json
        ? JSON.stringify(result, null, 2)
        : words.datasets[options.preview ? 'wouldEdit' : 'edited'](result.changed.length),
    );
    return EXIT.ok;
  });
}

/** undefined: none was named. */
function editOf(options: CaptionOptions): CaptionEdit | undefined {
  const { find, replace = '', ignoreCase = false, prefix, suffix, addTag, removeTag } = options;
  if (find !== undefined) return { kind: 'replace', find, replace, ignore_case: ignoreCase };
  if (prefix !== undefined) return { kind: 'prefix', text: prefix };
  if (suffix !== undefined) return { kind: 'suffix', text: suffix };
  if (addTag !== undefined) return { kind: 'add_tag', tag: addTag };
  if (removeTag !== undefined) return { kind: 'remove_tag', tag: removeTag };
  return options.removeDuplicates ? { kind: 'remove_duplicates' } : undefined;
}

async function check(
  wanted: string,
  { resolution, json }: CheckOptions,
  context: Context,
): Promise<ExitCode> {
  const { withServer, terminal, words, language } = context;
  const result = await withServer(async (connection) => {
    const { id } = await findSet(wanted, connection, context);
    return connection.client.call('checkDataset', { params: { id }, query: { resolution } });
  });
  if (json) terminal.out(JSON.stringify(result, null, 2));
  else {
    for (const { sentence } of result.findings) terminal.out(sentence[language]);
    for (const { width, height, pictures } of result.buckets)
      terminal.out(words.datasets.bucket(width, height, pictures.length));
  }
  return EXIT.ok;
}

async function exportSet(wanted: string, { out = '.' }: ExportOptions, context: Context): Promise<ExitCode> {
  const { withServer, terminal } = context;
  await context.openFolder(out);
  const path = await withServer(async (connection) => {
    const set = await findSet(wanted, connection, context);
    const { href } = below(connection.url, `api/datasets/${set.id}/zip`);
    return savePicture({ url: href, fileName: `${set.name}.zip` }, out);
  });
  terminal.out(path);
  return EXIT.ok;
}

async function remove(wanted: string, { json, yes }: DeleteOptions, context: Context): Promise<ExitCode> {
  const { withServer, terminal, words } = context;
  if (!yes) throw new CliError(words.datasets.deleteYes(wanted), EXIT.usage);
  const deleted = await withServer(async (connection) => {
    const set = await findSet(wanted, connection, context);
    await connection.client.call('deleteDataset', { params: { id: set.id } });
    return set;
  });
  terminal.out(json ? JSON.stringify(deleted, null, 2) : words.datasets.deleted(deleted.name));
  return EXIT.ok;
}

/** By its name, or else by its number. */
async function findSet(wanted: string, { client }: Connection, { words }: Context): Promise<DatasetListItem> {
  const sets = await client.call('listDatasets', {});
  const set = sets.find(({ name }) => name === wanted) ?? sets.find(({ id }) => String(id) === wanted);
  if (set) return set;
  throw new CliError(words.datasets.unknown(wanted, sets.map(({ name }) => name).join(', ')), EXIT.usage);
}
