import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  decodedText,
  inLanguage,
  WORKFLOW_FILE_SUFFIX,
  type Workflow,
  type WorkflowDetail,
  type WorkflowPreview,
  type WorkflowUpdate,
} from '@limner/contract';
import type { Command } from 'commander';
import { below } from '../connect.ts';
import type { Context } from '../context.ts';
import { CliError, EXIT, type ExitCode } from '../exit-code.ts';
import { missingLine } from '../missing-line.ts';
import { savePicture } from '../save.ts';
import type { Words } from '../words.ts';

interface JsonOption {
  json?: boolean;
}

interface ImportOptions extends JsonOption {
  name?: string;
  replace?: boolean;
  preview?: boolean;
}

interface ExportOptions {
  /** A folder. */
  out: string;
}

interface DeleteOptions extends JsonOption {
  yes?: boolean;
}

export function addWorkflows(program: Command, context: Context, done: (code: ExitCode) => void): void {
  const { words } = context;
  const { help } = words.workflows;
  const workflows = program.command('workflows').description(help.workflows);
  workflows
    .command('list', { isDefault: true })
    .description(help.list)
    .option('--json', words.help.json)
    .action(async (options: JsonOption) => done(await list(options, context)));
  workflows
    .command('show')
    .description(help.show)
    .argument('<id>', help.id)
    .option('--json', words.help.json)
    .action(async (id: string, options: JsonOption) => done(await show(id, options, context)));
  workflows
    .command('import')
    .description(help.import)
    .argument('<file>', help.file)
    .option('--name <name>', help.name)
    .option('--preview', help.preview)
    .option('--replace', help.replace)
    .option('--json', words.help.json)
    .action(async (file: string, options: ImportOptions) => done(await importFile(file, options, context)));
  workflows
    .command('export')
    .description(help.export)
    .argument('<id>', help.id)
    .option('-o, --out <folder>', words.help.out, '.')
    .action(async (id: string, options: ExportOptions) => done(await exportFile(id, options, context)));
  workflows
    .command('rename')
    .description(help.rename)
    .argument('<id>', help.id)
    .argument('<name>', help.name)
    .option('--json', words.help.json)
    .action(async (id: string, name: string, options: JsonOption) =>
      done(await change(id, { label: { en: name, zh: name } }, options, context)),
    );
  for (const enabled of [true, false])
    workflows
      .command(enabled ? 'enable' : 'disable')
      .description(enabled ? help.enable : help.disable)
      .argument('<id>', help.id)
      .option('--json', words.help.json)
      .action(async (id: string, options: JsonOption) =>
        done(await change(id, { enabled }, options, context)),
      );
  workflows
    .command('delete')
    .description(help.delete)
    .argument('<id>', help.id)
    .option('--yes', words.help.yes)
    .option('--json', words.help.json)
    .action(async (id: string, options: DeleteOptions) => done(await remove(id, options, context)));
}

async function list({ json }: JsonOption, context: Context): Promise<ExitCode> {
  const { withServer, terminal, words, language } = context;
  const { workflows, refused } = await withServer(({ client }) => client.call('listWorkflows', {}));
  if (json) {
    terminal.out(JSON.stringify({ workflows, refused }, null, 2));
    return EXIT.ok;
  }
  for (const workflow of workflows) terminal.out(row(workflow, context));
  for (const { file, error } of refused)
    terminal.err.write(`${words.workflows.unreadable(file, inLanguage(error, language).message)}\n`);
  return EXIT.ok;
}

/** Tab-separated: id, kind, state, name. */
const row = ({ id, kind, enabled, label }: Workflow, { words, language }: Context): string =>
  [id, words.kind[kind], enabled ? words.workflows.on : words.workflows.off, label[language]].join('\t');

async function show(id: string, { json }: JsonOption, context: Context): Promise<ExitCode> {
  const { withServer, terminal } = context;
  const workflow = await withServer(({ client }) => client.call('getWorkflow', { params: { id } }));
  if (json) terminal.out(JSON.stringify(workflow, null, 2));
  else for (const line of [row(workflow, context), ...needLines(workflow, context)]) terminal.out(line);
  return EXIT.ok;
}

/** What it loads, and what each server lacks. */
function needLines({ needs, servers }: WorkflowDetail, { words, language }: Context): string[] {
  const packs = new Map(
    needs.nodes.flatMap(({ pack, source }) => (pack && pack !== 'ComfyUI' ? [[pack, source ?? '']] : [])),
  );
  return [
    ...[...packs].map(([pack, source]) => words.workflows.pack(pack, source)),
    ...needs.files.map(({ name, folder, source }) =>
      words.workflows.modelFile(name, [folder, source].filter(Boolean).join(', ')),
    ),
    ...servers.flatMap(({ name, missing }) => [
      missing.length === 0 ? words.workflows.runsOn(name) : words.workflows.lacksOn(name),
      ...missing.map((each) => missingLine(each, language)),
    ]),
  ];
}

async function importFile(
  file: string,
  { name, preview, replace, json }: ImportOptions,
  context: Context,
): Promise<ExitCode> {
  const { withServer, terminal, words, language } = context;
  const workflow = await graphIn(file, context);
  const source = { workflow, ...nameFor(file, workflow, name) };
  const read: WorkflowPreview | null = preview
    ? await withServer(({ client }) => client.call('previewWorkflow', { body: source }))
    : null;
  if (read) {
    if (json) terminal.out(JSON.stringify(read, null, 2));
    else for (const line of [row(read, context), ...needLines(read, context)]) terminal.out(line);
    return EXIT.ok;
  }
  const body = { ...source, ...(replace ? { replace } : { keep_both: true }) };
  const added = await withServer(({ client }) => client.call('addWorkflow', { body }));
  if (json) {
    terminal.out(JSON.stringify(added, null, 2));
    return EXIT.ok;
  }
  terminal.out(words.workflows.added(added.label[language], commandFor(added, words)));
  for (const line of needLines(added, context)) terminal.out(line);
  return EXIT.ok;
}

/** A command that uses it, by its kind and by what it takes. */
function commandFor({ id, kind, keys }: WorkflowDetail, { workflows: { prompt, picture } }: Words): string {
  const takes = (key: string) => keys.includes(key);
  const begins = takes('image') ? ` -i ${picture}` : '';
  const command = () => {
    if (kind === 'remove_bg') return `remove-bg ${picture}`;
    if (kind === 'upscale') return `upscale ${picture}`;
    if (kind === 'video') return `video "${prompt}"${begins}`;
    if (kind === 'edit') return `edit ${picture} -p "${prompt}"`;
    if (takes('mask')) return `edit ${picture} --mask mask.png -p "${prompt}"`;
    return `generate "${takes('prompt') ? prompt : ''}"${begins}`;
  };
  return `limner ${command()} --family ${id}`;
}

/** A file without a name of its own gets the name of the file. */
function nameFor(file: string, workflow: Record<string, unknown>, name: string | undefined) {
  if (name !== undefined) return { name };
  const stem = path.basename(file).replace(/(\.limner-workflow)?\.json$/i, '');
  return 'label' in workflow ? {} : { name: stem.slice(0, 60) };
}

async function graphIn(file: string, { words }: Context): Promise<Record<string, unknown>> {
  const bytes = await readFile(file).catch((cause: NodeJS.ErrnoException) => {
    throw new CliError(words.usage.fileUnreadable(file, cause.code ?? '?'), EXIT.usage, cause);
  });
  try {
    const json: unknown = JSON.parse(decodedText(bytes) ?? '');
    if (typeof json === 'object' && json !== null && !Array.isArray(json))
      return json as Record<string, unknown>;
  } catch {
    // The sentence below says what is wrong with both.
  }
  throw new CliError(words.workflows.noJson(file), EXIT.usage);
}

async function exportFile(id: string, { out }: ExportOptions, context: Context): Promise<ExitCode> {
  const { terminal } = context;
  await context.openFolder(out);
  return context.withServer(async ({ client, url }): Promise<ExitCode> => {
    const { label } = await client.call('getWorkflow', { params: { id } });
    const address = below(url, `api/workflows/${encodeURIComponent(id)}/file`);
    const fileName = `${label.en}${WORKFLOW_FILE_SUFFIX}`;
    terminal.out(await savePicture({ url: address.href, fileName }, out));
    return EXIT.ok;
  });
}

async function change(
  id: string,
  body: WorkflowUpdate,
  { json }: JsonOption,
  context: Context,
): Promise<ExitCode> {
  const { withServer, terminal } = context;
  const changed = await withServer(({ client }) => client.call('updateWorkflow', { params: { id }, body }));
  terminal.out(json ? JSON.stringify(changed, null, 2) : row(changed, context));
  return EXIT.ok;
}

async function remove(id: string, { json, yes }: DeleteOptions, context: Context): Promise<ExitCode> {
  const { withServer, terminal, words, language } = context;
  if (!yes) throw new CliError(words.workflows.deleteYes(id), EXIT.usage);
  const deleted = await withServer(async ({ client }) => {
    const before = await client.call('getWorkflow', { params: { id } });
    await client.call('removeWorkflow', { params: { id } });
    return before;
  });
  terminal.out(json ? JSON.stringify(deleted, null, 2) : words.workflows.deleted(deleted.label[language]));
  return EXIT.ok;
}
