/**
 * ComfyUI-Manager, the node pack (3.x) or package (4.x) that downloads model files on a ComfyUI server. Its three
 * interfaces, from its source (3.41 and 4.2.2):
 *
 * - 3.x, `/manager/queue/install_model` and `/manager/queue/start`: takes only files of its own list, by save_path, base and
 *   file name; 403 below its security level `normal`.
 * - 4.x, `/v2/manager/queue/install_model`: takes any file; refuses by security level in the history of the queue.
 * - 4.x with its older pages, `/v2/manager/queue/batch`: the rules of 3.x.
 *
 * None can stop a download, tell its progress, or go on with a half-loaded file (unless the operator gave it aria2). All
 * write to the final name, so a file that is listed may be incomplete.
 */
import type { Bilingual } from '@limner/contract';
import { z } from 'zod';
import type { ComfyClient } from '../link/client.ts';
import { shown } from '../link/client-errors.ts';
import { type ModelFile, modelFolder } from '../published-file.ts';

export type ManagerInterface = 'queue' | 'tasks' | 'batch';

export interface Manager {
  version: string;
  by: ManagerInterface;
}

/** A file as the Manager wants it named. */
export interface ManagerFile {
  name: string;
  type: string;
  base: string;
  /** Below the models folder, or `default`: the folder of its type. */
  save_path: string;
  filename: string;
  url: string;
}

export type DownloadState = { busy: true } | { busy: false; problem: string | null };

const ManagerFile = z.object({
  name: z.string(),
  type: z.string(),
  base: z.string(),
  save_path: z.string(),
  filename: z.string(),
  url: z.string(),
});
const ManagerList = z.object({ models: z.array(z.unknown()) });
const QueueStatus = z.object({ is_processing: z.boolean() });
const BatchAnswer = z.object({ failed: z.array(z.unknown()) });
const Ended = z.object({
  history: z.object({
    result: z.string().nullish(),
    status: z.object({ status_str: z.string(), messages: z.array(z.string()).catch([]) }).nullish(),
  }),
});

export const managerPrefix = ({ by }: Pick<Manager, 'by'>): string => (by === 'queue' ? '' : '/v2');

/** Null: the server has none. */
export async function findManager(client: ComfyClient, signal?: AbortSignal): Promise<Manager | null> {
  const newer = await client.send('/v2/manager/version', { signal });
  if (newer.status === 200 && isVersion(newer.text)) {
    const pages = z
      .object({ is_legacy_manager_ui: z.boolean() })
      .safeParse(await client.ask('/v2/manager/is_legacy_manager_ui', { signal }));
    // The older pages have no such route.
    return { version: newer.text, by: pages.data?.is_legacy_manager_ui === false ? 'tasks' : 'batch' };
  }
  const older = await client.send('/manager/version', { signal });
  return older.status === 200 && isVersion(older.text) ? { version: older.text, by: 'queue' } : null;
}

/** ComfyUI answers unknown paths with its page. */
const isVersion = (text: string): boolean => /^V?\d[\w.-]{0,30}$/i.test(text.trim());

/** The Manager's own list; empty where it takes any file. */
export async function managerList(
  client: ComfyClient,
  { by }: Manager,
  signal?: AbortSignal,
): Promise<ManagerFile[]> {
  if (by === 'tasks') return [];
  // Its copy on the disk: the other modes ask the network first.
  const list = await client.ask(`${managerPrefix({ by })}/externalmodel/getlist`, {
    query: { mode: 'local' },
    signal,
  });
  const models = ManagerList.safeParse(list).data?.models ?? [];
  return models.flatMap((model) => ManagerFile.safeParse(model).data ?? []);
}

/** How the Manager would be asked for a published file; null: it does not take it. */
export function managerFile(
  file: ModelFile,
  { by }: Manager,
  list: readonly ManagerFile[],
): ManagerFile | null {
  if (!file.url) return null;
  if (by === 'tasks')
    return {
      name: file.file,
      type: modelFolder(file),
      base: file.source,
      save_path: modelFolder(file),
      filename: file.file,
      url: file.url,
    };
  // It compares no addresses, so ours is taken: some of its own ask for a login.
  const [top] = modelFolder(file).split('/');
  const same = list.find(
    ({ filename, save_path }) => filename === file.file && ['default', top].includes(save_path.split('/')[0]),
  );
  return same ? { ...same, url: file.url } : null;
}

/** The reason of a refusal; null: the download is queued or runs. `id` names it in the Manager. */
export async function startDownload(
  client: ComfyClient,
  { by }: Manager,
  file: ManagerFile,
  id: string,
): Promise<Bilingual | null> {
  const prefix = `${managerPrefix({ by })}/manager/queue`;
  if (by === 'batch') {
    const json = { install_model: [{ ...file, id, ui_id: id }] };
    const { status, text } = await client.send(`${prefix}/batch`, { method: 'POST', json });
    return refusalOf(status, text, true);
  }
  const json = { ...file, ui_id: id, client_id: id };
  const asked = await client.send(`${prefix}/install_model`, { method: 'POST', json });
  const refused = refusalOf(asked.status, asked.text);
  if (!refused) await startQueue(client, { by });
  return refused;
}

/** Begins with what was queued. */
export async function startQueue(client: ComfyClient, { by }: Pick<Manager, 'by'>): Promise<void> {
  const path = `${managerPrefix({ by })}/manager/queue/start`;
  const started = await client.send(path, { method: 'POST', json: {} });
  // Before 3.40 it was a GET.
  if (started.status === 405) await client.send(path);
}

/** Null: it was not refused. A batch lists what it refuses. */
export function refusalOf(status: number, text: string, isBatch = false): Bilingual | null {
  const failed = isBatch ? (BatchAnswer.safeParse(jsonOrNull(text)).data?.failed ?? []) : [];
  return status === 200 && failed.length === 0 ? null : refusal(status, text);
}

const refusal = (status: number, text: string): Bilingual =>
  status === 403 || status === 200
    ? {
        en: 'ComfyUI-Manager refuses for security. Set security_level to normal in its config.ini, or run the command on the server.',
        zh: 'ComfyUI-Manager 因安全设置而拒绝。请在其 config.ini 中将 security_level 设为 normal，或在服务器上运行该命令。',
      }
    : {
        en: `ComfyUI-Manager answered HTTP ${status}: ${shown(text)}`,
        zh: `ComfyUI-Manager 返回 HTTP ${status}：${shown(text)}`,
      };

/** Whether the Manager still works, on this file or on others; otherwise what it said of this one. Null: it does not say. */
export async function downloadState(
  client: ComfyClient,
  { by }: Manager,
  id: string,
  signal?: AbortSignal,
): Promise<DownloadState | null> {
  const prefix = `${managerPrefix({ by })}/manager/queue`;
  if (by === 'tasks') {
    const ended = Ended.safeParse(
      await client.ask(`${prefix}/history`, { query: { ui_id: id }, signal }),
    ).data;
    if (ended) return { busy: false, problem: problemOf(ended.history) };
  }
  const status = QueueStatus.safeParse(await client.ask(`${prefix}/status`, { signal })).data;
  if (!status) return null;
  return status.is_processing ? { busy: true } : { busy: false, problem: null };
}

function problemOf({ result, status }: z.infer<typeof Ended>['history']): string | null {
  if (status ? status.status_str === 'success' : result === 'success') return null;
  return shown([result, ...(status?.messages ?? [])].filter(Boolean).join(' ')) || 'failed';
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
