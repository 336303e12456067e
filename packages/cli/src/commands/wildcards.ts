import { readFile } from 'node:fs/promises';
import {
  decodedText,
  StudioError,
  type Wildcard,
  type WildcardRename,
  type WildcardText,
} from '@limner/contract';
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { CliError, EXIT, type ExitCode } from '../exit-code.ts';

interface JsonOption {
  json?: boolean;
}

interface SetOptions extends JsonOption {
  file?: string;
  replace?: boolean;
}

interface DeleteOptions extends JsonOption {
  yes?: boolean;
}

export function addWildcards(program: Command, context: Context, done: (code: ExitCode) => void): void {
  const { words } = context;
  const { help } = words.wildcards;
  const wildcards = program.command('wildcards').description(help.wildcards);
  wildcards
    .command('list', { isDefault: true })
    .description(help.list)
    .option('--json', words.help.json)
    .action(async (options: JsonOption) => done(await list(options, context)));
  wildcards
    .command('show')
    .description(help.show)
    .argument('<name>', help.name)
    .option('--json', words.help.json)
    .action(async (name: string, options: JsonOption) => done(await show(name, options, context)));
  wildcards
    .command('set')
    .description(help.set)
    .argument('<name>', help.newName)
    .option('--file <file>', help.file)
    .option('--replace', help.replace)
    .option('--json', words.help.json)
    .action(async (name: string, options: SetOptions) => done(await set(name, options, context)));
  wildcards
    .command('rename')
    .description(help.rename)
    .argument('<name>', help.name)
    .argument('<to>', help.newName)
    .option('--json', words.help.json)
    .action(async (name: string, to: string, options: JsonOption) =>
      done(await rename({ name, to }, options, context)),
    );
  wildcards
    .command('delete')
    .description(help.delete)
    .argument('<name>', help.name)
    .option('--yes', words.help.yes)
    .option('--json', words.help.json)
    .action(async (name: string, options: DeleteOptions) => done(await remove(name, options, context)));
}

async function list({ json }: JsonOption, context: Context): Promise<ExitCode> {
  const { withServer, terminal, words } = context;
  const all = await withServer(({ client }) => client.call('listWildcards', {}));
  if (json) terminal.out(JSON.stringify(all, null, 2));
  else if (all.length === 0) terminal.err.write(`${words.wildcards.none}\n`);
  else for (const wildcard of all) terminal.out(row(wildcard, context));
  return EXIT.ok;
}

/** Tab-separated: name, entries, texts that they can become, what is wrong. */
const row = ({ name, entries, combinations, problem }: Wildcard, { words, language }: Context): string =>
  [name, entries, combinations ?? words.wildcards.uncounted, problem?.[language] ?? ''].join('\t');

async function show(
  name: string,
  { json }: JsonOption,
  { withServer, terminal }: Context,
): Promise<ExitCode> {
  const wildcard = await withServer(({ client }) => client.call('getWildcard', { query: { name } }));
  // The terminal ends the last line itself.
  terminal.out(json ? JSON.stringify(wildcard, null, 2) : wildcard.text.replace(/\r?\n$/, ''));
  return EXIT.ok;
}

async function set(name: string, options: SetOptions, context: Context): Promise<ExitCode> {
  const { withServer, terminal, words } = context;
  const text = await givenText(options, context);
  const body = { name, text, ...(options.replace ? {} : { replaces: null }) };
  const saved = await withServer(({ client }) => client.call('putWildcard', { body })).catch(
    (error: unknown) => {
      const isTaken = error instanceof StudioError && error.code === 'wildcard_changed';
      throw isTaken ? new CliError(words.usage.wildcardTaken(name), EXIT.usage, error) : error;
    },
  );
  terminal.out(options.json ? JSON.stringify(saved, null, 2) : words.wildcards.saved(saved.name));
  return EXIT.ok;
}

/** Of the file, or else of standard input. */
async function givenText({ file }: SetOptions, { terminal, words }: Context): Promise<string> {
  const bytes = file === undefined ? await terminal.input() : await bytesOf(file, words);
  if (bytes === null) throw new CliError(words.usage.noText(), EXIT.usage);
  const text = decodedText(bytes);
  if (text === null) throw new CliError(words.usage.fileUnreadable(file ?? '-', 'UTF-8'), EXIT.usage);
  return text;
}

const bytesOf = (file: string, words: Context['words']): Promise<Uint8Array> =>
  readFile(file).catch((cause: NodeJS.ErrnoException) => {
    throw new CliError(words.usage.fileUnreadable(file, cause.code ?? '?'), EXIT.usage, cause);
  });

async function rename(
  body: WildcardRename,
  { json }: JsonOption,
  { withServer, terminal, words }: Context,
): Promise<ExitCode> {
  const renamed = await withServer(({ client }) => client.call('renameWildcard', { body }));
  terminal.out(json ? JSON.stringify(renamed, null, 2) : words.wildcards.saved(renamed.name));
  return EXIT.ok;
}

async function remove(name: string, { json, yes }: DeleteOptions, context: Context): Promise<ExitCode> {
  const { withServer, terminal, words } = context;
  if (!yes) throw new CliError(words.usage.wildcardYes(name), EXIT.usage);
  const deleted = await withServer(async ({ client }) => {
    // Unreadable ones can be deleted too; their text is not known.
    const before: WildcardText | { name: string } = await client
      .call('getWildcard', { query: { name } })
      .catch((error: unknown) => {
        if (error instanceof StudioError && error.code === 'wildcard_unusable') return { name };
        throw error;
      });
    await client.call('deleteWildcard', { query: { name: before.name } });
    return before;
  });
  terminal.out(json ? JSON.stringify(deleted, null, 2) : words.wildcards.deleted(deleted.name));
  return EXIT.ok;
}
