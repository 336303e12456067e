/** Every variable with its value, where it comes from, its default, and what is wrong with it. */
import type { Bilingual } from '@limner/contract';
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { serverJob } from '../server-job.ts';

interface Variable {
  name: string;
  value: string | null;
  default: string | null;
  source: 'environment' | 'env_file' | 'default';
  problem: Bilingual | null;
}

interface Report {
  variables: Variable[];
  problems: Bilingual[];
  unknown: string[];
}

/** Read by the command line alone. */
const SERVER_ADDRESS = 'LIMNER_URL';

export function addConfig(program: Command, context: Context, done: (code: ExitCode) => void): void {
  const { help } = context.words;
  program
    .command('config')
    .description(help.config)
    .option('--json', help.json)
    .action(async ({ json }: { json?: boolean }) => done(await config(json ?? false, context)));
}

async function config(json: boolean, context: Context): Promise<ExitCode> {
  const { terminal } = context;
  const report = withAddress(await serverJob<Report>('config', [], context), terminal.env);
  if (json) terminal.out(JSON.stringify(report, null, 2));
  else for (const line of describe(report, context)) terminal.out(line);
  const isGood = report.problems.length === 0 && report.variables.every(({ problem }) => problem === null);
  return isGood ? EXIT.ok : EXIT.failed;
}

function withAddress({ variables, problems, unknown }: Report, env: Context['terminal']['env']): Report {
  const value = env[SERVER_ADDRESS] || null;
  const inFile = unknown.includes(SERVER_ADDRESS);
  const source = value === null ? 'default' : inFile ? 'env_file' : 'environment';
  return {
    variables: [...variables, { name: SERVER_ADDRESS, value, default: null, source, problem: null }],
    problems,
    unknown: unknown.filter((name) => name !== SERVER_ADDRESS),
  };
}

/** Tab-separated: name, value, where it comes from, and the default where the value is another. */
function describe({ variables, problems, unknown }: Report, { words, language }: Context): string[] {
  return [
    ...variables.flatMap(({ name, value, source, default: standard, problem }) => [
      [
        name,
        value ?? words.config.unset,
        words.config.source[source],
        ...(source === 'default' ? [] : [words.config.byDefault(standard ?? words.config.unset)]),
      ].join('\t'),
      ...(problem ? [`  ✗ ${words.config.wrong(name, problem[language])}`] : []),
    ]),
    ...problems.map((problem) => `✗ ${problem[language]}`),
    ...unknown.map((name) => `! ${words.config.unknown(name)}`),
  ];
}
