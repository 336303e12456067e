/** Small WebP copies of pictures, made when first asked for and kept beside them as blobs. */
import { THUMB_WIDTHS } from '@limner/contract';
import type { Blobs } from '../storage/blobs.ts';
import { loadSharp } from './sharp.ts';

export type ThumbWidth = (typeof THUMB_WIDTHS)[number];

const thumbKey = (key: string, width: ThumbWidth): string => `thumbs/${key.replace('/', '-')}-${width}.webp`;

/** Everything made from the picture at `key`: whoever deletes the picture deletes these. */
export const thumbKeys = (key: string): string[] => THUMB_WIDTHS.map((width) => thumbKey(key, width));

export class Thumbnails {
  readonly #blobs: Blobs;
  /** Being made right now, so that a thumbnail asked for ten times at once is made once. */
  readonly #making = new Map<string, Promise<void>>();

  constructor(blobs: Blobs) {
    this.#blobs = blobs;
  }

  /** Blob key of the copy that is `width` wide, or as wide as the picture where that is less. */
  async of(key: string, width: ThumbWidth): Promise<string> {
    const thumb = thumbKey(key, width);
    const making = this.#making.get(thumb);
    if (making) await making;
    else if (!(await this.#blobs.stat(thumb))) await this.#once(thumb, () => this.#make(key, thumb, width));
    return thumb;
  }

  #once(thumb: string, make: () => Promise<void>): Promise<void> {
    const running = this.#making.get(thumb) ?? make().finally(() => this.#making.delete(thumb));
    this.#making.set(thumb, running);
    return running;
  }

  async #make(key: string, thumb: string, width: ThumbWidth): Promise<void> {
    const sharp = await loadSharp();
    const picture = await this.#blobs.read(key);
    const small = await sharp(picture)
      .resize({ width, withoutEnlargement: true })
      .webp({ quality: 82, alphaQuality: 90 })
      .toBuffer();
    await this.#blobs.put(thumb, small);
    // Deleted while we worked: its thumbnails were removed before this one existed.
    if (!(await this.#blobs.stat(key))) await this.#blobs.delete(thumb);
  }
}
