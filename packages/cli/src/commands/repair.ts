/** Recovers files without a row. */
import type { RepairResult } from '@limner/contract';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';

export interface RepairOptions {
  dryRun?: boolean;
  json?: boolean;
}

export async function repair(
  { dryRun = false, json }: RepairOptions,
  { withServer, terminal, words }: Context,
): Promise<ExitCode> {
  const result = await withServer(({ client }) => client.call('repair', { body: { dry_run: dryRun } }));
  const lines = json ? [JSON.stringify(result, null, 2)] : describe(result, words);
  for (const line of lines) terminal.out(line);
  return EXIT.ok;
}

function describe(result: RepairResult, { repair }: Context['words']): string[] {
  const { tasks, outputs, uploads, styles, without_recipe, left, left_files } = result;
  if (tasks + uploads + styles + left_files === 0) return [repair.none];
  const say = result.dry_run ? repair.wouldFind : repair.found;
  return [
    say(tasks, outputs, uploads, styles, (result.size_bytes / 1024 ** 2).toFixed(1)),
    ...(without_recipe > 0 ? [repair.withoutRecipe(without_recipe)] : []),
    ...(left_files > 0 ? [repair.left(left_files)] : []),
    ...left.map(({ file, reason }) => `  ${file}: ${repair.reason[reason]}`),
    ...(left_files > left.length ? [`  ${repair.more(left_files - left.length)}`] : []),
  ];
}
