/** The OpenAPI document of this installation, as `/docs/json` of its server answers it. */
import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { CliError, EXIT, type ExitCode } from '../exit-code.ts';
import { serverJob } from '../server-job.ts';

export function addOpenApi(program: Command, context: Context, done: (code: ExitCode) => void): void {
  const { help } = context.words;
  program
    .command('openapi')
    .description(help.openapi)
    .option('-o, --out <file>', help.openapiOut)
    .action(async ({ out }: { out?: string }) => done(await openapi(out, context)));
}

async function openapi(out: string | undefined, context: Context): Promise<ExitCode> {
  const document = JSON.stringify(await serverJob<object>('openapi', [], context), null, 2);
  if (out === undefined) context.terminal.out(document);
  else await replaceFile(out, `${document}\n`, context);
  return EXIT.ok;
}

/** The whole new document, or the old file. */
async function replaceFile(file: string, content: string, { words }: Context): Promise<void> {
  const part = `${file}.${randomUUID()}.tmp`;
  try {
    await writeFile(part, content);
    await rename(part, file);
  } catch (cause) {
    await rm(part, { force: true });
    const why = (cause as NodeJS.ErrnoException).code ?? '?';
    throw new CliError(words.usage.fileRefused(file, why), EXIT.usage, cause);
  }
}
