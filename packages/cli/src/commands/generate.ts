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
import { addControlOptions, assertControl, type ControlOptions, controlOf } from '../control.ts';
import { eachPrompt, readPrompts } from '../each-prompt.ts';
import { CliError, EXIT, type ExitCode } from '../exit-code.ts';
import { findStyle } from '../find-style.ts';
import { fraction, numberOf, oneOf, seed, size, wholeNumber } from '../options.ts';
import { addParamOption, type ParamOptions, paramsOf } from '../params.ts';
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
export interface PaintOptions extends StyleImageOptions, ControlOptions, ParamOptions {
  count: number;
  seed?: Seed;
  size?: Size;
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
  addWorkOptions(addPaintOptions(command, context), context.words).action(
    async (prompt: string | undefined, options: GenerateOptions) =>
      done(await generate(prompt, options, context)),
  );
}

export function addPaintOptions(command: Command, context: Context): Command {
  const { words } = context;
  const { help } = words;
  addStyleImageOptions(command, words)
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
  return addParamOption(addControlOptions(command, words), context);
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
      requestOf('', options, connection, context),
    );
  return makeOne(options, context, async (connection) =>
    connection.client.call('generate', { body: await requestOf(prompt ?? '', options, connection, context) }),
  );
}

/** Before a server is looked for. */
export async function assertPaintOptions(options: PaintOptions, words: Words): Promise<void> {
  const { denoise, image } = options;
  if (denoise !== undefined && !image) throw new CliError(words.usage.denoiseAlone(), EXIT.usage);
  if (image) await assertPicture(image, words);
  await assertStyleImages(options, words);
  await assertControl(options, words);
}

export async function requestOf(
  prompt: string,
  options: PaintOptions,
  connection: Connection,
  context: Context,
): Promise<GenerateInput> {
  const { client } = connection;
  const { words } = context;
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
    ...(await controlOf(options, connection, words)),
    ...(await paintParams(options, connection, context)),
  };
}

/** The options of their own come before `--param`. */
async function paintParams(
  options: PaintOptions,
  connection: Connection,
  context: Context,
): Promise<Pick<GenerateInput, 'params'>> {
  const { denoise, library, treatment, pixelGrid, tileable } = options;
  const own: Params = { denoise, library, treatment, pixel_grid: pixelGrid, tileable };
  const named = await paramsOf(options, connection, context);
  const params = {
    ...named,
    ...Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)),
  };
  return Object.keys(params).length > 0 ? { params } : {};
}
