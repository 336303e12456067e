/** `limner images verify`: fetches every output of the given tasks, or of all, as any client does. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, type Output, StudioError } from '@limner/contract';
import type { Command } from 'commander';
import { Decoder } from '../checks/decoder.ts';
import { faultOf } from '../checks/output-access.ts';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { wholeNumber } from '../options.ts';
import { Progress } from '../progress.ts';

const TASKS_AT_ONCE = 200;

interface Failure {
  id: string;
  url: string;
  sentence: string;
}

export function addImages(program: Command, context: Context, done: (code: ExitCode) => void): void {
  const { words } = context;
  const id = wholeNumber(words, 'id', 1, Number.MAX_SAFE_INTEGER);
  const images = program.command('images').description(words.help.images);
  images
    .command('verify')
    .description(words.help.verify)
    .argument('[ids...]', words.help.ids, (text: string, ids: number[] = []) => [...ids, id(text)])
    .option('--json', words.help.json)
    .action(async (ids: number[] | undefined, { json }: { json?: boolean }) =>
      done(await verify(ids ?? [], json === true, context)),
    );
}

async function verify(ids: number[], json: boolean, context: Context): Promise<ExitCode> {
  const { terminal, words } = context;
  const folder = await mkdtemp(join(tmpdir(), 'limner-verify-'));
  const decoder = new Decoder();
  const progress = new Progress(terminal);
  const failures: Failure[] = [];
  let checked = 0;
  try {
    await context.withServer(async ({ client, url }) => {
      for await (const output of outputsOf(client, ids)) {
        if (terminal.interrupted.aborted) return;
        const fault = await faultOf(output, { baseUrl: url, folder, decoder });
        checked += 1;
        if (terminal.err.isTerminal) progress.show({ fraction: 0, label: words.images.checked(checked) });
        if (!fault) continue;
        const failure = {
          id: output.id,
          url: output.url,
          sentence: words.images.fault[fault.kind](fault.is, fault.should),
        };
        failures.push(failure);
        progress.clear();
        if (!json) terminal.out(`${failure.id}\t${failure.url}\t${failure.sentence}`);
      }
    });
  } finally {
    progress.clear();
    decoder.close();
    await rm(folder, { recursive: true, force: true });
  }
  if (json) terminal.out(JSON.stringify({ checked, failures }, null, 2));
  else terminal.err.write(`${words.images.summary(checked, failures.length)}\n`);
  if (terminal.interrupted.aborted) return EXIT.interrupted;
  return failures.length > 0 ? EXIT.failed : EXIT.ok;
}

/** Of the given tasks, otherwise of all, newest first. */
async function* outputsOf(client: Client, ids: number[]): AsyncGenerator<Output> {
  for await (const id of ids.length > 0 ? ids : tasksOf(client)) {
    const task = await client.call('getTask', { params: { id } }).catch((error: unknown) => {
      // Deleted since its page was read.
      if (ids.length === 0 && error instanceof StudioError && error.code === 'task_not_found') return null;
      throw error;
    });
    for (const { outputs } of task?.frames ?? []) yield* outputs;
  }
}

async function* tasksOf(client: Client): AsyncGenerator<number> {
  let before: number | undefined;
  for (;;) {
    const { items, nextBefore } = await client.tasks({ limit: TASKS_AT_ONCE, before });
    for (const { id } of items) yield id;
    if (nextBefore === null) return;
    before = nextBefore;
  }
}
