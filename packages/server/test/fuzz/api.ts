/** The native API as the fuzzing itself uses it: what it answers must be a success. */
import type { Task, Upload } from '@limner/contract';

export class Api {
  /** With the base path. */
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  get<T>(path: string): Promise<T> {
    return this.#call('GET', path);
  }

  post<T>(path: string, body?: unknown): Promise<T> {
    return this.#call('POST', path, body);
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.#call('PATCH', path, body);
  }

  delete(path: string): Promise<null> {
    return this.#call('DELETE', path);
  }

  upload(bytes: Buffer): Promise<Upload> {
    const form = new FormData();
    form.set('file', new Blob([new Uint8Array(bytes)]), 'a.png');
    return this.#answer(fetch(`${this.url}/api/upload`, { method: 'POST', body: form }));
  }

  async ended(task: Task): Promise<Task> {
    if (task.completed_at) return task;
    await new Promise((resolve) => setTimeout(resolve, 20));
    return this.ended(await this.get<Task>(`/api/tasks/${task.id}`));
  }

  #call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const sent =
      body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    return this.#answer(fetch(this.url + path, { method, ...sent }));
  }

  async #answer<T>(sent: Promise<Response>): Promise<T> {
    const response = await sent;
    const text = await response.text();
    if (!response.ok) throw new Error(`${response.url}: ${response.status} ${text}`);
    return (text === '' ? null : JSON.parse(text)) as T;
  }
}
