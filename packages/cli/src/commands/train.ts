import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Training, TrainingInput } from '@limner/contract';
import type { Command } from 'commander';
import type { Connection } from '../connect.ts';
import type { Context } from '../context.ts';
import { CliError, EXIT, type ExitCode } from '../exit-code.ts';
import { follow } from '../follow.ts';
import { decimal, oneOf, wholeNumber } from '../options.ts';
import { Progress } from '../progress.ts';
import { sentenceOf } from '../sentence.ts';
import { upload } from '../upload.ts';
import type { Words } from '../words.ts';
import { exitCodeOfTask, printOutcome } from '../work.ts';

interface TrainOptions {
  name: string;
  type?: 'ui' | 'vfx';
  trigger?: string;
  steps?: number;
  learningRate?: number;
  json?: boolean;
}

const PICTURES = new Set(['.png', '.jpg', '.jpeg', '.webp', '.gif', '.avif', '.tif', '.tiff']);

export function addTrain(program: Command, context: Context, done: (code: ExitCode) => void): void {
  const { help } = context.words;
  program
    .command('train')
    .description(help.train)
    .argument('<folder>', help.trainFolder)
    .requiredOption('--name <name>', help.styleName)
    .option('--type <type>', help.styleType, oneOf(context.words, '--type', ['ui', 'vfx']))
    .option('--trigger <words>', help.trigger)
    .option('--steps <n>', help.steps, wholeNumber(context.words, '--steps', 1, 1_000_000))
    .option('--learning-rate <n>', help.learningRate, decimal(context.words, '--learning-rate'))
    .option('--json', help.json)
    .action(async (folder: string, options: TrainOptions) => done(await train(folder, options, context)));
}

async function train(folder: string, options: TrainOptions, context: Context): Promise<ExitCode> {
  const { words, terminal } = context;
  const files = await picturesIn(folder, words);
  return context.withServer(async (connection) => {
    const progress = new Progress(terminal);
    const images = await send(files, progress, context, connection);
    const run = await connection.client.call('train', { body: requestOf(images, options) });
    progress.say(words.train.made(run.id, images.length, run.steps));
    const label = ({ progress: fraction }: { progress: number }) =>
      words.train.step(Math.round(fraction * run.steps), run.steps);
    const { client } = connection;
    const task = await follow(run.id, {
      client,
      words,
      progress,
      terminal,
      label,
      onPicture: async () => {},
    });
    printOutcome(task, context, progress);
    const ended = await client.call('getTraining', { params: { id: run.id } });
    printStyle(ended, context, options.json ?? false);
    return exitCodeOfTask(task, terminal.interrupted);
  });
}

/** Sorted by name; a text file beside a picture is its caption. */
async function picturesIn(folder: string, words: Words): Promise<{ path: string; caption: string }[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new CliError(words.usage.fileMissing(folder), EXIT.usage, cause);
  });
  const pictures = names.filter((name) => PICTURES.has(extname(name).toLowerCase())).sort();
  if (pictures.length === 0) throw new CliError(words.usage.noPictures(folder), EXIT.usage);
  const read = async (name: string) => {
    const text = join(folder, `${name.slice(0, -extname(name).length)}.txt`);
    const caption = await readFile(text, 'utf8').catch(() => '');
    return { path: join(folder, name), caption: caption.replace(/^\uFEFF/, '').trim() };
  };
  return Promise.all(pictures.map(read));
}

async function send(
  files: { path: string; caption: string }[],
  progress: Progress,
  { words, language }: Context,
  { client }: Connection,
): Promise<TrainingInput['images']> {
  const images: TrainingInput['images'] = [];
  for (const { path, caption } of files) {
    progress.show({ fraction: images.length / files.length, label: words.train.sending });
    const image = await upload(client, path, words).catch((cause: unknown) => {
      throw new CliError(`${path}: ${sentenceOf(cause, language)}`, EXIT.failed, cause);
    });
    images.push({ image, caption });
  }
  progress.clear();
  return images;
}

const requestOf = (images: TrainingInput['images'], options: TrainOptions): TrainingInput => ({
  style_name: options.name,
  style_type: options.type,
  trigger_words: options.trigger,
  images,
  params: {
    ...(options.steps === undefined ? {} : { steps: options.steps }),
    ...(options.learningRate === undefined ? {} : { learning_rate: options.learningRate }),
  },
});

function printStyle(run: Training, { words, terminal }: Context, json: boolean): void {
  if (json) terminal.out(JSON.stringify(run, null, 2));
  else if (run.status === 'completed') terminal.out(words.train.trained(run.style_name));
  else if (run.resume_step > 0) terminal.err.write(`${words.train.resume(run.id, run.resume_step)}\n`);
}
