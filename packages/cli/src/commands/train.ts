import {
  type Trainer,
  type TrainingInput,
  type TrainingParams,
  type TrainingPicture,
  trainingNotices,
} from '@limner/contract';
import type { Command } from 'commander';
import type { Connection } from '../connect.ts';
import type { Context } from '../context.ts';
import { CliError, EXIT, type ExitCode } from '../exit-code.ts';
import { missingLine } from '../missing-line.ts';
import { decimal, each, oneOf, wholeNumber } from '../options.ts';
import { Progress } from '../progress.ts';
import { sentenceOf } from '../sentence.ts';
import { readTrainingFolder, type TrainingFolder } from '../training-folder.ts';
import { uploaded } from '../upload.ts';
import { addTrainings, watch } from './trainings.ts';

type Images = NonNullable<TrainingInput['images']>;

interface TrainOptions {
  name: string;
  type?: 'ui' | 'vfx';
  trigger?: string;
  trainer?: string;
  dataset?: number;
  param?: string[];
  steps?: number;
  learningRate?: number;
  json?: boolean;
}

export function addTrain(program: Command, context: Context, done: (code: ExitCode) => void): void {
  const { words } = context;
  const { help } = words;
  const train = program.command('train').description(help.train);
  train
    .command('start', { isDefault: true })
    .description(words.train.help.start)
    .argument('[folder]', help.trainFolder)
    .requiredOption('--name <name>', help.styleName)
    .option('--type <type>', help.styleType, oneOf(words, '--type', ['ui', 'vfx']))
    .option('--trigger <words>', help.trigger)
    .option(
      '--dataset <id>',
      words.train.help.dataset,
      wholeNumber(words, '--dataset', 1, Number.MAX_SAFE_INTEGER),
    )
    .option('--trainer <id>', words.train.help.trainer)
    .option('--param <key=value>', words.train.help.param, each(String))
    .option('--steps <n>', help.steps, wholeNumber(words, '--steps', 1, 1_000_000))
    .option('--learning-rate <n>', help.learningRate, decimal(words, '--learning-rate'))
    .option('--json', help.json)
    .action(async (folder: string | undefined, options: TrainOptions) =>
      done(await start(folder, options, context)),
    );
  addTrainings(train, context, done);
}

async function start(folder: string | undefined, options: TrainOptions, context: Context): Promise<ExitCode> {
  const { words, terminal, language } = context;
  if ((folder === undefined) === (options.dataset === undefined))
    throw new CliError(words.train.folderOrSet, EXIT.usage);
  const found = folder === undefined ? null : await readTrainingFolder(folder, words, language);
  return context.withServer(async (connection) => {
    const { client } = connection;
    const progress = new Progress(terminal);
    const trainer = await usableTrainer(options.trainer, context, connection);
    const params = paramsOf(options, words, trainer);
    if (found) progress.say(words.train.captions(found.captioned, found.pictures.length));
    if (found && found.alone.length > 0) progress.say(words.train.captionsAlone(found.alone));
    const learnt = found
      ? { images: await send(found, progress, context, connection) }
      : { dataset: options.dataset };
    const run = await client.call('train', { body: { ...requestOf(options), ...learnt, params } });
    progress.say(words.train.made(run.id, run.images?.length ?? learnt.images?.length ?? 0, run.steps));
    return watch(run.id, connection, context, options);
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

const requestOf = (options: TrainOptions) => ({
  style_name: options.name,
  style_type: options.type,
  trigger_words: options.trigger,
  trainer: options.trainer,
});

/** Refused before a picture is sent. @throws CliError for an unknown trainer, or one that lacks something, with the cures */
async function usableTrainer(
  id: string | undefined,
  { words, language }: Context,
  { client }: Connection,
): Promise<Trainer> {
  const trainers = await client.call('listTrainers', {});
  const found =
    id === undefined
      ? (trainers.find(({ available }) => available) ?? trainers[0])
      : trainers.find((each) => each.id === id);
  const known = trainers.map((each) => each.id);
  if (!found) throw new CliError(words.train.noTrainer(id ?? null, known), EXIT.usage);
  if (found.available) return found;
  const cures = found.missing.map((each) => missingLine(each, language));
  throw new CliError([words.train.trainerAway(found.label[language]), ...cures].join('\n'));
}

/** Read as the trainer describes them; the server checks them. */
function paramsOf(
  { param = [], steps, learningRate }: TrainOptions,
  words: Context['words'],
  trainer: Trainer,
): TrainingParams {
  const named = param.map((text) => {
    const [, key = '', value = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (key === '') throw new CliError(words.usage.badParam(text), EXIT.usage);
    const type = trainer.params.find((each) => each.key === key)?.type;
    if (type === 'switch') return [key, value === 'true'] as const;
    return [key, type === 'number' || type === 'integer' ? Number(value) : value] as const;
  });
  return {
    ...Object.fromEntries(named),
    ...(steps === undefined ? {} : { steps }),
    ...(learningRate === undefined ? {} : { learning_rate: learningRate }),
  };
}
