/**
 * Pictures a server already has. They are named by their content, so equal pictures are sent once; its existence is
 * checked once per connection, because users delete files from input folders.
 */
import { loadSharp } from '../../../images/sharp.ts';
import type { InputPicture } from '../../engine.ts';
import type { ComfyClient } from '../link/client.ts';
import { uploadTooLarge } from '../link/client-errors.ts';

const SUBFOLDER = 'limner';
const EXTENSIONS: Record<string, string> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
};

export class ServerUploads {
  readonly #client: ComfyClient;
  /** Upload limit of the server; null if unknown. */
  limitBytes: number | null = null;
  readonly #names = new Map<string, Promise<string>>();

  constructor(client: ComfyClient) {
    this.#client = client;
  }

  /** The name for a LoadImage node. `flatten` lays transparent parts on white, because LoadImage drops alpha. */
  put(picture: InputPicture, alpha: 'keep' | 'flatten'): Promise<string> {
    const key = `${picture.sha256}-${alpha}`;
    const known = this.#names.get(key);
    if (known) return known;
    const name = this.#send(picture, alpha);
    this.#names.set(key, name);
    // Frames share an upload, so no frame may abort it; after a failure the next frame tries again.
    name.catch(() => this.#names.delete(key));
    return name;
  }

  /** After a reconnection, or when a node did not find its picture. */
  forget(): void {
    this.#names.clear();
  }

  async #send(picture: InputPicture, alpha: 'keep' | 'flatten'): Promise<string> {
    const { bytes, mediaType, suffix } = await prepared(picture, alpha);
    const name = `${picture.sha256}${suffix}.${EXTENSIONS[mediaType] ?? 'png'}`;
    // A server may close the connection of an oversized upload before its refusal can be read.
    if (this.limitBytes !== null && bytes.length > this.limitBytes) {
      throw uploadTooLarge(this.#client.server, this.limitBytes);
    }
    const there = await this.#client.fileSize({ filename: name, subfolder: SUBFOLDER, type: 'input' });
    if (there === bytes.length) return `${SUBFOLDER}/${name}`;
    return this.#client.upload(bytes, { name, subfolder: SUBFOLDER, mediaType });
  }
}

async function prepared(picture: InputPicture, alpha: 'keep' | 'flatten') {
  const bytes = await picture.read();
  const sharp = await loadSharp();
  const asIs = picture.mediaType in EXTENSIONS;
  const flatten = alpha === 'flatten' && (await sharp(bytes).metadata()).hasAlpha;
  if (asIs && !flatten) return { bytes, mediaType: picture.mediaType, suffix: '' };
  const image = flatten ? sharp(bytes).flatten({ background: '#ffffff' }) : sharp(bytes);
  const png = await image.png({ compressionLevel: 3 }).toBuffer();
  return { bytes: png, mediaType: 'image/png', suffix: flatten ? '-flat' : '' };
}
