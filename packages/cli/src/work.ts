/** Follows a new task and saves its pictures; shared by all commands that make pictures. */
import {
  type Choice,
  type Frame,
  inLanguage,
  type Language,
  type Output,
  ownOutputs,
  type Task,
} from '@limner/contract';
import type { Command } from 'commander';
import type { Connection } from './connect.ts';
import type { Context } from './context.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { follow } from './follow.ts';
import { Progress } from './progress.ts';
import { saveOutput } from './save.ts';
import type { Words } from './words.ts';

/** Options of every command that makes pictures. */
export interface WorkOptions {
  /** Folder for the pictures. */
  out: string;
  /** Prints the whole result instead of each saved file. */
  json?: boolean;
  /** False: ends when the task is created. */
  wait: boolean;
}

export const addWorkOptions = (command: Command, { help }: Words): Command =>
  command
    .option('-o, --out <folder>', help.out, '.')
    .option('--no-wait', help.noWait)
    .option('--json', help.json);

export interface Created {
  id: number;
  choice: Choice;
}

export interface Result {
  task: Task;
  files: string[];
  exitCode: ExitCode;
}

/** Creates one task and finishes it. */
export async function makeOne(
  options: WorkOptions,
  context: Context,
  create: (connection: Connection) => Promise<Created>,
): Promise<ExitCode> {
  if (options.wait) await context.openFolder(options.out);
  const work = async (connection: Connection): Promise<ExitCode> => {
    const { task, files, exitCode } = await finish(await create(connection), options, context, connection);
    if (options.json) context.terminal.out(JSON.stringify({ ...task, files }, null, 2));
    return exitCode;
  };
  return context.withServer(work, { mayStart: options.wait });
}

export async function finish(
  { id, choice }: Created,
  options: WorkOptions,
  context: Context,
  connection: Connection,
): Promise<Result> {
  const { words, language, terminal } = context;
  const progress = new Progress(terminal);
  progress.say(words.task.made(id, choice.note[language]));
  if (choice.ignored.length > 0) progress.say(words.task.ignored(choice.ignored.join(', ')));
  if (!options.wait) return leave(id, options, context, connection);

  const files: string[] = [];
  const save = async (output: Output): Promise<void> => {
    const path = await saveOutput(output, connection.url, options.out);
    files.push(path);
    progress.clear();
    if (!options.json) terminal.out(path);
  };
  const onPicture = async (_task: Task, { outputs }: Frame): Promise<void> => {
    for (const output of savedOutputs(outputs)) await save(output);
  };
  const { client } = connection;
  const task = await follow(id, { client, words, progress, terminal, onPicture });
  printOutcome(task, context, progress);
  return { task, files, exitCode: exitCodeOfTask(task, terminal.interrupted) };
}

/** A video without its poster and stills, a picture with its layers. */
function savedOutputs(outputs: readonly Output[]): Output[] {
  const own = ownOutputs(outputs);
  return outputs.filter((output) => own.includes(output) || output.role === 'layer');
}

/** Prints the number of the task, which the server goes on with. */
async function leave(
  id: number,
  { json }: WorkOptions,
  { terminal, words }: Context,
  { client }: Connection,
): Promise<Result> {
  const task = await client.call('getTask', { params: { id } });
  if (!json) terminal.out(String(id));
  terminal.err.write(`${words.task.left(id)}\n`);
  return { task, files: [], exitCode: EXIT.ok };
}

export function printOutcome(task: Task, { words, language }: Context, progress: Progress): void {
  for (const [sentence, indexes] of failures(task, language))
    progress.say(words.task.framesFailed(task.task_kind, indexes, sentence));
  if (task.status === 'completed') return;
  if (task.error && !task.frames.some((frame) => frame.error))
    progress.say(inLanguage(task.error, language).message);
  progress.say(words.task.ended(task.id, words.status[task.status]));
}

/** Frames that failed for the same reason are reported together. */
function failures(task: Task, language: Language): Map<string, number[]> {
  const bySentence = new Map<string, number[]>();
  for (const { index, error } of task.frames) {
    if (!error) continue;
    const { message } = inLanguage(error, language);
    bySentence.set(message, [...(bySentence.get(message) ?? []), index]);
  }
  return bySentence;
}

export function exitCodeOfTask(task: Task, interrupted: AbortSignal): ExitCode {
  if (task.status === 'completed') return EXIT.ok;
  if (interrupted.aborted) return EXIT.interrupted;
  return task.status === 'partial' ? EXIT.partial : EXIT.failed;
}
