/** The models of all engines that requests can name with `--model`, and what unavailable ones need. */
import type { FamilyOffer, Missing, ParamChoice } from '@limner/contract';
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';

export function addModels(program: Command, context: Context, done: (code: ExitCode) => void): void {
  const { help } = context.words;
  program
    .command('models')
    .description(help.models)
    .option('--json', help.json)
    .action(async ({ json }: { json?: boolean }) => done(await list(json ?? false, context)));
}

async function list(json: boolean, context: Context): Promise<ExitCode> {
  const { withServer, terminal } = context;
  const models = await withServer(async ({ client }) =>
    (await client.call('listFamilies', {})).flatMap(modelsOf),
  );
  if (json) terminal.out(JSON.stringify(models, null, 2));
  else for (const model of models) terminal.out(row(model, context));
  return EXIT.ok;
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
