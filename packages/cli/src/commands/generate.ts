import {
  type GenerateInput,
  LIBRARIES,
  MAX_BATCH,
  type Params,
  PIXEL_GRIDS,
  type Seed,
  type Size,
  TILED_AXES,
  type TiledAxes,
  TREATMENTS,
} from '@limner/contract';
import type { Command } from 'commander';
import type { Connection } from '../connect.ts';
import type { Context } from '../context.ts';
import { eachPrompt, readPrompts } from '../each-prompt.ts';
import { CliError, EXIT, type ExitCode } from '../exit-code.ts';
import { findStyle } from '../find-style.ts';
import { fraction, numberOf, oneOf, seed, size, wholeNumber } from '../options.ts';
import { assertPicture, pictureRef } from '../picture-ref.ts';
import {
  addStyleImageOptions,
  assertStyleImages,
  type StyleImageOptions,
  styleImagesOf,
} from '../style-images.ts';
import type { Words } from '../words.ts';
import { addWorkOptions, makeOne, type WorkOptions } from '../work.ts';

/** Of commands that paint from a prompt. */
export interface PaintOptions extends StyleImageOptions {
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
  /** Without axes: on all sides. */
  tileable?: true | TiledAxes;
}

interface GenerateOptions extends PaintOptions, WorkOptions {
  promptsFile?: string;
}

export function addGenerate(program: Command, context: Context, done: (code: ExitCode) => void): void {
  const { help } = context.words;
  const command = program
    .command('generate')
    .description(help.generate)
    .argument('[prompt]', help.prompt)
    .option('--prompts-file <file>', help.promptsFile);
  addWorkOptions(addPaintOptions(command, context.words), context.words).action(
    async (prompt: string | undefined, options: GenerateOptions) =>
      done(await generate(prompt, options, context)),
  );
}

export function addPaintOptions(command: Command, words: Words): Command {
  const { help } = words;
  return addStyleImageOptions(command, words)
    .option('-n, --count <n>', help.count, wholeNumber(words, '--count', 1, MAX_BATCH), 1)
    .option('--seed <n>', help.seed, seed(words, '--seed'))
    .option('--size <WxH>', help.size, size(words))
    .option('--family <id>', help.family)
    .option('--style <name>', help.style)
    .option('--negative <text>', help.negative)
    .option('-i, --image <picture>', help.image)
    .option('--denoise <n>', help.denoise, fraction(words, '--denoise'))
    .option('--library <name>', help.library, oneOf(words, '--library', LIBRARIES))
    .option('--treatment <name>', help.treatment, oneOf(words, '--treatment', TREATMENTS))
    .option('--pixel-grid <n>', help.pixelGrid, numberOf(words, '--pixel-grid', PIXEL_GRIDS))
    .option('--tileable [axes]', help.tileable, oneOf(words, '--tileable', TILED_AXES));
}

async function generate(
  prompt: string | undefined,
  options: GenerateOptions,
  context: Context,
): Promise<ExitCode> {
  const { words } = context;
  const { promptsFile } = options;
  if (prompt === undefined && promptsFile === undefined)
    throw new CliError(words.usage.promptOrFile(), EXIT.usage);
  if (prompt !== undefined && promptsFile !== undefined)
    throw new CliError(words.usage.promptAndFile(), EXIT.usage);
  await assertPaintOptions(options, words);
  if (promptsFile !== undefined)
    return eachPrompt(await readPrompts(promptsFile, words), options, context, (connection) =>
      requestOf('', options, connection, words),
    );
  return makeOne(options, context, async (connection) =>
    connection.client.call('generate', { body: await requestOf(prompt ?? '', options, connection, words) }),
  );
}

/** Before a server is looked for. */
export async function assertPaintOptions(options: PaintOptions, words: Words): Promise<void> {
  const { denoise, image } = options;
  if (denoise !== undefined && !image) throw new CliError(words.usage.denoiseAlone(), EXIT.usage);
  if (image) await assertPicture(image, words);
  await assertStyleImages(options, words);
}

export async function requestOf(
  prompt: string,
  options: PaintOptions,
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
    ...(await styleImagesOf(options, connection, words)),
    ...paramsOf(options),
  };
}

function paramsOf({
  denoise,
  library,
  treatment,
  pixelGrid,
  tileable,
}: PaintOptions): Pick<GenerateInput, 'params'> {
  const params: Params = { denoise, library, treatment, pixel_grid: pixelGrid, tileable };
  return Object.values(params).some((value) => value !== undefined) ? { params } : {};
}
