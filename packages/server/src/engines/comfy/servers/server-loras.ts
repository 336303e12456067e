/** LoRA files of styles that a server already has. Each is sent once; whether it is there is checked once per connection. */
import type { RecipeStyle } from '@limner/contract';
import type { StoredFile } from '../../run-files.ts';
import type { ComfyClient } from '../link/client.ts';
import { uploadTooLarge } from '../link/client-errors.ts';
import { LORA_FOLDER, loraFileName } from '../own-lora.ts';
import { listedName } from '../server-info.ts';
import type { LoraFolder } from './lora-folder.ts';

export class ServerLoras {
  readonly #client: ComfyClient;
  readonly #limitBytes: () => number | null;
  readonly #folder: LoraFolder | null;
  readonly #sent = new Map<string, Promise<void>>();
  readonly #sending = new Set<string>();
  readonly #failures = new Map<string, unknown>();

  /** `folder`: one that the server may share with this machine. */
  constructor(client: ComfyClient, limitBytes: () => number | null, folder: LoraFolder | null) {
    this.#client = client;
    this.#limitBytes = limitBytes;
    this.#folder = folder;
  }

  isSending(style: RecipeStyle): boolean {
    return this.#sending.has(loraFileName(style));
  }

  /** Of the last upload; null: it has not failed. */
  failureOf(style: RecipeStyle): unknown {
    return this.#failures.get(loraFileName(style)) ?? null;
  }

  /** Frames share an upload, so no frame may abort it; after a failure the next frame tries again. */
  put(style: RecipeStyle, open: () => Promise<StoredFile>): Promise<void> {
    const name = loraFileName(style);
    const before = this.#sent.get(name);
    if (before) return before;
    this.#sending.add(name);
    const sending = this.#send(name, open).finally(() => this.#sending.delete(name));
    this.#sent.set(name, sending);
    sending.then(
      () => this.#failures.delete(name),
      (error) => {
        this.#failures.set(name, error);
        this.#sent.delete(name);
      },
    );
    return sending;
  }

  /** After a reconnection. */
  forget(): void {
    this.#sent.clear();
  }

  async #send(name: string, open: () => Promise<StoredFile>): Promise<void> {
    const file = await open();
    const subfolder = `loras/${LORA_FOLDER}`;
    const there = await this.#client.fileSize({ filename: name, subfolder, type: 'output' });
    if (there === file.sizeBytes || (await this.#isShared(name, file))) return;
    const limitBytes = this.#limitBytes();
    // A server may close the connection of an oversized upload before its refusal can be read.
    if (limitBytes !== null && file.sizeBytes > limitBytes)
      throw uploadTooLarge(this.#client.server, limitBytes);
    await this.#client.uploadFile({ name, subfolder, type: 'output' }, file);
  }

  /** Copies it into the folder, and asks the server whether it sees it there. */
  async #isShared(name: string, file: StoredFile): Promise<boolean> {
    if (!this.#folder) return false;
    await this.#folder.put(name, file);
    const listed = await this.#client.modelNames('loras').catch(() => []);
    return listedName(listed, `${LORA_FOLDER}/${name}`) !== undefined;
  }
}
