/** The layers of pictures: exported as documents, or drawn as somebody arranged them and kept as an upload. */
import { Readable } from 'node:stream';
import type { LayerFormat, Upload } from '@limner/contract';
import { encodeRaster } from '../images/stack.ts';
import type { MadeZip } from '../outputs/stored-zip.ts';
import type { Uploads } from '../uploads/uploads.ts';
import { numberedPngs } from './numbered-pngs.ts';
import { ORA_TYPE, oraOf } from './ora.ts';
import { psdOf } from './psd.ts';
import { type Asked, drawn, type StackStore, type StoredStack, storedStack } from './stored-stack.ts';

export interface LayersOptions extends StackStore {
  uploads: Pick<Uploads, 'create'>;
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

  constructor(options: LayersOptions) {
    this.#options = options;
  }

  /** @throws StudioError `image_not_found`, `no_layers`, `file_not_found`, `picture_damaged` */
  async open(asked: Asked, format: LayerFormat): Promise<LayersFile> {
    const stack = await storedStack(this.#options, asked);
    const { mediaType, make } = FORMATS[format];
    return { name: `${stack.fileName}.${format}`, mediaType, ...(await make(stack)) };
  }

  /** @throws as `open` */
  async keep(asked: Asked): Promise<Upload> {
    const { stream, name } = await this.open(asked, 'png');
    return this.#options.uploads.create(asked.caller, stream, name);
  }
}

async function psd(stack: StoredStack): Promise<MadeZip> {
  const { sizeBytes, chunks } = await psdOf(stack, stack.layers);
  return { sizeBytes, stream: Readable.from(chunks, { objectMode: false }) };
}

async function png(stack: StoredStack): Promise<MadeZip> {
  const bytes = await encodeRaster(await drawn(stack));
  return { sizeBytes: bytes.length, stream: Readable.from([bytes], { objectMode: false }) };
}
