/** The layers of pictures: exported as documents, or drawn as somebody arranged them and kept as an upload. */
import { finished, Readable } from 'node:stream';
import type { LayerFormat, Upload } from '@limner/contract';
import { Gate } from '../gate.ts';
import { UNKNOWN_PIXELS } from '../images/pixel-gate.ts';
import { encodeRaster } from '../images/stack.ts';
import type { MadeZip } from '../outputs/stored-zip.ts';
import type { Uploads } from '../uploads/uploads.ts';
import { numberedPngs } from './numbered-pngs.ts';
import { ORA_TYPE, oraOf } from './ora.ts';
import { psdOf } from './psd.ts';
import { type Asked, drawn, type StackStore, type StoredStack, storedStack } from './stored-stack.ts';

/**
 * Pixels that all exports of this process hold at once, four bytes each; a larger one is made alone. Apart from the gate
 * of decoding, because an export decodes layers while it holds the whole.
 */
const MOST_PIXELS = 64_000_000;

export interface LayersOptions extends StackStore {
  uploads: Pick<Uploads, 'create'>;
  mostPixels?: number;
}

export interface LayersFile extends MadeZip {
  name: string;
  mediaType: string;
}

const FORMATS: Record<LayerFormat, { mediaType: string; make(stack: StoredStack): Promise<MadeZip> }> = {
  psd: { mediaType: 'image/vnd.adobe.photoshop', make: psd },
  ora: { mediaType: ORA_TYPE, make: oraOf },
  zip: { mediaType: 'application/zip', make: numberedPngs },
  png: { mediaType: 'image/png', make: png },
};

export class Layers {
  readonly #options: LayersOptions;
  readonly #gate: Gate;

  constructor(options: LayersOptions) {
    this.#options = options;
    this.#gate = new Gate(options.mostPixels ?? MOST_PIXELS);
  }

  /**
   * Waits for its turn; the turn ends with the stream.
   * @throws StudioError `image_not_found`, `no_layers`, `file_not_found`, `picture_damaged`
   */
  async open(asked: Asked, format: LayerFormat): Promise<LayersFile> {
    const stack = await storedStack(this.#options, asked);
    const { mediaType, make } = FORMATS[format];
    const leave = await this.#gate.enter(heldPixels(stack));
    try {
      const { sizeBytes, stream } = await make(stack);
      finished(stream, leave);
      return { name: `${stack.fileName}.${format}`, mediaType, sizeBytes, stream };
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** @throws as `open` */
  async keep(asked: Asked): Promise<Upload> {
    const { stream, name } = await this.open(asked, 'png');
    return this.#options.uploads.create(asked.caller, stream, name);
  }
}

/** The whole, as it is drawn and as it is written, and one layer. */
const heldPixels = ({ width, height, layers }: StoredStack): number =>
  2 * width * height + Math.max(...layers.map((layer) => layer.width * layer.height || UNKNOWN_PIXELS));

async function psd(stack: StoredStack): Promise<MadeZip> {
  const { sizeBytes, chunks } = await psdOf(stack, stack.layers);
  return { sizeBytes, stream: Readable.from(chunks, { objectMode: false }) };
}

async function png(stack: StoredStack): Promise<MadeZip> {
  const bytes = await encodeRaster(await drawn(stack));
  return { sizeBytes: bytes.length, stream: Readable.from([bytes], { objectMode: false }) };
}
