/** Checks and repairs: `check` reports, `repair` first reports and then does it. */
import { setTimeout as pause } from 'node:timers/promises';
import {
  awaitRepair,
  type Client,
  FINDINGS,
  type Finding,
  needsAttention,
  type RepairResult,
  type RepairState,
} from '@limner/contract';
import type { Context } from '../context.ts';
import { CliError, EXIT, type ExitCode } from '../exit-code.ts';
import { Progress } from '../progress.ts';

export interface RepairOptions {
  dryRun?: boolean;
  yes?: boolean;
  json?: boolean;
}

const POLL_MS = 500;

export async function check({ json }: { json?: boolean }, context: Context): Promise<ExitCode> {
  const { terminal, words } = context;
  const result = await context.withServer(({ client }) => done(client, true, context));
  const isSound = !result.findings.some(needsAttention) && filesToRecover(result) === 0;
  const lines =
    isSound && result.findings.length === 0 ? [words.repair.sound] : describe(result, context, true);
  for (const line of json ? [JSON.stringify(result, null, 2)] : lines) terminal.out(line);
  return isSound ? EXIT.ok : EXIT.failed;
}

export async function repair(options: RepairOptions, context: Context): Promise<ExitCode> {
  const result = await context.withServer(({ client }) => planned(client, options, context));
  if (!result) return EXIT.failed;
  const lines = options.json ? [JSON.stringify(result, null, 2)] : describe(result, context, false);
  for (const line of lines) context.terminal.out(line);
  return result.left.some(({ reason }) => reason === 'failed') ? EXIT.failed : EXIT.ok;
}

/** null: the user has refused the plan. */
async function planned(
  client: Client,
  { dryRun = false, yes = false, json = false }: RepairOptions,
  context: Context,
): Promise<RepairResult | null> {
  if (dryRun || json) return done(client, dryRun, context);
  const { terminal, words } = context;
  const state = await client.call('repairState', {});
  if (!state.running || state.dry_run) {
    const plan = await done(client, true, context);
    if (isNothing(plan)) return { ...plan, dry_run: false };
    for (const line of describe(plan, context, false)) terminal.err.write(`${line}\n`);
    const answer = yes ? null : await terminal.ask(words.repair.ask);
    if (answer !== null && !words.yes.test(answer.trim())) return null;
  } else terminal.err.write(`${words.repair.joins}\n`);
  return done(client, false, context);
}

/** Shows how far it is. A repair that runs already is followed to its end. */
async function done(client: Client, dry_run: boolean, { terminal, words }: Context): Promise<RepairResult> {
  const progress = new Progress(terminal);
  const ended = new AbortController();
  const asked = awaitRepair(client, dry_run).finally(() => ended.abort());
  const watching = watch(client, ended.signal, (state) =>
    progress.show({
      fraction: state.total ? state.done / state.total : 0,
      label: label(state, terminal, words),
    }),
  );
  try {
    return await Promise.race([asked, interruption(terminal.interrupted, words.repair.goesOn, ended.signal)]);
  } finally {
    ended.abort();
    await watching;
    progress.clear();
  }
}

async function watch(client: Client, ended: AbortSignal, show: (state: RepairState) => void): Promise<void> {
  for (;;) {
    await pause(POLL_MS, undefined, { signal: ended }).catch(() => undefined);
    if (ended.aborted) return;
    const state = await client.call('repairState', {}).catch(() => null);
    if (state?.running && !ended.aborted) show(state);
  }
}

const interruption = (interrupted: AbortSignal, sentence: string, ended: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const stop = () => reject(new CliError(sentence, EXIT.interrupted));
    if (interrupted.aborted) stop();
    interrupted.addEventListener('abort', stop, { once: true, signal: ended });
  });

/** Without counts where each change would be a line of its own. */
function label(
  { dry_run, phase, done, total }: RepairState,
  { err }: Context['terminal'],
  words: Context['words'],
): string {
  const doing = dry_run && phase === 'recovery' ? 'reading' : phase;
  return err.isTerminal ? words.repair.progress[doing](done, total) : words.repair.phase[doing];
}

const filesToRecover = ({ tasks, uploads, styles, returned_files }: RepairResult): number =>
  tasks + uploads + styles + returned_files;

const isNothing = (plan: RepairResult): boolean =>
  filesToRecover(plan) === 0 && plan.findings.every(({ mended }) => mended === 0);

/** `isCheck`: files without a row are named too; a repair counts what it has made of them. */
function describe(result: RepairResult, context: Context, isCheck: boolean): string[] {
  const { repair } = context.words;
  const findings = result.findings.filter(({ kind }) => isCheck || kind !== 'file_without_row');
  const recovered = describeFiles(result, context.words);
  const lines = findings.flatMap((finding) => describeFinding(finding, result.dry_run, context));
  if (lines.length === 0 && recovered.length === 0) return [repair.none];
  return isCheck ? [...lines, ...recovered] : [...recovered, ...lines];
}

function describeFinding(
  { kind, count, mended, names }: Finding,
  isDry: boolean,
  { words, language }: Context,
): string[] {
  const { what, cure } = FINDINGS[kind][language];
  const more = count > names.length ? ` ${words.repair.more(count - names.length)}` : '';
  return [
    `${words.repair.finding(what, count)} ${words.repair.mended(mended, count, isDry)}`,
    `  ${names.join(words.queue.comma)}${more}`,
    `  → ${cure}`,
  ];
}

function describeFiles(result: RepairResult, { repair }: Context['words']): string[] {
  const { tasks, outputs, uploads, styles, without_recipe, left, left_files, stars, returned_files } = result;
  if (tasks + uploads + styles + left_files + returned_files === 0) return [];
  const say = result.dry_run ? repair.wouldFind : repair.found;
  return [
    say(tasks, outputs, uploads, styles, (result.size_bytes / 1024 ** 2).toFixed(1)),
    ...(returned_files > 0 ? [repair.returned(returned_files)] : []),
    ...(stars > 0 ? [repair.starred(stars)] : []),
    ...(without_recipe > 0 ? [repair.withoutRecipe(without_recipe)] : []),
    ...(left_files > 0 ? [repair.left(left_files)] : []),
    ...left.map(({ file, reason }) => `  ${file}: ${repair.reason[reason]}`),
    ...(left_files > left.length ? [`  ${repair.more(left_files - left.length)}`] : []),
  ];
}
