/** `limner animate`: pictures, or the kept frames of a video, as a sprite sheet or an animated file. */
import {
  ANIMATION_FORMATS,
  type AnimationFormat,
  type AnimationInput,
  MAX_ANIMATION_FRAMES,
  MAX_FPS,
  MAX_PADDING_PX,
  MAX_SIDE_PX,
  MIN_ANIMATION_FPS,
  outputId,
  parseOutputId,
  rateOfEvery,
  shownOutputs,
  type Task,
} from '@limner/contract';
import type { Command } from 'commander';
import type { Connection } from '../connect.ts';
import type { Context } from '../context.ts';
import type { ExitCode } from '../exit-code.ts';
import { numberBetween, oneOf, wholeNumber } from '../options.ts';
import { assertPicture, pictureRef } from '../picture-ref.ts';
import { isReadableFile } from '../upload.ts';
import { addWorkOptions, makeOne, type WorkOptions } from '../work.ts';

interface AnimateOptions extends WorkOptions {
  format: AnimationFormat;
  name?: string;
  fps?: number;
  /** Numbers from 1. */
  from: number;
  to?: number;
  every: number;
  loop: boolean;
  maxSide?: number;
  cutOut?: boolean;
  trim?: boolean;
  quality?: number;
  columns?: number;
  padding?: number;
  powerOfTwo?: boolean;
}

export function addAnimate(program: Command, context: Context, done: (code: ExitCode) => void): void {
  const { words } = context;
  const { help } = words.animate;
  const whole = (name: string, max: number, min = 1) => wholeNumber(words, name, min, max);
  const command = program
    .command('animate')
    .description(help.animate)
    .argument('<picture...>', help.pictures)
    .option('--format <format>', help.format, oneOf(words, '--format', ANIMATION_FORMATS), 'gif')
    .option('--name <name>', help.name)
    .option('--fps <n>', help.fps, numberBetween(words, '--fps', MIN_ANIMATION_FPS, MAX_FPS))
    .option('--from <n>', help.from, whole('--from', MAX_ANIMATION_FRAMES), 1)
    .option('--to <n>', help.to, whole('--to', MAX_ANIMATION_FRAMES))
    .option('--every <n>', help.every, whole('--every', MAX_ANIMATION_FRAMES), 1)
    .option('--no-loop', help.noLoop)
    .option('--max-side <px>', help.maxSide, whole('--max-side', MAX_SIDE_PX))
    .option('--cut-out', help.cutOut)
    .option('--trim', help.trim)
    .option('--quality <n>', help.quality, whole('--quality', 100))
    .option('--columns <n>', help.columns, whole('--columns', MAX_ANIMATION_FRAMES))
    .option('--padding <px>', help.padding, whole('--padding', MAX_PADDING_PX, 0))
    .option('--power-of-two', help.powerOfTwo);
  addWorkOptions(command, words).action(async (pictures: string[], options: AnimateOptions) =>
    done(await animate(pictures, options, context)),
  );
}

async function animate(pictures: string[], options: AnimateOptions, context: Context): Promise<ExitCode> {
  const { words, terminal } = context;
  for (const picture of pictures) if (!(await namesTask(picture))) await assertPicture(picture, words);
  return makeOne(options, context, async (connection) => {
    const found: Found[] = [];
    for (const picture of pictures) found.push(await framesOf(picture, connection, context));
    const { from, to = Infinity, every } = options;
    const all = found.flatMap(({ frames }) => frames);
    const frames = all.filter((_, at) => at >= from - 1 && at < to && (at - from + 1) % every === 0);
    const rate = found.find(({ fps }) => fps !== null)?.fps;
    const fps = options.fps ?? (rate ? rateOfEvery(rate, every) : undefined);
    const task = await connection.client.call('animate', { body: { ...requestOf(options), frames, fps } });
    const shown = task.recipe.animation?.fps ?? 1;
    const count = task.recipe.references.length;
    terminal.err.write(`${words.video.told(count, count / shown, null)}\n`);
    return task;
  });
}

const requestOf = (options: AnimateOptions): Omit<AnimationInput, 'frames'> => ({
  format: options.format,
  name: options.name,
  loop: options.loop,
  max_side: options.maxSide,
  cut_out: options.cutOut,
  trim: options.trim,
  quality: options.quality,
  columns: options.columns,
  padding: options.padding,
  power_of_two: options.powerOfTwo,
});

interface Found {
  /** Ids of pictures. */
  frames: string[];
  /** Of a video. */
  fps: number | null;
}

/** A file comes before the number of a task, as before an id. */
const namesTask = async (picture: string): Promise<boolean> =>
  /^\d+$/.test(picture) && !(await isReadableFile(picture));

/** A video is its kept frames; without any it is named itself, and the server says what it lacks. */
async function framesOf(picture: string, connection: Connection, { words }: Context): Promise<Found> {
  const { client } = connection;
  if (await namesTask(picture))
    return framesOfTask(await client.call('getTask', { params: { id: Number(picture) } }));
  const ref = await pictureRef(picture, connection, words);
  const name = parseOutputId(ref);
  if (!name) return { frames: [ref], fps: null };
  const task = await client.call('getTask', { params: { id: name.task } });
  const ofFrame = { ...task, frames: task.frames.filter(({ index }) => index === name.frame) };
  const output = ofFrame.frames[0]?.outputs.find(({ place }) => place === name.place);
  return output?.media_type.startsWith('video/') ? framesOfTask(ofFrame) : { frames: [ref], fps: null };
}

function framesOfTask({ id: task, frames, recipe }: Task): Found {
  let fps: number | null = null;
  const ids = frames.flatMap(({ index: frame, outputs }) => {
    const stills = outputs.filter(({ role }) => role === 'still');
    if (stills.length > 0) fps = recipe.video?.fps ?? null;
    return (stills.length > 0 ? stills : shownOutputs(outputs)).map(({ place }) =>
      outputId({ task, frame, place }),
    );
  });
  return { frames: ids, fps };
}
