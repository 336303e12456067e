/** Follows a new task and saves its pictures; shared by `generate` and `remove-bg`. */
import { type Choice, type Frame, inLanguage, type Language, type Output, type Task } from '@limner/contract';
import type { Connection } from './connect.ts';
import type { Context } from './context.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { follow } from './follow.ts';
import { Progress } from './progress.ts';
import { savePicture } from './save.ts';

export interface Work {
  id: number;
  choice: Choice;
  folder: string;
  /** Prints each saved file; absent if the whole result is printed as JSON. */
  printsFiles: boolean;
}

export interface Result {
  task: Task;
  files: string[];
  exitCode: ExitCode;
}

export async function finish(work: Work, context: Context, { client, url }: Connection): Promise<Result> {
  const { words, language, terminal } = context;
  const progress = new Progress(terminal);
  const files: string[] = [];
  progress.say(words.task.made(work.id, work.choice.note[language]));
  if (work.choice.ignored.length > 0) progress.say(words.task.ignored(work.choice.ignored.join(', ')));

  const save = async (output: Output): Promise<void> => {
    const picture = { url: new URL(output.url, url).href, fileName: output.file_name };
    const path = await savePicture(picture, work.folder);
    files.push(path);
    progress.clear();
    if (work.printsFiles) terminal.out(path);
  };
  const onPicture = async (_task: Task, { outputs }: Frame): Promise<void> => {
    for (const output of outputs) await save(output);
  };
  const task = await follow(work.id, { client, words, progress, terminal, onPicture });
  printOutcome(task, context, progress);
  return { task, files, exitCode: exitCodeOfTask(task, terminal.interrupted) };
}

export function printOutcome(task: Task, { words, language }: Context, progress: Progress): void {
  for (const [sentence, indexes] of failures(task, language))
    progress.say(words.task.framesFailed(indexes, sentence));
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
