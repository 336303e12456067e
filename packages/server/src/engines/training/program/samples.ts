/** The newest picture of the folder in which a program paints its samples. */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { loadSharp } from '../../../images/sharp.ts';

const SIDE_PX = 1024;
/** Of a picture that nobody has looked at. */
const MAX_BYTES = 64 * 1024 * 1024;

export class Samples {
  readonly #folder: string;
  #shownMs: number;

  /** Older pictures than `sinceMs` are not shown. */
  constructor(folder: string, sinceMs = 0) {
    this.#folder = folder;
    this.#shownMs = sinceMs;
  }

  /** null: none since the last that was returned, or it is not whole yet. */
  async newest(): Promise<{ bytes: Buffer; mediaType: string } | null> {
    const found = await this.#find();
    if (!found) return null;
    try {
      const sharp = await loadSharp();
      const bytes = await sharp(found.file, { failOn: 'error' })
        .resize(SIDE_PX, SIDE_PX, { fit: 'inside', withoutEnlargement: true })
        .webp()
        .toBuffer();
      this.#shownMs = found.atMs;
      return { bytes, mediaType: 'image/webp' };
    } catch {
      // It is being written. One that stays broken is passed over when a newer comes.
      return null;
    }
  }

  async #find(): Promise<{ file: string; atMs: number } | null> {
    let newest: { file: string; atMs: number } | null = null;
    for (const name of await readdir(this.#folder).catch(() => [])) {
      if (!/\.(png|jpe?g|webp)$/i.test(name)) continue;
      const file = path.join(this.#folder, name);
      const found = await stat(file).catch(() => null);
      if (!found?.isFile() || found.size === 0 || found.size > MAX_BYTES) continue;
      if (found.mtimeMs > (newest?.atMs ?? this.#shownMs)) newest = { file, atMs: found.mtimeMs };
    }
    return newest;
  }
}
