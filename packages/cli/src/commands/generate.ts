import {
  type GenerateInput,
  LIBRARIES,
  MAX_BATCH,
  type Params,
  PIXEL_GRIDS,
  type Seed,
  type Size,
  TREATMENTS,
} from '@limner/contract';
import type { Command } from 'commander';
import type { Connection } from '../connect.ts';
import type { Context } from '../context.ts';
import { CliError, EXIT, type ExitCode } from '../exit-code.ts';
import { findStyle } from '../find-style.ts';
import { fraction, numberOf, oneOf, seed, size, wholeNumber } from '../options.ts';
import { assertPicture, pictureRef } from '../picture-ref.ts';
import type { Words } from '../words.ts';
import { addWorkOptions, makeOne, type WorkOptions } from '../work.ts';

interface GenerateOptions extends WorkOptions {
  count: number;
  seed?: Seed;
  size?: Size;
  family?: string;
  style?: string;
  negative?: string;
  image?: string;
  denoise?: number;
  library?: Params['library'];
  treatment?: Params['treatment'];
  pixelGrid?: Params['pixel_grid'];
}

export function addGenerate(program: Command, context: Context, done: (code: ExitCode) => void): void {
  const { help } = context.words;
  const whole = (name: string, min: number, max: number) => wholeNumber(context.words, name, min, max);
  const command = program
    .command('generate')
    .description(help.generate)
    .argument('<prompt>', help.prompt)
    .option('-n, --count <n>', help.count, whole('--count', 1, MAX_BATCH), 1)
    .option('--seed <n>', help.seed, seed(context.words, '--seed'))
    .option('--size <WxH>', help.size, size(context.words))
    .option('--family <id>', help.family)
    .option('--style <name>', help.style)
    .option('--negative <text>', help.negative)
    .option('-i, --image <picture>', help.image)
    .option('--denoise <n>', help.denoise, fraction(context.words, '--denoise'))
    .option('--library <name>', help.library, oneOf(context.words, '--library', LIBRARIES))
    .option('--treatment <name>', help.treatment, oneOf(context.words, '--treatment', TREATMENTS))
    .option('--pixel-grid <n>', help.pixelGrid, numberOf(context.words, '--pixel-grid', PIXEL_GRIDS));
  addWorkOptions(command, context.words).action(async (prompt: string, options: GenerateOptions) =>
    done(await generate(prompt, options, context)),
  );
}

async function generate(prompt: string, options: GenerateOptions, context: Context): Promise<ExitCode> {
  const { words } = context;
  if (options.denoise !== undefined && !options.image)
    throw new CliError(words.usage.denoiseAlone(), EXIT.usage);
  if (options.image) await assertPicture(options.image, words);
  return makeOne(options, context, async (connection) =>
    connection.client.call('generate', { body: await requestOf(prompt, options, connection, words) }),
  );
}

async function requestOf(
  prompt: string,
  options: GenerateOptions,
  connection: Connection,
  words: Words,
): Promise<GenerateInput> {
  const { client } = connection;
  const image = options.image ? await pictureRef(options.image, connection, words) : undefined;
  return {
    prompt,
    batch_size: options.count,
    seed: options.seed,
    family: options.family,
    negative_prompt: options.negative,
    style_id: options.style === undefined ? undefined : (await findStyle(options.style, client, words)).id,
    ...options.size,
    ...(image ? { type: 'img2img', input_image: image } : {}),
    ...paramsOf(options),
  };
}

function paramsOf({
  denoise,
  library,
  treatment,
  pixelGrid,
}: GenerateOptions): Pick<GenerateInput, 'params'> {
  const params: Params = { denoise, library, treatment, pixel_grid: pixelGrid };
  return Object.values(params).some((value) => value !== undefined) ? { params } : {};
}
