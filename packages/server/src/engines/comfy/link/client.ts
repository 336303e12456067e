/**
 * ComfyUI's HTTP routes, one method each. It has no state but connections: `ComfyServer` knows what a server has and
 * does, `followJob` the state of a prompt.
 */
import { Readable } from 'node:stream';
import { isPictureType, mediaTypeOfFile, type StudioError } from '@limner/contract';
import type { z } from 'zod';
import { parsedOrNull } from '../../../parsed-or-null.ts';
import type { Graph } from '../graph.ts';
import { type ComfyServerConfig, readAddress } from './client-address.ts';
import { engineFailed, refused, shown, uploadTooLarge } from './client-errors.ts';
import { type Answer, type Call, ComfyHttp } from './client-http.ts';
import {
  DOWNLOAD_MS,
  MAX_FILE_BYTES,
  MAX_LISTS_BYTES,
  MAX_METADATA_BYTES,
  MAX_OBJECT_INFO_BYTES,
  MAX_PICTURE_BYTES,
  MAX_PROMPTS_BYTES,
  OBJECT_INFO_MS,
  UPLOAD_MS,
} from './client-limits.ts';
import {
  CancelAnswer,
  type ComfyFile,
  Features,
  HistoryAnswer,
  type HistoryEntry,
  JobAnswer,
  JobsAnswer,
  ModelFiles,
  ModelFolders,
  ModelMetadata,
  ModelNames,
  PromptAnswer,
  QueueAnswer,
  Refusal,
  SystemStats,
  UploadAnswer,
} from './client-shapes.ts';

export interface Submission {
  graph: Graph;
  promptId: string;
  clientId: string;
}

export interface ComfyQueue {
  running: string[];
  /** In the order they will run. */
  pending: string[];
}

export interface ComfyStats {
  version: string | null;
  memory: { usedBytes: number; totalBytes: number } | null;
}

export interface ViewAnswer {
  mediaType: string | null;
  chunks: AsyncGenerator<Buffer>;
}

export class ComfyClient {
  readonly address;
  readonly #http: ComfyHttp;
  #hasJobs = false;

  constructor(config: Pick<ComfyServerConfig, 'name' | 'url' | 'token'>) {
    this.address = readAddress(config);
    this.#http = new ComfyHttp(this.address, { name: config.name, url: this.address.shown });
  }

  get server() {
    return this.#http.server;
  }

  /** Whether the server has the jobs API of newer versions; requested once per connection. */
  async findJobsApi(signal?: AbortSignal): Promise<void> {
    const query = { status: 'pending', limit: '1' };
    try {
      const answer = await this.#http.call('/api/jobs', { query, signal });
      const text = await this.#http.text(answer);
      this.#hasJobs = answer.status === 200 && JobsAnswer.safeParse(parsedOrNull(text)).success;
    } catch {
      // A proxy that passes only the older routes.
      this.#hasJobs = false;
    }
  }

  /** Resolves once the prompt is in the server's queue. A refusal is an `engine_refused`. */
  async submit({ graph, promptId, clientId }: Submission, signal?: AbortSignal): Promise<void> {
    const extra_data = { preview_method: 'auto' };
    const json = { prompt: graph, prompt_id: promptId, client_id: clientId, extra_data };
    const answer = await this.#http.call('/prompt', { method: 'POST', json, signal });
    const text = await this.#http.text(answer);
    if (answer.status === 400) throw refused(this.server, Refusal.parse(this.#http.parse(text)));
    if (answer.status === 413) throw this.#tooLarge(text);
    if (answer.status !== 200) throw this.#http.unexpected(answer.status);
    const { node_errors } = this.#read(PromptAnswer, this.#http.parse(text));
    // After a 200 with node errors only the valid outputs run, which is not the requested picture.
    if (Object.keys(node_errors ?? {}).length === 0) return;
    await this.dequeue(promptId).catch(() => {});
    throw refused(this.server, { node_errors });
  }

  async queue(signal?: AbortSignal): Promise<ComfyQueue> {
    if (this.#hasJobs) return this.#queuedJobs(signal);
    const answer = this.#read(QueueAnswer, await this.#prompts('/queue', signal));
    // The pending list is a heap, so it is sorted by its numbers.
    const pending = answer.queue_pending.toSorted(([a], [b]) => a - b);
    return { running: answer.queue_running.map(([, id]) => id), pending: pending.map(([, id]) => id) };
  }

  /** Null while the prompt waits or runs, and when it is unknown. */
  async history(promptId: string, signal?: AbortSignal): Promise<HistoryEntry | null> {
    if (this.#hasJobs) return this.#endedJob(promptId, signal);
    const answer = this.#read(HistoryAnswer, await this.#prompts(`/history/${promptId}`, signal));
    return answer[promptId] ?? null;
  }

  async #queuedJobs(signal?: AbortSignal): Promise<ComfyQueue> {
    const query = { status: 'in_progress,pending' };
    const { jobs } = this.#read(JobsAnswer, await this.#prompts('/api/jobs', signal, query));
    const ids = (wanted: string) =>
      jobs
        .filter(({ status }) => status === wanted)
        .toSorted((a, b) => (a.priority ?? 0) - (b.priority ?? 0))
        .map(({ id }) => id);
    return { running: ids('in_progress'), pending: ids('pending') };
  }

  async #endedJob(promptId: string, signal?: AbortSignal): Promise<HistoryEntry | null> {
    const answer = await this.#http.call(`/api/jobs/${promptId}`, { signal });
    if (answer.status === 404) {
      answer.discard();
      return null;
    }
    const text = await this.#http.text(answer, MAX_PROMPTS_BYTES);
    if (answer.status !== 200) throw this.#http.unexpected(answer.status);
    const { status, outputs, execution_status } = this.#read(JobAnswer, this.#http.parse(text));
    if (status === 'pending' || status === 'in_progress') return null;
    return { outputs: outputs ?? {}, status: execution_status };
  }

  /** Null if the file no longer exists. */
  async view(file: ComfyFile, signal?: AbortSignal): Promise<ViewAnswer | null> {
    const isPicture = isPictureType(mediaTypeOfFile(file.filename));
    const limitBytes = isPicture ? MAX_PICTURE_BYTES : MAX_FILE_BYTES;
    const query = { ...file };
    const answer = await this.#http.call('/view', { query, signal, deadlineMs: DOWNLOAD_MS });
    if (answer.status === 200) {
      const chunks = this.#http.limited(answer.body, limitBytes);
      return { mediaType: headerOf(answer, 'content-type'), chunks };
    }
    answer.discard();
    if (answer.status === 404) return null;
    throw this.#http.unexpected(answer.status);
  }

  /** Whether `view` would find the file. */
  async has(file: ComfyFile, signal?: AbortSignal): Promise<boolean> {
    return (await this.#head(file, signal)).status !== 404;
  }

  /** Bytes of a file, null when it is not there. */
  async fileSize(file: ComfyFile, signal?: AbortSignal): Promise<number | null> {
    const answer = await this.#head(file, signal);
    return answer.status === 200 ? Number(headerOf(answer, 'content-length')) : null;
  }

  async #head(file: ComfyFile, signal?: AbortSignal): Promise<Answer> {
    const answer = await this.#http.call('/view', { method: 'HEAD', query: { ...file }, signal });
    answer.discard();
    return answer;
  }

  /** The name for a LoadImage node. The server may have chosen another one. */
  async upload(
    bytes: Buffer,
    file: { name: string; subfolder: string; mediaType: string },
    signal?: AbortSignal,
  ): Promise<string> {
    const { head, tail, contentType } = envelope({ subfolder: file.subfolder, type: 'input' }, file);
    const body = Buffer.concat([head, bytes, tail]);
    const { name, subfolder } = await this.#upload({ body, contentType }, UPLOAD_MS, signal);
    return subfolder ? `${subfolder}/${name}` : name;
  }

  /** Streams a file into a folder of the server, over an older one of that name. */
  async uploadFile(
    { name, subfolder, type }: { name: string; subfolder: string; type: 'input' | 'output' },
    file: { sizeBytes: number; stream(): Promise<Readable> },
  ): Promise<void> {
    const mediaType = 'application/octet-stream';
    const { head, tail, contentType } = envelope({ subfolder, type, overwrite: 'true' }, { name, mediaType });
    const body = Readable.from(enveloped(head, await file.stream(), tail));
    const sizeBytes = head.length + file.sizeBytes + tail.length;
    await this.#upload({ body, contentType, sizeBytes }, DOWNLOAD_MS);
  }

  async #upload(raw: NonNullable<Call['raw']>, deadlineMs: number, signal?: AbortSignal) {
    const answer = await this.#http.call('/upload/image', { method: 'POST', raw, signal, deadlineMs });
    const text = await this.#http.text(answer);
    if (answer.status === 413) throw this.#tooLarge(text);
    if (answer.status !== 200) throw this.#http.unexpected(answer.status);
    return this.#read(UploadAnswer, this.#http.parse(text));
  }

  async objectInfo(signal?: AbortSignal): Promise<unknown> {
    return this.#http.json('/object_info', {
      signal,
      deadlineMs: OBJECT_INFO_MS,
      maxBytes: MAX_OBJECT_INFO_BYTES,
    });
  }

  /** The architecture in a model file's metadata; null if it names none. */
  async architecture(folder: string, filename: string): Promise<string | null> {
    const options = { query: { filename }, maxBytes: MAX_METADATA_BYTES };
    const metadata = await this.#http.json(`/view_metadata/${folder}`, options);
    return ModelMetadata.safeParse(metadata).data?.['modelspec.architecture'] ?? null;
  }

  /** The folders of models, as ComfyUI names them; null for servers before December 2024. */
  async modelFolders(signal?: AbortSignal): Promise<string[] | null> {
    const folders = await this.ask('/experiment/models', { signal });
    return ModelFolders.safeParse(folders).data?.map(({ name }) => name) ?? null;
  }

  /** The files of one folder, in all places where the server looks for it. GGUF files are not in it. */
  async modelFiles(folder: string, signal?: AbortSignal): Promise<z.infer<typeof ModelFiles>> {
    const files = await this.ask(`/experiment/models/${encodeURIComponent(folder)}`, { signal });
    return ModelFiles.safeParse(files).data ?? [];
  }

  /** Names of the files of one folder; empty where the server has no such folder. */
  async modelNames(folder: string, signal?: AbortSignal): Promise<string[]> {
    const names = await this.ask(`/models/${encodeURIComponent(folder)}`, { signal });
    return ModelNames.safeParse(names).data ?? [];
  }

  /** The answer of a route that not every server has; null if it is not JSON or not a 200. */
  async ask(path: string, options: Pick<Call, 'query' | 'signal'> = {}): Promise<unknown> {
    const { status, text } = await this.send(path, options);
    return status === 200 ? parsedOrNull(text) : null;
  }

  /** Status and text of a route of a node pack. */
  async send(
    path: string,
    options: Pick<Call, 'method' | 'query' | 'json' | 'signal'> = {},
  ): Promise<{ status: number; text: string }> {
    const answer = await this.#http.call(path, { ...options, mayForbid: true });
    return { status: answer.status, text: await this.#http.text(answer, MAX_LISTS_BYTES) };
  }

  /** `deadlineMs`: a server that takes longer is not responding. */
  async systemStats(signal?: AbortSignal, deadlineMs?: number): Promise<ComfyStats> {
    const { system, devices } = this.#read(
      SystemStats,
      await this.#http.json('/system_stats', { signal, ...(deadlineMs === undefined ? {} : { deadlineMs }) }),
    );
    const device = devices.find((one) => one.vram_total);
    const total = device?.vram_total ?? 0;
    return {
      version: shown(system.comfyui_version) || null,
      memory: total > 0 ? { usedBytes: total - (device?.vram_free ?? total), totalBytes: total } : null,
    };
  }

  /** Null for servers that do not report this yet. */
  async maxUploadBytes(signal?: AbortSignal): Promise<number | null> {
    const answer = await this.#http.call('/features', { signal });
    const text = await this.#http.text(answer);
    const features = answer.status === 200 ? Features.safeParse(this.#http.parse(text)) : undefined;
    return features?.data?.max_upload_size ?? null;
  }

  /** Stops one prompt, waiting or running, and never another; false if the server has no such route. */
  async cancelJob(promptId: string): Promise<boolean> {
    if (!this.#hasJobs) return false;
    const answer = await this.#http.call(`/api/jobs/${promptId}/cancel`, { method: 'POST', json: {} });
    const text = await this.#http.text(answer);
    return answer.status === 200 && CancelAnswer.safeParse(parsedOrNull(text)).success;
  }

  /** Removes a waiting prompt. A running or unknown one is not changed. */
  async dequeue(promptId: string): Promise<void> {
    await this.#http.post('/queue', { delete: [promptId] });
  }

  /** Servers before 0.3.64 may ignore the id and stop whatever runs: see `cancelPrompt`. */
  async interrupt(promptId: string): Promise<void> {
    await this.#http.post('/interrupt', { prompt_id: promptId });
  }

  /** Unloads models and empties the node cache: only after out of memory, the next job reads everything again. */
  async free(): Promise<void> {
    await this.#http.post('/free', { unload_models: true, free_memory: true });
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  #prompts(path: string, signal?: AbortSignal, query?: Record<string, string>): Promise<unknown> {
    return this.#http.json(path, { signal, maxBytes: MAX_PROMPTS_BYTES, ...(query ? { query } : {}) });
  }

  #read<T extends z.ZodType>(schema: T, value: unknown): z.infer<T> {
    const read = schema.safeParse(value);
    if (read.success) return read.data;
    throw engineFailed(this.server, {
      en: 'it answered in a form we do not know',
      zh: '返回内容的格式无法识别',
    });
  }

  /** The limit is part of the sentence. */
  #tooLarge(text: string): StudioError {
    const [, limit] = /(\d{4,})/.exec(text) ?? [];
    return uploadTooLarge(this.server, limit === undefined ? null : Number(limit));
  }
}

const headerOf = (answer: Answer, name: string): string | null => {
  const value = answer.headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? null;
};

/** What a multipart body has before and behind the bytes of its file. */
function envelope(fields: Record<string, string>, file: { name: string; mediaType: string }) {
  const boundary = `limner-${crypto.randomUUID()}`;
  const part = (head: string) => `--${boundary}\r\nContent-Disposition: form-data; ${head}`;
  const texts = Object.entries(fields).map(
    ([name, value]) => `${part(`name="${name}"`)}\r\n\r\n${value}\r\n`,
  );
  const head = `${texts.join('')}${part(`name="image"; filename="${file.name}"`)}\r\nContent-Type: ${file.mediaType}\r\n\r\n`;
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  return { head: Buffer.from(head), tail, contentType: `multipart/form-data; boundary=${boundary}` };
}

async function* enveloped(head: Buffer, body: Readable, tail: Buffer): AsyncIterable<Buffer> {
  yield head;
  yield* body;
  yield tail;
}
