/**
 * What model files say of themselves. Many are named after their author's mood; their metadata names the architecture, by
 * the specification of Stability AI (`modelspec.architecture`). Each file is asked once.
 */
import type { ComfyClient } from '../link/client.ts';

/** A server with more files answers for the first ones; the others go by their names. */
const MAX_FILES = 200;
const AT_ONCE = 4;

export class ModelArchitectures {
  readonly #client: ComfyClient;
  /** null: the file does not say. */
  readonly #asked = new Map<string, string | null>();

  constructor(client: ComfyClient) {
    this.#client = client;
  }

  /** Of the files that were asked so far and say it. */
  get known(): ReadonlyMap<string, string> {
    return new Map([...this.#asked].filter((entry): entry is [string, string] => entry[1] !== null));
  }

  /** Asks the server about checkpoints that are new; true where one of them said something. */
  async read(checkpoints: readonly string[]): Promise<boolean> {
    const fresh = checkpoints
      .filter((file) => file.endsWith('.safetensors') && !this.#asked.has(file))
      .slice(0, Math.max(0, MAX_FILES - this.#asked.size));
    const before = this.known.size;
    await Promise.all(Array.from({ length: AT_ONCE }, () => this.#readFrom(fresh)));
    return this.known.size > before;
  }

  async #readFrom(files: string[]): Promise<void> {
    for (let file = files.shift(); file !== undefined; file = files.shift())
      this.#asked.set(file, await this.#client.architecture('checkpoints', file).catch(() => null));
  }
}
