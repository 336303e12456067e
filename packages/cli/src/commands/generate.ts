import {
  type Client,
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
import type { Context } from '../context.ts';
import { CliError, EXIT, type ExitCode } from '../exit-code.ts';
import { fraction, numberOf, oneOf, seed, size, wholeNumber } from '../options.ts';
import { openFolder } from '../save.ts';
import { upload } from '../upload.ts';
import type { Words } from '../words.ts';
import { finish } from '../work.ts';

interface GenerateOptions {
  count: number;
  out: string;
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
  json?: boolean;
}

export function addGenerate(program: Command, context: Context, done: (code: ExitCode) => void): void {
  const { help } = context.words;
  const whole = (name: string, min: number, max: number) => wholeNumber(context.words, name, min, max);
  program
    .command('generate')
    .description(help.generate)
    .argument('<prompt>', help.prompt)
    .option('-n, --count <n>', help.count, whole('--count', 1, MAX_BATCH), 1)
    .option('-o, --out <folder>', help.out, '.')
    .option('--seed <n>', help.seed, seed(context.words, '--seed'))
    .option('--size <WxH>', help.size, size(context.words))
    .option('--family <id>', help.family)
    .option('--style <name>', help.style)
    .option('--negative <text>', help.negative)
    .option('-i, --image <file>', help.image)
    .option('--denoise <n>', help.denoise, fraction(context.words, '--denoise'))
    .option('--library <name>', help.library, oneOf(context.words, '--library', LIBRARIES))
    .option('--treatment <name>', help.treatment, oneOf(context.words, '--treatment', TREATMENTS))
    .option('--pixel-grid <n>', help.pixelGrid, numberOf(context.words, '--pixel-grid', PIXEL_GRIDS))
    .option('--json', help.json)
    .action(async (prompt: string, options: GenerateOptions) =>
      done(await generate(prompt, options, context)),
    );
}

async function generate(prompt: string, options: GenerateOptions, context: Context): Promise<ExitCode> {
  if (options.denoise !== undefined && !options.image) {
    throw new CliError(context.words.usage.denoiseAlone(), EXIT.usage);
  }
  await openFolder(options.out, context.words);
  return context.withServer(async (connection) => {
    const body = await requestOf(prompt, options, connection.client, context.words);
    const { id, choice } = await connection.client.call('generate', { body });
    const work = {
      id,
      choice,
      folder: options.out,
      printsFiles: !options.json,
    };
    const { task, files, exitCode } = await finish(work, context, connection);
    if (options.json) context.terminal.out(JSON.stringify({ ...task, files }, null, 2));
    return exitCode;
  });
}

async function requestOf(
  prompt: string,
  options: GenerateOptions,
  client: Client,
  words: Words,
): Promise<GenerateInput> {
  const image = options.image ? await upload(client, options.image, words) : undefined;
  return {
    prompt,
    batch_size: options.count,
    seed: options.seed,
    family: options.family,
    negative_prompt: options.negative,
    style_id: options.style === undefined ? undefined : await styleId(options.style, client, words),
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

async function styleId(wanted: string, client: Client, words: Words): Promise<number> {
  const styles = await client.call('listStyles', {});
  const style = styles.find(({ id, name }) => name === wanted || String(id) === wanted);
  if (style) return style.id;
  throw new CliError(words.usage.styleUnknown(wanted, styles.map(({ name }) => name).join(', ')), EXIT.usage);
}
