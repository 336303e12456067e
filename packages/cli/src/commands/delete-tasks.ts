/** Moves tasks into the bin. */
import { StudioError } from '@limner/contract';
import type { Context } from '../context.ts';
import { CliError, EXIT, type ExitCode } from '../exit-code.ts';
import { sentenceOf } from '../sentence.ts';

export interface DeleteOptions {
  yes?: boolean;
  json?: boolean;
}

interface Deleted {
  deleted: number[];
  failed: { id: number; sentence: string }[];
  /** Days in the bin; 0: deleted for good. */
  days: number;
}

export async function deleteTasks(
  ids: number[],
  { yes = false, json = false }: DeleteOptions,
  context: Context,
): Promise<ExitCode> {
  const { terminal, words, language } = context;
  const result = await context.withServer(async ({ client }): Promise<Deleted> => {
    const { days } = await client.call('listBin', { query: { limit: 1 } });
    if (days === 0 && !yes) throw new CliError(words.task.noBin, EXIT.usage);
    const result: Deleted = { deleted: [], failed: [], days };
    for (const id of [...new Set(ids)]) {
      if (terminal.interrupted.aborted) break;
      try {
        await client.call('deleteTask', { params: { id } });
        result.deleted.push(id);
      } catch (error) {
        if (!(error instanceof StudioError)) throw error;
        result.failed.push({ id, sentence: sentenceOf(error, language) });
      }
    }
    return result;
  });
  const { deleted, failed, days } = result;
  if (json) terminal.out(JSON.stringify(result, null, 2));
  else for (const id of deleted) terminal.out(words.task.deleted(id, days));
  if (!json) for (const { id, sentence } of failed) terminal.err.write(`${id}: ${sentence}\n`);
  if (terminal.interrupted.aborted) return EXIT.interrupted;
  if (failed.length === 0) return EXIT.ok;
  return deleted.length > 0 ? EXIT.partial : EXIT.failed;
}
