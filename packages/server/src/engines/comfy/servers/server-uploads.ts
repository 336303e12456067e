/**
 * Pictures a server already has. They are named by their content, so equal pictures are sent once; whether one is still
 * there is asked once per connection, since people tidy input folders.
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
  /** Of one request to this server; null where it does not say. */
  limitBytes: number | null = null;
  readonly #names = new Map<string, Promise<string>>();

  constructor(client: ComfyClient) {
    this.#client = client;
  }

  /** What a LoadImage node must say. `flatten` lays see-through parts on white: LoadImage drops alpha. */
  put(picture: InputPicture, alpha: 'keep' | 'flatten'): Promise<string> {
    const key = `${picture.sha256}-${alpha}`;
    const known = this.#names.get(key);
    if (known) return known;
    const name = this.#send(picture, alpha);
    this.#names.set(key, name);
    // Frames share an upload, so that none may stop it for the others; one that failed is tried again by the next frame.
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
    // A server that is sent too much may hang up before its refusal can be read.
    if (this.limitBytes !== null && bytes.length > this.limitBytes) {
      throw uploadTooLarge(this.#client.server, this.limitBytes);
    }
    const there = await this.#client.inputSize(name, SUBFOLDER);
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
