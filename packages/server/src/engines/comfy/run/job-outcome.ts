/** Reads a history entry: the files of the result, or the error. */
import { type Bilingual, StudioError } from '@limner/contract';
import { engineFailed, nodeFailed, type ServerName } from '../link/client-errors.ts';
import { MAX_RESULT_FILES } from '../link/client-limits.ts';
import type { ComfyFile, HistoryEntry } from '../link/client-shapes.ts';

export interface ResultFile {
  file: ComfyFile;
  /** That saved it. */
  node: string;
}

/** Files of the named nodes, in order, each once; temporary files only if nothing was saved. Throws the entry's error. */
export function resultFiles(
  server: ServerName,
  entry: HistoryEntry,
  outputNodes: readonly string[],
): ResultFile[] {
  if (entry.status && entry.status.status_str !== 'success') throw failureOf(server, entry);
  const all = outputNodes.flatMap((node) => {
    const files = (Object.hasOwn(entry.outputs, node) ? entry.outputs[node] : null) ?? [];
    return files.map((file) => ({ file, node }));
  });
  const saved = all.filter(({ file }) => file.type !== 'temp');
  const files = saved.length > 0 ? saved : all;
  if (files.length === 0) throw noImage(server);
  if (files.length > MAX_RESULT_FILES) throw engineFailed(server, tooManyFiles(files.length));
  return [
    ...new Map(
      files.map((each) => [`${each.file.type}/${each.file.subfolder}/${each.file.filename}`, each]),
    ).values(),
  ];
}

const tooManyFiles = (count: number): Bilingual => ({
  en: `one prompt left ${count} files, and Limner keeps up to ${MAX_RESULT_FILES}`,
  zh: `一次任务产生了 ${count} 个文件，Limner 最多保留 ${MAX_RESULT_FILES} 个`,
});

export const succeeded = (entry: HistoryEntry): boolean =>
  !entry.status || entry.status.status_str === 'success';

export const noImage = (server: ServerName, cause?: unknown): StudioError =>
  new StudioError('no_image', { data: { engine: server.name }, cause });

/** An interrupted prompt counts as an error too; the last message distinguishes the two. */
export function failureOf(server: ServerName, entry: HistoryEntry): StudioError {
  const messages = entry.status?.messages ?? [];
  const error = messages.findLast(([type]) => type === 'execution_error');
  if (error) return nodeFailed(server, error[1]);
  const interrupted = messages.some(([type]) => type === 'execution_interrupted');
  return interrupted
    ? engineFailed(server, { en: 'somebody interrupted this job there', zh: '有人在服务器上中断了该任务' })
    : engineFailed(server, { en: 'it ended without saying why', zh: '任务结束但没有说明原因' });
}
