/** Limner's tools for programs that start an MCP server and speak with it over standard input and output. */
import { once } from 'node:events';
import { mcpOverStdio, Refusal, type Studio } from '@limner/mcp';
import type { Command } from 'commander';
import type { Connection } from '../connect.ts';
import type { Context } from '../context.ts';
import { CliError, EXIT, type ExitCode } from '../exit-code.ts';
import { installedVersion } from '../installation.ts';
import { pictureRef } from '../picture-ref.ts';

export function addMcp(program: Command, context: Context, done: (code: ExitCode) => void): void {
  program
    .command('mcp')
    .description(context.words.help.mcp)
    .action(async () => done(await serveMcp(context)));
}

/** Until the client closes standard input, or the process is told to end. */
async function serveMcp(context: Context): Promise<ExitCode> {
  const { terminal } = context;
  const leaving = new AbortController();
  // Before the protocol's own listener: calls that wait must know that nobody cancelled them.
  process.stdin.once('end', () => leaving.abort());
  terminal.interrupted.addEventListener('abort', () => leaving.abort(), { once: true });
  const server = mcpOverStdio({
    version: installedVersion(),
    language: context.language,
    studioOf: () => connected(context, leaving.signal),
    onError: ({ message }) => terminal.err.write(`${message}\n`),
  });
  if (!leaving.signal.aborted) await once(leaving.signal, 'abort');
  await server.close();
  return EXIT.ok;
}

/** For each call anew, so that Limner may start, stop and move while the client stays. */
const connected = (context: Context, leaving: AbortSignal): Promise<Studio> =>
  refused(
    context.withServer(async (connection) => studioOf(connection, context, leaving), {
      mayStart: false,
      noneRuns: context.words.server.noneRunsForMcp,
    }),
  );

const studioOf = (connection: Connection, { words }: Context, leaving: AbortSignal): Studio => ({
  client: connection.client,
  read: (url, signal) => fetch(new URL(url, connection.url), { signal }),
  address: (url) => new URL(url, connection.url).href,
  uploadFile: (path) => refused(pictureRef(path, connection, words)),
  leaving,
});

/** Our own sentences reach the model as they are. */
const refused = <T>(work: Promise<T>): Promise<T> =>
  work.catch((error: unknown) => {
    throw error instanceof CliError ? new Refusal(error.message) : error;
  });
