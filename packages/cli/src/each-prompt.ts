/** The course of `generate --prompts-file`: a grid with one axis, whose tasks are finished one after another. */
import { readFile } from 'node:fs/promises';
import { decodedText, type GenerateInput, type GridInput, gridLines } from '@limner/contract';
import type { Connection } from './connect.ts';
import type { Context } from './context.ts';
import { printJson, together } from './each-picture.ts';
import { CliError, EXIT, type ExitCode } from './exit-code.ts';
import type { Words } from './words.ts';
import { finish, type Result, type WorkOptions } from './work.ts';

export async function readPrompts(file: string, words: Words): Promise<string[]> {
  const bytes = await readFile(file).catch((cause: NodeJS.ErrnoException) => {
    throw new CliError(words.usage.fileUnreadable(file, cause.code ?? '?'), EXIT.usage, cause);
  });
  const text = decodedText(bytes);
  if (text === null) throw new CliError(words.usage.fileUnreadable(file, 'UTF-8'), EXIT.usage);
  const lines = gridLines(text);
  if (lines.length === 0) throw new CliError(words.usage.noPrompts(file), EXIT.usage);
  return lines;
}

/** The recipe of a grid whose cells are made as `generate` makes pictures. */
export function gridRequest(
  { style_id, batch_size, priority, ...recipe }: GenerateInput,
  axes: GridInput['axes'],
): GridInput {
  const style = style_id == null ? null : { id: style_id };
  return { recipe: { ...recipe, kind: 'generation', style }, batch_size, priority, axes };
}

export async function eachPrompt(
  prompts: string[],
  options: WorkOptions,
  context: Context,
  requestOf: (connection: Connection) => Promise<GenerateInput>,
): Promise<ExitCode> {
  if (options.wait) await context.openFolder(options.out);
  const work = async (connection: Connection): Promise<ExitCode> => {
    const { client } = connection;
    const axes = { x: { field: 'prompt', values: prompts } };
    const { cells } = await client.call('createGrid', {
      body: gridRequest(await requestOf(connection), axes),
    });
    const results: Result[] = [];
    for (const { task_id } of cells) {
      const task = await client.call('getTask', { params: { id: task_id } });
      results.push(await finish(task, options, context, connection));
    }
    if (options.json) printJson(results, context);
    return together(results.map(({ exitCode }) => exitCode));
  };
  return context.withServer(work, { mayStart: options.wait });
}
