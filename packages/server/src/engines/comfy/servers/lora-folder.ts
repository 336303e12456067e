/**
 * A folder of LoRAs that ComfyUI servers read too, such as `ComfyUI/models/loras`. Files are copied into `limner` below it;
 * nothing is ever deleted there, and a file of the same name and size is left as it is.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { StoredFile } from '../../run-files.ts';
import { LORA_FOLDER } from '../own-lora.ts';

export class LoraFolder {
  readonly #folder: string;
  /** Servers share one copy. */
  readonly #copies = new Map<string, Promise<void>>();

  /** Absolute. */
  constructor(folder: string) {
    this.#folder = path.join(folder, LORA_FOLDER);
  }

  /** Whole when it resolves. @throws Error if the folder cannot be written */
  put(name: string, file: StoredFile): Promise<void> {
    const copying = this.#copies.get(name) ?? this.#copy(name, file).finally(() => this.#copies.delete(name));
    this.#copies.set(name, copying);
    return copying;
  }

  async #copy(name: string, file: StoredFile): Promise<void> {
    const target = path.join(this.#folder, name);
    const there = await stat(target).catch(() => null);
    if (there?.size === file.sizeBytes) return;
    await mkdir(this.#folder, { recursive: true });
    // ComfyUI lists files by their ending.
    const half = path.join(this.#folder, `.${randomUUID()}.part`);
    try {
      await writeFile(half, await file.stream());
      await rename(half, target);
    } finally {
      await rm(half, { force: true });
    }
  }
}
