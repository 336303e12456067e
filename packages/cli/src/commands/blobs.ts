/** `limner blobs`: the files of this machine's installation, whether a server runs or not. */
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { Progress } from '../progress.ts';
import { serverJob } from '../server-job.ts';

interface CopyOptions {
  dryRun?: boolean;
  json?: boolean;
}

interface Copied {
  to: string;
  dry_run: boolean;
  copied: number;
  copied_bytes: number;
  already: number;
  set_aside: string[];
  foreign: { count: number; names: string[] };
  gone: number;
}

export function addBlobs(program: Command, context: Context, done: (code: ExitCode) => void): void {
  const { help } = context.words;
  const blobs = program.command('blobs').description(help.blobs);
  blobs
    .command('copy')
    .description(help.blobsCopy)
    .argument('<from>', help.blobsPlace)
    .argument('<to>', help.blobsPlace)
    .option('--dry-run', help.copyDryRun)
    .option('--json', help.json)
    .action(async (from: string, to: string, options: CopyOptions) =>
      done(await copy([from, to], options, context)),
    );
}

async function copy(places: string[], { dryRun, json }: CopyOptions, context: Context): Promise<ExitCode> {
  const { terminal, words } = context;
  const bar = new Progress(terminal);
  const args = [...places, ...(dryRun ? ['--dry-run'] : [])];
  const result = await serverJob<Copied>('copy-blobs', args, context, ({ done, total, bytes }) =>
    bar.show({
      fraction: total === 0 ? 1 : done / total,
      label: words.blobs.progress(done, total, megabytes(bytes)),
    }),
  ).finally(() => bar.clear());
  const lines = json ? [JSON.stringify(result, null, 2)] : describe(result, words);
  for (const line of lines) terminal.out(line);
  return EXIT.ok;
}

function describe(result: Copied, { blobs }: Context['words']): string[] {
  const { to, dry_run, copied, copied_bytes, already, set_aside, foreign, gone } = result;
  const counts = dry_run ? blobs.wouldCopy : blobs.copied;
  return [
    counts(copied, megabytes(copied_bytes), already),
    ...named(blobs.setAside(set_aside.length), set_aside),
    ...named(blobs.foreign(foreign.count), foreign.names),
    ...(gone > 0 ? [blobs.gone(gone)] : []),
    ...(dry_run ? [] : [blobs.next(to)]),
  ];
}

const named = (sentence: string, names: string[]): string[] =>
  names.length === 0 ? [] : [sentence, ...names.map((name) => `  ${name}`)];

const megabytes = (bytes: number): string => (bytes / 1024 ** 2).toFixed(1);
