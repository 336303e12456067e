import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { type Style, StyleType, type StyleUpdate } from '@limner/contract';
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { CliError, EXIT, type ExitCode } from '../exit-code.ts';
import { findStyle, styleName } from '../find-style.ts';
import { localTime } from '../local-time.ts';
import { decimal, oneOf } from '../options.ts';
import { isReadableFile } from '../upload.ts';

interface JsonOption {
  json?: boolean;
}

interface ChangeOptions extends JsonOption {
  name?: string;
  trigger?: string;
  type?: StyleType;
  strength?: number;
}

interface AddOptions extends ChangeOptions {
  model?: string;
}

interface DeleteOptions extends JsonOption {
  yes?: boolean;
}

export function addStyles(program: Command, context: Context, done: (code: ExitCode) => void): void {
  const { words } = context;
  const { help } = words;
  const styles = program.command('styles').description(help.styles);
  styles
    .command('list', { isDefault: true })
    .description(help.stylesList)
    .option('--json', help.json)
    .action(async (options: JsonOption) => done(await list(options, context)));
  styles
    .command('show')
    .description(help.stylesShow)
    .argument('<style>', help.style)
    .option('--json', help.json)
    .action(async (style: string, options: JsonOption) => done(await show(style, options, context)));
  styles
    .command('add')
    .description(help.stylesAdd)
    .argument('<file>', help.loraFile)
    .option('--name <name>', help.styleName)
    .option('--trigger <words>', help.trigger)
    .option('--type <type>', help.styleType, oneOf(words, '--type', StyleType.options))
    .option('--model <id>', help.loraModel)
    .option('--json', help.json)
    .action(async (file: string, options: AddOptions) => done(await add(file, options, context)));
  styles
    .command('change')
    .description(help.stylesChange)
    .argument('<style>', help.style)
    .option('--name <name>', help.newName)
    .option('--trigger <words>', help.newTrigger)
    .option('--type <type>', help.styleType, oneOf(words, '--type', StyleType.options))
    .option('--strength <n>', help.newStrength, decimal(words, '--strength'))
    .option('--json', help.json)
    .action(async (style: string, options: ChangeOptions) => done(await change(style, options, context)));
  styles
    .command('delete')
    .description(help.stylesDelete)
    .argument('<style>', help.style)
    .option('--yes', help.yes)
    .option('--json', help.json)
    .action(async (style: string, options: DeleteOptions) => done(await remove(style, options, context)));
}

async function list({ json }: JsonOption, { withServer, terminal, words }: Context): Promise<ExitCode> {
  const styles = await withServer(({ client }) => client.call('listStyles', {}));
  if (json) terminal.out(JSON.stringify(styles, null, 2));
  else for (const style of styles) terminal.out(row(style, words));
  return EXIT.ok;
}

/** Tab-separated: number, name, how it was made, type, families, trigger words. */
const row = (style: Style, words: Context['words']): string =>
  [
    style.id,
    styleName(style, words),
    originOf(style, words),
    style.type,
    familiesOf(style).join(' '),
    style.trigger_words.replace(/\s+/g, ' '),
  ].join('\t');

/** Servers of earlier versions tell only the usual one. */
const familiesOf = ({ family, families = family === null ? [] : [family] }: Style): string[] => families;

function originOf({ is_base, is_trained, lora_path }: Style, { style }: Context['words']): string {
  if (is_base) return style.base;
  if (is_trained) return style.trained;
  return lora_path === null ? style.words : style.lora;
}

async function show(wanted: string, { json }: JsonOption, context: Context): Promise<ExitCode> {
  const { withServer, terminal, words } = context;
  const style = await withServer(({ client }) => findStyle(wanted, client, words));
  if (json) terminal.out(JSON.stringify(style, null, 2));
  else for (const line of describe(style, words)) terminal.out(line);
  return EXIT.ok;
}

function describe(style: Style, words: Context['words']): string[] {
  const facts: [string, string | null][] = [
    [words.style.type, style.type],
    [words.style.trigger, style.trigger_words],
    [words.style.lora, style.lora_path],
    [words.style.family, familiesOf(style).join(', ')],
    [words.style.strength, style.lora_path && String(style.strength)],
    [words.style.made, localTime(style.created_at)],
  ];
  return [
    `${style.id} ${styleName(style, words)} (${originOf(style, words)})`,
    ...facts.filter(([, value]) => value).map(([name, value]) => `  ${name}: ${value}`),
  ];
}

/** Of a LoRA file that was trained elsewhere. */
async function add(
  path: string,
  { json, name, trigger, type, model }: AddOptions,
  { withServer, terminal, words }: Context,
): Promise<ExitCode> {
  if (!(await isReadableFile(path))) throw new CliError(words.usage.fileMissing(path), EXIT.usage);
  const file = await openAsBlob(path);
  const query = { name, trigger_words: trigger, type, model };
  const style = await withServer(({ client }) =>
    client.call('createLoraStyle', { query, file, fileName: basename(path) }),
  );
  terminal.out(
    json ? JSON.stringify(style, null, 2) : words.style.added(style.id, style.name, style.families),
  );
  return EXIT.ok;
}

async function change(
  wanted: string,
  { json, name, trigger, type, strength }: ChangeOptions,
  { withServer, terminal, words }: Context,
): Promise<ExitCode> {
  const body: StyleUpdate = { name, trigger_words: trigger, type, strength };
  if (Object.values(body).every((value) => value === undefined))
    throw new CliError(words.usage.nothingToChange(), EXIT.usage);
  const style = await withServer(async ({ client }) => {
    const { id } = await findStyle(wanted, client, words);
    return client.call('updateStyle', { params: { id }, body });
  });
  terminal.out(json ? JSON.stringify(style, null, 2) : words.style.changed(style.name));
  return EXIT.ok;
}

async function remove(
  wanted: string,
  { json, yes }: DeleteOptions,
  { withServer, terminal, words }: Context,
): Promise<ExitCode> {
  const style = await withServer(async ({ client }) => {
    const found = await findStyle(wanted, client, words);
    if (!yes) throw new CliError(words.usage.yesMissing(styleName(found, words)), EXIT.usage);
    await client.call('deleteStyle', { params: { id: found.id } });
    return found;
  });
  terminal.out(json ? JSON.stringify(style, null, 2) : words.style.deleted(style.name));
  return EXIT.ok;
}
