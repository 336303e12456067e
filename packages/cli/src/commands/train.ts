import { type Training, type TrainingInput, type TrainingPicture, trainingNotices } from '@limner/contract';
import type { Command } from 'commander';
import type { Connection } from '../connect.ts';
import type { Context } from '../context.ts';
import { CliError, EXIT, type ExitCode } from '../exit-code.ts';
import { follow } from '../follow.ts';
import { decimal, oneOf, wholeNumber } from '../options.ts';
import { Progress } from '../progress.ts';
import { sentenceOf } from '../sentence.ts';
import { readTrainingFolder, type TrainingFolder } from '../training-folder.ts';
import { uploaded } from '../upload.ts';
import { exitCodeOfTask, printOutcome } from '../work.ts';

type Images = NonNullable<TrainingInput['images']>;

interface TrainOptions {
  name: string;
  type?: 'ui' | 'vfx';
  trigger?: string;
  steps?: number;
  learningRate?: number;
  json?: boolean;
}

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
  const { words, terminal, language } = context;
  const found = await readTrainingFolder(folder, words, language);
  return context.withServer(async (connection) => {
    const progress = new Progress(terminal);
    progress.say(words.train.captions(found.captioned, found.pictures.length));
    if (found.alone.length > 0) progress.say(words.train.captionsAlone(found.alone));
    const images = await send(found, progress, context, connection);
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

async function send(
  { pictures }: TrainingFolder,
  progress: Progress,
  { words, language }: Context,
  { client }: Connection,
): Promise<Images> {
  const images: Images = [];
  const sent: TrainingPicture[] = [];
  for (const { name, path, caption } of pictures) {
    progress.show({ fraction: images.length / pictures.length, label: words.train.sending });
    const { id, width, height, sha256 } = await uploaded(client, path, words).catch((cause: unknown) => {
      throw new CliError(`${path}: ${sentenceOf(cause, language)}`, EXIT.failed, cause);
    });
    images.push({ image: id, caption });
    sent.push({ name, width, height, content: sha256 });
  }
  progress.clear();
  for (const notice of trainingNotices(sent)) progress.say(notice[language]);
  return images;
}

const requestOf = (images: Images, options: TrainOptions): TrainingInput => ({
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
