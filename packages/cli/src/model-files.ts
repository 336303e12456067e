/** Model files of ComfyUI servers: a list for scripts, and a download by the server. */
import { setTimeout as sleep } from 'node:timers/promises';
import { errorSentence, type ModelDownload, type ServerModels } from '@limner/contract';
import type { Context } from './context.ts';
import { CliError, EXIT, type ExitCode } from './exit-code.ts';
import { patiently } from './follow.ts';
import { Progress } from './progress.ts';

const POLL_EVERY_MS = 1_000;

export async function listFiles(
  json: boolean,
  { withServer, terminal, language }: Context,
): Promise<ExitCode> {
  const servers = await withServer(({ client }) => client.call('listModels', {}));
  if (json) terminal.out(JSON.stringify(servers, null, 2));
  else
    for (const { name, files, error } of servers) {
      if (error) terminal.out([name, errorSentence(error.code, language, error.data ?? {})].join('\t'));
      for (const { folder, name: file, size_bytes, notes } of files) {
        const said = notes.map(({ text }) => text[language]).join(' ');
        terminal.out([name, folder, file, size_bytes ?? '', said].join('\t'));
      }
    }
  return EXIT.ok;
}

/** Waits for its end. An interruption leaves the download to the server. */
export async function downloadFile(
  file: string,
  wanted: string | undefined,
  { withServer, terminal, words, language }: Context,
): Promise<ExitCode> {
  const say = words.modelDownload;
  return withServer(async ({ client }) => {
    const { server, name } = serverOf(await client.call('listModels', {}), wanted, words);
    const progress = new Progress(terminal);
    let download = await client.call('downloadModel', { body: { server, file } });
    while (download.status === 'running') {
      const fraction = shareOf(download);
      const share = fraction === null ? '' : `${Math.floor(100 * fraction)} %`;
      progress.show({ fraction: fraction ?? 0, label: say.running(name, file, share) });
      await sleep(POLL_EVERY_MS, undefined, { signal: terminal.interrupted }).catch(() => {});
      if (terminal.interrupted.aborted) {
        progress.say(say.left(name, file));
        return EXIT.interrupted;
      }
      const { id } = download;
      const all = await patiently(() => client.call('listModelDownloads', {}), { words, progress, terminal });
      download = all.find((each) => each.id === id) ?? { ...download, status: 'interrupted' };
    }
    progress.clear();
    const { status, error } = download;
    if (status === 'completed') {
      terminal.out(say.completed(name, file));
      return EXIT.ok;
    }
    throw new CliError(
      error ? errorSentence(error.code, language, error.data ?? {}) : say.interrupted(name, file),
    );
  });
}

const shareOf = ({ done_bytes, size_bytes }: ModelDownload): number | null =>
  done_bytes === null || size_bytes === null ? null : Math.min(0.99, done_bytes / size_bytes);

function serverOf(
  servers: readonly ServerModels[],
  wanted: string | undefined,
  { usage }: Context['words'],
): ServerModels {
  const known = servers.map(({ name }) => name).join(', ');
  const [only, ...others] =
    wanted === undefined
      ? servers
      : servers.filter(({ server, name }) => server === wanted || name === wanted);
  if (servers.length === 0) throw new CliError(usage.noServer(), EXIT.usage);
  if (!only) throw new CliError(usage.serverUnknown(wanted ?? '', known), EXIT.usage);
  if (others.length > 0) throw new CliError(usage.whichServer(known), EXIT.usage);
  return only;
}
