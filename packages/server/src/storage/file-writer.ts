/**
 * Whole files by a thread of their own: one message there and one back cost the server less than the six calls a durable
 * file takes, and files that come together are flushed together.
 */
import { Worker } from 'node:worker_threads';

export interface WriteOrder {
  id: number;
  /** Beside the target, on the same file system. */
  temporary: string;
  target: string;
  bytes: Uint8Array;
}

export type WriteReply =
  | { id: number; sha256: string }
  | { id: number; failure: { code: string | undefined; message: string } };

interface Waiting {
  resolve(sha256: string): void;
  reject(error: Error): void;
}

export class FileWriter {
  readonly #entry: string;
  readonly #waiting = new Map<number, Waiting>();
  #thread: Worker | null = null;
  #lastId = 0;

  /** `entry`: the built `file-thread.ts`. The thread starts with the first file, and again after it died. */
  constructor(entry: string) {
    this.#entry = entry;
  }

  /** Resolves with the hash when the file is complete and would survive a power cut. Leaves nothing when it fails. */
  write(order: Omit<WriteOrder, 'id'>): Promise<string> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#thread ??= this.#begin();
      this.#thread.postMessage({ id, ...order } satisfies WriteOrder);
    });
  }

  async close(): Promise<void> {
    await this.#thread?.terminate();
  }

  #begin(): Worker {
    // Options of Node's command line are for the main process and may not work in a thread.
    const thread = new Worker(this.#entry, { execArgv: [] });
    thread.unref();
    thread.on('message', (replies: WriteReply[]) => {
      for (const reply of replies) this.#settle(reply);
    });
    thread.on('error', (error) => this.#died(error));
    thread.on('exit', () => this.#died(new Error('The thread that writes files has ended.')));
    return thread;
  }

  #settle(reply: WriteReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('sha256' in reply) waiting?.resolve(reply.sha256);
    else waiting?.reject(Object.assign(new Error(reply.failure.message), { code: reply.failure.code }));
  }

  #died(error: Error): void {
    this.#thread = null;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
