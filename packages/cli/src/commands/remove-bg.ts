import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { eachPicture } from '../each-picture.ts';
import type { ExitCode } from '../exit-code.ts';
import { addWorkOptions, type WorkOptions } from '../work.ts';

interface RemoveBgOptions extends WorkOptions {
  model?: string;
  family?: string;
}

export function addRemoveBg(program: Command, context: Context, done: (code: ExitCode) => void): void {
  const { words } = context;
  const command = program
    .command('remove-bg')
    .description(words.help.removeBg)
    .argument('<picture...>', words.help.pictures)
    .option('--model <name>', words.help.model)
    .option('--family <id>', words.help.ownFamily);
  addWorkOptions(command, words).action(async (pictures: string[], options: RemoveBgOptions) => {
    const { model, family } = options;
    return done(
      await eachPicture(pictures, options, context, (input_image, { client }) =>
        client.call('removeBg', { body: { input_image, model, family } }),
      ),
    );
  });
}
