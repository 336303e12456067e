/** Small WebP copies of pictures, made at the first request and stored beside them as blobs. */
import { StudioError, THUMB_WIDTHS } from '@limner/contract';
import type { Blobs } from '../storage/blobs.ts';
import { withinMemory } from './pixel-gate.ts';
import { loadSharp } from './sharp.ts';

export type ThumbWidth = (typeof THUMB_WIDTHS)[number];

const thumbKey = (key: string, width: ThumbWidth): string => `thumbs/${key.replace('/', '-')}-${width}.webp`;

/** Everything made from the picture at `key`; deleted with the picture. */
export const thumbKeys = (key: string): string[] => THUMB_WIDTHS.map((width) => thumbKey(key, width));

/** A blob and the number of pixels that its row states. */
export interface StoredPixels {
  key: string;
  pixels: number;
}

/**
 * A thumbnail is at most this many times as high as wide; taller pictures get narrower thumbnails. WebP ends at 16,383
 * px.
 */
const MOST_HEIGHT = 8;

export class Thumbnails {
  readonly #blobs: Blobs;
  /** Thumbnails being made now, so that ten simultaneous requests make one. */
  readonly #making = new Map<string, Promise<void>>();

  constructor(blobs: Blobs) {
    this.#blobs = blobs;
  }

  /** Blob key of the copy that is `width` wide, or as wide as the picture where that is less. */
  async of(picture: StoredPixels, width: ThumbWidth): Promise<string> {
    const thumb = thumbKey(picture.key, width);
    const making = this.#making.get(thumb);
    if (making) await making;
    else if (!(await this.#blobs.stat(thumb)))
      await this.#once(thumb, () => this.#make(picture, thumb, width));
    return thumb;
  }

  #once(thumb: string, make: () => Promise<void>): Promise<void> {
    const running = this.#making.get(thumb) ?? make().finally(() => this.#making.delete(thumb));
    this.#making.set(thumb, running);
    return running;
  }

  async #make({ key, pixels }: StoredPixels, thumb: string, width: ThumbWidth): Promise<void> {
    const small = await withinMemory(pixels, async () => shrunk(await this.#blobs.read(key), width, pixels));
    await this.#blobs.put(thumb, small);
    // The picture was deleted meanwhile; its other thumbnails were removed before this one existed.
    if (!(await this.#blobs.stat(key))) await this.#blobs.delete(thumb);
  }
}

/** @throws StudioError `picture_damaged` for a file that is empty, incomplete, or larger than its row states. */
async function shrunk(picture: Buffer, width: ThumbWidth, pixels: number): Promise<Buffer> {
  if (picture.length === 0) throw new StudioError('picture_damaged');
  const sharp = await loadSharp();
  return sharp(picture, { limitInputPixels: pixels, failOn: 'error' })
    .resize({ width, height: MOST_HEIGHT * width, fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 82, alphaQuality: 90 })
    .toBuffer()
    .catch((cause) => {
      throw new StudioError('picture_damaged', { cause });
    });
}
