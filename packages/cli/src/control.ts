/** The options for a ControlNet picture, of commands that paint from a prompt. */
import { ControlType, type GenerateInput } from '@limner/contract';
import type { Command } from 'commander';
import type { Connection } from './connect.ts';
import { CliError, EXIT } from './exit-code.ts';
import { fraction, numberBetween } from './options.ts';
import { assertPicture, pictureRef } from './picture-ref.ts';
import type { Words } from './words.ts';

export interface ControlOptions {
  control?: { type: ControlType; picture: string };
  controlStrength?: number;
  controlStart?: number;
  controlEnd?: number;
}

export const addControlOptions = (command: Command, words: Words): Command =>
  command
    .option('--control <type=picture>', words.help.control, typeAndPicture(words))
    .option(
      '--control-strength <n>',
      words.help.controlStrength,
      numberBetween(words, '--control-strength', 0, 2),
    )
    .option('--control-start <n>', words.help.controlStart, fraction(words, '--control-start'))
    .option('--control-end <n>', words.help.controlEnd, fraction(words, '--control-end'));

const typeAndPicture =
  (words: Words) =>
  (text: string): { type: ControlType; picture: string } => {
    const [, name, picture] = /^\s*([^=\s]+)\s*=(.+)$/s.exec(text) ?? [];
    const { data: type } = ControlType.safeParse(name);
    if (type === undefined || picture === undefined)
      throw new CliError(words.usage.badControl(ControlType.options), EXIT.usage);
    return { type, picture };
  };

/** Before a server is looked for. */
export async function assertControl(options: ControlOptions, words: Words): Promise<void> {
  const { control, controlStrength, controlStart, controlEnd } = options;
  if (control) return assertPicture(control.picture, words);
  const alone = Object.entries({
    '--control-strength': controlStrength,
    '--control-start': controlStart,
    '--control-end': controlEnd,
  }).find(([, value]) => value !== undefined);
  if (alone) throw new CliError(words.usage.controlAlone(alone[0]), EXIT.usage);
}

export async function controlOf(
  { control, controlStrength, controlStart, controlEnd }: ControlOptions,
  connection: Connection,
  words: Words,
): Promise<Pick<GenerateInput, 'controlnet'>> {
  if (!control) return {};
  const image = await pictureRef(control.picture, connection, words);
  const { type } = control;
  return { controlnet: { type, image, strength: controlStrength, start: controlStart, end: controlEnd } };
}
