/** The course of `remove-bg` and `upscale`: one task for each picture. */
import type { Connection } from './connect.ts';
import type { Context } from './context.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { assertPicture, pictureRef } from './picture-ref.ts';
import { sentenceOf } from './sentence.ts';
import { type Created, finish, type Result, type WorkOptions } from './work.ts';

/** One after another, so that each has its own progress; the server keeps the model loaded between them. */
export async function eachPicture(
  pictures: string[],
  options: WorkOptions,
  context: Context,
  create: (picture: string, connection: Connection) => Promise<Created>,
): Promise<ExitCode> {
  for (const picture of pictures) await assertPicture(picture, context.words);
  if (options.wait) await context.openFolder(options.out);
  const work = async (connection: Connection): Promise<ExitCode> => {
    const results: Result[] = [];
    const codes: ExitCode[] = [];
    for (const picture of pictures) {
      if (context.terminal.interrupted.aborted) break;
      const result = await make(picture, connection).catch(printFailure(picture, context));
      if (result) results.push(result);
      codes.push(result?.exitCode ?? EXIT.failed);
    }
    if (options.json) printJson(results, context);
    return together(codes);
  };
  const make = async (picture: string, connection: Connection): Promise<Result> => {
    const input = await pictureRef(picture, connection, context.words);
    return finish(await create(input, connection), options, context, connection);
  };
  return context.withServer(work, { mayStart: options.wait });
}

/** A picture that fails does not stop the others. */
const printFailure =
  (picture: string, { terminal, language }: Context) =>
  (error: unknown): null => {
    terminal.err.write(`${picture}: ${sentenceOf(error, language)}\n`);
    return null;
  };

export const printJson = (results: Result[], { terminal }: Context): void =>
  terminal.out(
    JSON.stringify(
      results.map(({ task, files }) => ({ ...task, files })),
      null,
      2,
    ),
  );

/** The exit code of several tasks. */
export function together(codes: ExitCode[]): ExitCode {
  if (codes.includes(EXIT.interrupted)) return EXIT.interrupted;
  if (codes.every((code) => code === EXIT.ok)) return EXIT.ok;
  return codes.some((code) => code === EXIT.ok || code === EXIT.partial) ? EXIT.partial : EXIT.failed;
}
