import { CREATIVITY } from '@limner/contract';
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { eachPicture } from '../each-picture.ts';
import type { ExitCode } from '../exit-code.ts';
import { fraction, wholeNumber } from '../options.ts';
import { addWorkOptions, type WorkOptions } from '../work.ts';

interface UpscaleOptions extends WorkOptions {
  factor?: number;
  model?: string;
  family?: string;
  /** Without a strength: the usual one. */
  creative?: true | number;
  prompt?: string;
}

export function addUpscale(program: Command, context: Context, done: (code: ExitCode) => void): void {
  const { words } = context;
  const command = program
    .command('upscale')
    .description(words.help.upscale)
    .argument('<picture...>', words.help.pictures)
    .option('--factor <n>', words.help.factor, wholeNumber(words, '--factor', 2, 4))
    .option('--model <name>', words.help.upscaleModel)
    .option('--family <id>', words.help.ownFamily)
    .option('--creative [strength]', words.help.creative, fraction(words, '--creative'))
    .option('--prompt <text>', words.help.creativePrompt);
  addWorkOptions(command, words).action(async (pictures: string[], options: UpscaleOptions) =>
    done(
      await eachPicture(pictures, options, context, (input_image, { client }) =>
        client.call('upscale', { body: { input_image, ...requestOf(options) } }),
      ),
    ),
  );
}

const requestOf = ({ factor, model, family, creative, prompt }: UpscaleOptions) => ({
  factor,
  model,
  family,
  creativity: creative === true ? CREATIVITY.usual : creative,
  prompt,
});
