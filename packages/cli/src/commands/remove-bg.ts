import type { Command } from 'commander';
import type { Connection } from '../connect.ts';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { openFolder } from '../save.ts';
import { sentenceOf } from '../sentence.ts';
import { assertReadable, upload } from '../upload.ts';
import { finish, type Result } from '../work.ts';

interface RemoveBgOptions {
  out: string;
  model?: string;
  json?: boolean;
}

export function addRemoveBg(program: Command, context: Context, done: (code: ExitCode) => void): void {
  const { help } = context.words;
  program
    .command('remove-bg')
    .description(help.removeBg)
    .argument('<file...>', help.files)
    .option('-o, --out <folder>', help.out, '.')
    .option('--model <name>', help.model)
    .option('--json', help.json)
    .action(async (files: string[], options: RemoveBgOptions) =>
      done(await removeBg(files, options, context)),
    );
}

/** One after another, so that each has its own progress; the server keeps the model loaded between them. */
async function removeBg(files: string[], options: RemoveBgOptions, context: Context): Promise<ExitCode> {
  for (const file of files) await assertReadable(file, context.words);
  await openFolder(options.out, context.words);
  return context.withServer(async (connection) => {
    const results: Result[] = [];
    const codes: ExitCode[] = [];
    for (const file of files) {
      if (context.terminal.interrupted.aborted) break;
      const result = await cutOut(file, options, context, connection).catch(printFailure(file, context));
      if (result) results.push(result);
      codes.push(result?.exitCode ?? EXIT.failed);
    }
    if (options.json) printJson(results, context);
    return together(codes);
  });
}

async function cutOut(
  file: string,
  options: RemoveBgOptions,
  context: Context,
  connection: Connection,
): Promise<Result> {
  const input = await upload(connection.client, file, context.words);
  const { id, choice } = await connection.client.call('removeBg', {
    body: { input_image: input, model: options.model },
  });
  return finish({ id, choice, folder: options.out, printsFiles: !options.json }, context, connection);
}

/** A picture that cannot be cut out does not stop the others. */
const printFailure =
  (file: string, { terminal, language }: Context) =>
  (error: unknown): null => {
    terminal.err.write(`${file}: ${sentenceOf(error, language)}\n`);
    return null;
  };

const printJson = (results: Result[], { terminal }: Context): void =>
  terminal.out(
    JSON.stringify(
      results.map(({ task, files }) => ({ ...task, files })),
      null,
      2,
    ),
  );

function together(codes: ExitCode[]): ExitCode {
  if (codes.includes(EXIT.interrupted)) return EXIT.interrupted;
  if (codes.every((code) => code === EXIT.ok)) return EXIT.ok;
  return codes.some((code) => code === EXIT.ok || code === EXIT.partial) ? EXIT.partial : EXIT.failed;
}
