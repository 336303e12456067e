/** `limner video`: a video from words, from a first picture, or between a first and a last one. */
import {
  MAX_BATCH,
  MAX_FPS,
  MAX_VIDEO_FRAMES,
  pictureWork,
  type SecondsRange,
  type Seed,
  type Size,
  type Task,
  timesWork,
  type VideoInput,
} from '@limner/contract';
import type { Command } from 'commander';
import type { Connection } from '../connect.ts';
import type { Context } from '../context.ts';
import { CliError, EXIT, type ExitCode } from '../exit-code.ts';
import { findStyle } from '../find-style.ts';
import { numberBetween, seed, size, wholeNumber } from '../options.ts';
import { addParamOption, type ParamOptions, paramsOf } from '../params.ts';
import { assertPicture, pictureRef } from '../picture-ref.ts';
import { addWorkOptions, makeOne, type WorkOptions } from '../work.ts';

interface VideoOptions extends WorkOptions, ParamOptions {
  image?: string;
  last?: string;
  seconds?: number;
  frames?: number;
  fps?: number;
  keepFrames?: boolean;
  count: number;
  seed?: Seed;
  size?: Size;
  style?: string;
  negative?: string;
}

export function addVideo(program: Command, context: Context, done: (code: ExitCode) => void): void {
  const { words } = context;
  const { help } = words;
  const command = program
    .command('video')
    .description(words.video.help.video)
    .argument('<prompt>', words.video.help.prompt)
    .option('-i, --image <picture>', words.video.help.image)
    .option('--last <picture>', words.video.help.last)
    .option(
      '--seconds <n>',
      words.video.help.seconds,
      numberBetween(words, '--seconds', 0.1, MAX_VIDEO_FRAMES),
    )
    .option('--frames <n>', words.video.help.frames, wholeNumber(words, '--frames', 1, MAX_VIDEO_FRAMES))
    .option('--fps <n>', words.video.help.fps, numberBetween(words, '--fps', 1, MAX_FPS))
    .option('--keep-frames', words.video.help.keepFrames)
    .option('-n, --count <n>', words.video.help.count, wholeNumber(words, '--count', 1, MAX_BATCH), 1)
    .option('--seed <n>', help.seed, seed(words, '--seed'))
    .option('--size <WxH>', help.size, size(words))
    .option('--family <id>', help.family)
    .option('--style <name>', help.style)
    .option('--negative <text>', help.negative);
  addWorkOptions(addParamOption(command, context), words).action(
    async (prompt: string, options: VideoOptions) => done(await film(prompt, options, context)),
  );
}

async function film(prompt: string, options: VideoOptions, context: Context): Promise<ExitCode> {
  const { words, terminal } = context;
  const { image, last, seconds, frames } = options;
  if (last !== undefined && image === undefined) throw new CliError(words.video.lastAlone, EXIT.usage);
  if (seconds !== undefined && frames !== undefined) throw new CliError(words.video.oneLength, EXIT.usage);
  for (const picture of [image, last]) if (picture !== undefined) await assertPicture(picture, words);
  return makeOne(options, context, async (connection) => {
    const task = await connection.client.call('video', {
      body: await requestOf(prompt, options, connection, context),
    });
    const { frames: made, fps } = task.recipe.video ?? {};
    if (made && fps)
      terminal.err.write(`${words.video.told(made, made / fps, await secondsOf(task, connection))}\n`);
    return task;
  });
}

async function requestOf(
  prompt: string,
  options: VideoOptions,
  connection: Connection,
  context: Context,
): Promise<VideoInput> {
  const { words } = context;
  const { image, last, seconds, frames, fps, keepFrames, style } = options;
  return {
    prompt,
    start_image: image === undefined ? undefined : await pictureRef(image, connection, words),
    end_image: last === undefined ? undefined : await pictureRef(last, connection, words),
    seconds,
    frames,
    fps,
    keep_frames: keepFrames,
    batch_size: options.count,
    seed: options.seed,
    family: options.family,
    params: await paramsOf(options, connection, context),
    style_id: style === undefined ? undefined : (await findStyle(style, connection.client, words)).id,
    negative_prompt: options.negative,
    ...options.size,
  };
}

/** For each video, from earlier ones of this family; null: none was measured. */
async function secondsOf({ family, recipe }: Task, { client }: Connection): Promise<SecondsRange | null> {
  const offer = (await client.call('listFamilies', {})).find(({ id }) => id === family);
  if (!offer?.measured) return null;
  const { low, high, work } = offer.measured;
  const times = timesWork(pictureWork(recipe, offer), work);
  return times === null ? null : { low: low * times, high: high * times };
}
