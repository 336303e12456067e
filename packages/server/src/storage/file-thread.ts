/**
 * The thread that writes whole files. What arrives while it is busy is written as one group: the first flush to the
 * disk mostly covers the others, and each folder's entries are flushed once. Its calls may block without blocking the
 * server.
 */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import path from 'node:path';
import { parentPort, receiveMessageOnPort } from 'node:worker_threads';
import type { WriteOrder, WriteReply } from './file-writer.ts';

const port = parentPort;
if (!port) throw new Error('This file runs as a thread of the server.');

port.on('message', (first: WriteOrder) => {
  const group = [new Writing(first)];
  for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port))
    group.push(new Writing(next.message));
  for (const writing of group) writing.attempt(() => writing.write());
  for (const writing of group) writing.attempt(() => writing.place());
  for (const writing of group) writing.attempt(() => flushFolder(writing.folder));
  flushed.clear();
  port.postMessage(group.map((writing) => writing.reply()));
});

/** One request, and its first error. */
class Writing {
  readonly #order: WriteOrder;
  #descriptor: number | null = null;
  #failure: { code: string | undefined; message: string } | null = null;

  constructor(order: WriteOrder) {
    this.#order = order;
  }

  get folder(): string {
    return path.dirname(this.#order.target);
  }

  attempt(step: () => void): void {
    if (this.#failure) return;
    try {
      step();
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      this.#failure = { code, message };
      this.#abandon();
    }
  }

  write(): void {
    const { temporary, bytes } = this.#order;
    this.#descriptor = fs.openSync(temporary, 'wx');
    for (let at = 0; at < bytes.length; ) at += fs.writeSync(this.#descriptor, bytes, at);
  }

  place(): void {
    if (this.#descriptor === null) return;
    fs.fdatasyncSync(this.#descriptor);
    fs.closeSync(this.#descriptor);
    this.#descriptor = null;
    fs.renameSync(this.#order.temporary, this.#order.target);
  }

  reply(): WriteReply {
    const { id, bytes } = this.#order;
    if (this.#failure) return { id, failure: this.#failure };
    return { id, sha256: createHash('sha256').update(bytes).digest('hex') };
  }

  #abandon(): void {
    if (this.#descriptor !== null) fs.closeSync(this.#descriptor);
    fs.rmSync(this.#order.temporary, { force: true });
  }
}

const folders = new Map<string, number>();
/** In this group. */
const flushed = new Set<string>();

/** Without this a power cut can lose the rename of a file whose bytes are safe. Windows has no such call. */
function flushFolder(folder: string): void {
  if (process.platform === 'win32' || flushed.has(folder)) return;
  const descriptor = folders.get(folder) ?? fs.openSync(folder, 'r');
  folders.set(folder, descriptor);
  fs.fsyncSync(descriptor);
  flushed.add(folder);
}
