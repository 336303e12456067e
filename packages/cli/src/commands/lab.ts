/** `limner train lab`: the same pictures with a style at several strengths and without its LoRA, on one labelled sheet. */
import path from 'node:path';
import { gridLines, gridNumbers, LAB_STRENGTHS, labGrid, SAMPLE_PROMPTS } from '@limner/contract';
import type { Command } from 'commander';
import type { Connection } from '../connect.ts';
import type { Context } from '../context.ts';
import { CliError, EXIT, type ExitCode } from '../exit-code.ts';
import { findStyle } from '../find-style.ts';
import { each, wholeNumber } from '../options.ts';
import { openFolder } from '../save.ts';
import { finishGrid, leave, type SheetOptions, sheetFile } from './grid.ts';

interface LabOptions extends SheetOptions {
  prompt?: string[];
  strengths?: string;
  steps?: string;
  seed?: number;
}

export function addLab(train: Command, context: Context, done: (code: ExitCode) => void): void {
  const { words } = context;
  const { help } = words.lab;
  train
    .command('lab')
    .description(help.lab)
    .argument('<style...>', help.styles)
    .option('--prompt <text>', help.prompt, each(String))
    .option('--strengths <list>', help.strengths)
    .option('--steps <list>', help.steps)
    .option('--seed <n>', words.help.seed, wholeNumber(words, '--seed', 0, Number.MAX_SAFE_INTEGER))
    .option('-o, --out <file>', words.grid.help.out, 'lab.png')
    .option('--pictures <folder>', words.grid.help.pictures)
    .option('--no-wait', words.grid.help.noWait)
    .option('--json', words.help.json)
    .action(async (styles: string[], options: LabOptions) => done(await lab(styles, options, context)));
}

async function lab(wanted: string[], given: LabOptions, context: Context): Promise<ExitCode> {
  const { words, language } = context;
  const options = { ...given, out: await sheetFile(given.out) };
  const strengths = numbersIn(options.strengths, words.lab.strengths) ?? LAB_STRENGTHS;
  const steps = numbersIn(options.steps, words.lab.steps);
  if (steps && wanted.length > 1) throw new CliError(words.lab.stepsOfOne, EXIT.usage);
  const prompts = options.prompt?.flatMap(gridLines) ?? SAMPLE_PROMPTS.map((prompt) => prompt[language]);
  for (const folder of [path.dirname(options.out), options.pictures])
    if (options.wait && folder !== undefined) await openFolder(folder, words);
  const work = async (connection: Connection): Promise<ExitCode> => {
    const { client } = connection;
    const styles = [];
    for (const name of wanted) styles.push(await findStyle(name, client, words));
    const plain = styles.find(({ lora_path }) => lora_path === null);
    if (plain) throw new CliError(words.lab.noLora(plain.name), EXIT.usage);
    const { seed } = options;
    const input = { styles, strengths, prompts, steps, seed };
    const made = await client.call('createGrid', { body: labGrid(input) });
    return options.wait ? finishGrid(made, options, context, connection) : leave(made, options, context);
  };
  return context.withServer(work, { mayStart: options.wait });
}

function numbersIn(text: string | undefined, refusal: (text: string) => string): number[] | undefined {
  if (text === undefined) return undefined;
  try {
    return gridNumbers(text, false);
  } catch (cause) {
    throw new CliError(refusal(text), EXIT.usage, cause);
  }
}
