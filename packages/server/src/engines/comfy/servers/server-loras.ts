/** LoRA files of styles that a server already has. Each is sent once; whether it is there is checked once per connection. */
import type { RecipeStyle } from '@limner/contract';
import type { StoredFile } from '../../run-files.ts';
import type { ComfyClient } from '../link/client.ts';
import { uploadTooLarge } from '../link/client-errors.ts';
import { LORA_FOLDER, loraFileName } from '../own-lora.ts';

export class ServerLoras {
  readonly #client: ComfyClient;
  readonly #limitBytes: () => number | null;
  readonly #sent = new Map<string, Promise<void>>();

  constructor(client: ComfyClient, limitBytes: () => number | null) {
    this.#client = client;
    this.#limitBytes = limitBytes;
  }

  /** Frames share an upload, so no frame may abort it; after a failure the next frame tries again. */
  put(style: RecipeStyle, open: () => Promise<StoredFile>): Promise<void> {
    const name = loraFileName(style);
    const before = this.#sent.get(name);
    if (before) return before;
    const sending = this.#send(name, open);
    this.#sent.set(name, sending);
    sending.catch(() => this.#sent.delete(name));
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
    if (there === file.sizeBytes) return;
    const limitBytes = this.#limitBytes();
    // A server may close the connection of an oversized upload before its refusal can be read.
    if (limitBytes !== null && file.sizeBytes > limitBytes)
      throw uploadTooLarge(this.#client.server, limitBytes);
    await this.#client.uploadFile({ name, subfolder, type: 'output' }, file);
  }
}
