/**
 * Architectures of model files, from their metadata (`modelspec.architecture` of Stability AI's specification), because
 * file names often do not contain them. Each file is read once.
 */
import type { ComfyClient } from '../link/client.ts';

/** Files beyond this number are known by their names only. */
const MAX_FILES = 200;
const AT_ONCE = 4;

export class ModelArchitectures {
  readonly #client: ComfyClient;
  /** null: the metadata names no architecture. */
  readonly #asked = new Map<string, string | null>();

  constructor(client: ComfyClient) {
    this.#client = client;
  }

  /** The known architectures by file. */
  get known(): ReadonlyMap<string, string> {
    return new Map([...this.#asked].filter((entry): entry is [string, string] => entry[1] !== null));
  }

  /** Reads the metadata of new checkpoints; true if one names its architecture. */
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
