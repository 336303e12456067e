/** What there is to do with trainings besides starting one: list, watch, read the log, cancel, resume, and take an earlier LoRA. */
import { setTimeout as sleep } from 'node:timers/promises';
import { missingSentence, type Task, type Trainer, type Training } from '@limner/contract';
import type { Command } from 'commander';
import type { Connection } from '../connect.ts';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { follow } from '../follow.ts';
import { localTime } from '../local-time.ts';
import { wholeNumber } from '../options.ts';
import { Progress } from '../progress.ts';
import { trainingWaits } from '../waiting.ts';
import { exitCodeOfTask, printOutcome } from '../work.ts';
import { addLab } from './lab.ts';

interface Json {
  json?: boolean;
}

export function addTrainings(train: Command, context: Context, done: (code: ExitCode) => void): void {
  const { words } = context;
  const { help } = words.train;
  const id = wholeNumber(words, 'id', 1, Number.MAX_SAFE_INTEGER);
  const command = (name: string, about: string) =>
    train.command(name).description(about).option('--json', words.help.json);
  const ofOne = (name: string, about: string) => command(name, about).argument('<id>', words.help.id, id);

  addLab(train, context, done);
  command('list', help.list).action(async (options: Json) => done(await list(options, context)));
  command('trainers', help.trainers).action(async (options: Json) => done(await trainers(options, context)));
  ofOne('watch', help.watch).action(async (run: number, options: Json) => {
    done(await context.withServer((connection) => watch(run, connection, context, options)));
  });
  ofOne('log', help.log).action(async (run: number) => done(await log(run, context)));
  ofOne('checkpoints', help.checkpoints).action(async (run: number, options: Json) =>
    done(await checkpoints(run, options, context)),
  );
  ofOne('use', help.use)
    .requiredOption('--step <n>', help.step, wholeNumber(words, '--step', 1, Number.MAX_SAFE_INTEGER))
    .action(async (run: number, options: Json & { step: number }) => done(await use(run, options, context)));
  ofOne('cancel', help.cancel).action(async (run: number, options: Json) => {
    done(
      await context.withServer(async (connection) => {
        await cancel(run, connection);
        return shown({ id: run }, connection, context, options);
      }),
    );
  });
  ofOne('resume', help.resume).action(async (run: number, options: Json) => {
    done(
      await context.withServer(async (connection) => {
        await connection.client.call('retryTask', { params: { id: run } });
        return watch(run, connection, context, options);
      }),
    );
  });
}

const STOPS_WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 200;

/** Returns when its trainer has written its last step, or after a few seconds. */
async function cancel(id: number, { client }: Connection): Promise<void> {
  const { phase, status } = await client.call('getTraining', { params: { id } });
  const { version } = await client.call('cancelTask', { params: { id } });
  if (status !== 'running' || phase === 'waiting') return;
  for (let waitedMs = 0; waitedMs < STOPS_WITHIN_MS; waitedMs += LOOK_EVERY_MS) {
    if ((await client.call('getTraining', { params: { id } })).version !== version) return;
    await sleep(LOOK_EVERY_MS);
  }
}

/** Follows a run to its end. The interrupt key cancels it. */
export async function watch(
  id: number,
  { client }: Connection,
  context: Context,
  { json }: Json,
): Promise<ExitCode> {
  const { words, terminal } = context;
  const progress = new Progress(terminal);
  // The progress of the task also counts what follows the steps.
  const label = async ({ status, waits_behind }: Task) => {
    const run = await client.call('getTraining', { params: { id } });
    const waits = trainingWaits(run, words);
    if (status === 'queued' || waits_behind != null) return waits;
    return waits ?? words.train.step(run.step, run.steps);
  };
  const onPicture = async () => {};
  const task = await follow(id, { client, words, progress, terminal, label, onPicture });
  printOutcome(task, context, progress);
  printStyle(await client.call('getTraining', { params: { id } }), context, json ?? false);
  return exitCodeOfTask(task, terminal.interrupted);
}

function printStyle(run: Training, { words, terminal, language }: Context, json: boolean): void {
  if (json) terminal.out(JSON.stringify(run, null, 2));
  else if (run.status === 'completed') terminal.out(words.train.trained(run.style_name));
  else terminal.err.write(`${words.train.resume(run.id, run.resume_step)}\n`);
  if (!json && run.lora_notice) terminal.err.write(`${run.lora_notice[language]}\n`);
  if (!json && run.checkpoints.length > 0) terminal.err.write(`${words.train.earlier(run.id)}\n`);
}

async function list({ json }: Json, { withServer, terminal, words }: Context): Promise<ExitCode> {
  const runs = await withServer(({ client }) => client.call('listTraining', { query: {} }));
  if (json) terminal.out(JSON.stringify(runs, null, 2));
  else if (runs.length === 0) terminal.err.write(`${words.task.none}\n`);
  else for (const run of runs) terminal.out(row(run, words));
  return EXIT.ok;
}

/** Tab-separated, for `cut` and spreadsheets. */
const row = (run: Training, words: Context['words']): string =>
  [
    run.id,
    localTime(run.created_at),
    trainingWaits(run, words) ?? words.status[run.status],
    words.train.step(run.step, run.steps),
    run.trainer,
    run.style_name,
  ].join('\t');

async function trainers({ json }: Json, { withServer, terminal, language }: Context): Promise<ExitCode> {
  const found: Trainer[] = await withServer(({ client }) => client.call('listTrainers', {}));
  if (json) terminal.out(JSON.stringify(found, null, 2));
  else
    for (const { id, label, families, missing } of found) {
      terminal.out([id, label[language], families.join(' ')].join('\t'));
      for (const each of missing) terminal.out(`\t${missingSentence(each, language)}`);
    }
  return EXIT.ok;
}

/** Tab-separated: step, bytes, address, and whether the style has it. */
async function checkpoints(
  id: number,
  { json }: Json,
  { withServer, terminal, words }: Context,
): Promise<ExitCode> {
  const { checkpoints: kept } = await withServer(({ client }) =>
    client.call('getTraining', { params: { id } }),
  );
  if (json) terminal.out(JSON.stringify(kept, null, 2));
  else if (kept.length === 0) terminal.err.write(`${words.train.noCheckpoints}\n`);
  else
    for (const { step, size_bytes, url, in_use } of kept)
      terminal.out([step, size_bytes, url, in_use ? words.train.inUse : ''].join('\t').trimEnd());
  return EXIT.ok;
}

async function use(
  id: number,
  { step, json }: Json & { step: number },
  { withServer, terminal, words }: Context,
): Promise<ExitCode> {
  const run = await withServer(({ client }) =>
    client.call('chooseCheckpoint', { params: { id }, body: { step } }),
  );
  if (json) terminal.out(JSON.stringify(run, null, 2));
  else terminal.out(words.train.used(run.style_name, step));
  return EXIT.ok;
}

async function log(id: number, { withServer, terminal, words, language }: Context): Promise<ExitCode> {
  return withServer(async ({ url, client }) => {
    const { log_url } = await client.call('getTraining', { params: { id } });
    if (log_url === null) {
      terminal.err.write(`${words.train.noLog}\n`);
      return EXIT.failed;
    }
    const base = url.endsWith('/') ? url : `${url}/`;
    const answer = await fetch(new URL(`api/training/${id}/log?lang=${language}`, base));
    const text = await answer.text();
    terminal.out(text.trimEnd());
    return answer.ok ? EXIT.ok : EXIT.failed;
  });
}

async function shown(
  { id }: { id: number },
  { client }: Connection,
  { terminal, words }: Context,
  { json }: Json,
): Promise<ExitCode> {
  const run = await client.call('getTraining', { params: { id } });
  if (json) terminal.out(JSON.stringify(run, null, 2));
  else terminal.out(row(run, words));
  return EXIT.ok;
}
