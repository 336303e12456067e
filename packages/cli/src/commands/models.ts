/**
 * `models`: what requests can name with `--model`. `models list`: the families, and what unavailable ones need. `models files`
 * and `models download`: the files of ComfyUI servers.
 */
import type { FamilyOffer, FamilyParam, Language, Missing, ParamChoice } from '@limner/contract';
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { CliError, EXIT, type ExitCode } from '../exit-code.ts';
import { missingLine } from '../missing-line.ts';
import { downloadFile, listFiles } from '../model-files.ts';
import { isParam } from '../params.ts';
import type { Words } from '../words.ts';

interface JsonOption {
  json?: boolean;
}

export function addModels(program: Command, context: Context, done: (code: ExitCode) => void): void {
  const { help } = context.words;
  const models = program
    .command('models')
    .description(help.models)
    .option('--json', help.json)
    .action(async ({ json }: JsonOption) => done(await listModels(json ?? false, context)));
  models
    .command('list')
    .description(help.modelsList)
    .argument('[family]', help.familyOnly)
    .option('--json', help.json)
    // `models` has `--json` too, and commander gives it to the outer command.
    .action(async (family: string | undefined, _: JsonOption, command: Command) =>
      done(await listFamilies(family, command.optsWithGlobals().json === true, context)),
    );
  models
    .command('files')
    .description(help.modelsFiles)
    .option('--json', help.json)
    .action(async (_: JsonOption, command: Command) =>
      done(await listFiles(command.optsWithGlobals().json === true, context)),
    );
  models
    .command('download')
    .description(help.modelsDownload)
    .argument('<file>', help.modelFile)
    .option('--engine <name>', help.modelServer)
    .action(async (file: string, { engine }: { engine?: string }) =>
      done(await downloadFile(file, engine, context)),
    );
}

async function listModels(json: boolean, context: Context): Promise<ExitCode> {
  const { withServer, terminal } = context;
  const models = await withServer(async ({ client }) =>
    (await client.call('listFamilies', {})).flatMap(modelsOf),
  );
  if (json) terminal.out(JSON.stringify(models, null, 2));
  else for (const model of models) terminal.out(row(model, context));
  return EXIT.ok;
}

async function listFamilies(
  wanted: string | undefined,
  json: boolean,
  { withServer, terminal, words, language }: Context,
): Promise<ExitCode> {
  const all = await withServer(({ client }) => client.call('listFamilies', {}));
  const families = all.filter(({ id }) => wanted === undefined || id === wanted);
  if (wanted !== undefined && families.length === 0) {
    const known = all.map(({ id }) => id).join(', ');
    throw new CliError(words.usage.familyUnknown(wanted, known), EXIT.usage);
  }
  if (json) {
    terminal.out(JSON.stringify(families, null, 2));
    return EXIT.ok;
  }
  for (const family of families) {
    const state = family.available ? words.family.available : words.family.unavailable;
    terminal.out([family.id, words.kind[family.kind], state, family.label[language]].join('\t'));
    for (const missing of lackedBy(family)) terminal.out(missingLine(missing, language));
    if (wanted !== undefined)
      for (const param of family.params.filter(({ key }) => isParam(key)))
        terminal.out(paramLine(param, words, language));
  }
  return EXIT.ok;
}

/** Tab-separated: name for `--param`, what it takes, what it is without it; or why it has no effect. */
function paramLine(param: FamilyParam, { param: says }: Words, language: Language): string {
  const { key, label, type, default: usual, min, max, choices, effect, reason } = param;
  const takes = choices
    ? choices.map(({ value }) => value).join(', ')
    : [says[type], min !== undefined && max !== undefined ? says.range(min, max) : '']
        .filter(Boolean)
        .join(' ');
  const without = usual === null ? '' : says.usual(usual);
  const why = effect ? '' : `${says.noEffect}${reason ? `: ${reason[language]}` : ''}`;
  return [`  ${key}${label ? ` (${label[language]})` : ''}`, takes, without, why].filter(Boolean).join('\t');
}

/** Of a family that some engine can run, nothing. Several servers may lack the same file. */
function lackedBy({ available, engines }: FamilyOffer): Missing[] {
  if (available) return [];
  const byCure = new Map(
    engines.flatMap(({ missing }) => missing).map((missing) => [missing.name + missing.cure.en, missing]),
  );
  return [...byCure.values()];
}

interface Model extends Pick<ParamChoice, 'value' | 'label'> {
  family: string;
  engine: string | null;
  missing: Missing[];
}

const modelsOf = (family: FamilyOffer): Model[] =>
  family.params
    .filter(({ key }) => key === 'model')
    .flatMap(({ choices = [] }) => choices)
    .map(({ value, label, engine, missing }) => ({
      family: family.id,
      value,
      label,
      engine: engine ?? family.engines[0]?.engine ?? null,
      missing: missing ?? (family.available ? [] : (family.engines[0]?.missing ?? [])),
    }));

/** Tab-separated: family, name in a request, engine, plain name, what it needs. */
const row = ({ family, value, engine, label, missing }: Model, { language }: Context): string =>
  [family, value, engine, label[language], missing.map(({ cure }) => cure[language]).join(' ')].join('\t');
