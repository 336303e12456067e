/** The layers of a picture as they are stored, in the order and places of an arrangement. */
import { Readable } from 'node:stream';
import {
  type ArrangedLayer,
  type Arrangement,
  type Caller,
  type Language,
  layersOf,
  type OutputId,
  type Size,
  StudioError,
} from '@limner/contract';
import type { Reader } from '../db/database.ts';
import { UNKNOWN_PIXELS, withinMemory } from '../images/pixel-gate.ts';
import { decodeRaster, emptyRaster, encodeRaster, layOver, type Raster } from '../images/stack.ts';
import type { NameOf } from '../outputs/file-names.ts';
import { outputNamed } from '../outputs/output-name.ts';
import { type OutputFile, outputsOfFrame } from '../outputs/outputs-store.ts';
import type { Blobs } from '../storage/blobs.ts';
import type { StackedLayer } from './psd.ts';

export interface StoredLayer extends StackedLayer, Size {
  /** As a PNG; the stored file itself if it is one. */
  png(): Promise<{ sizeBytes: number; open(): Promise<Readable> }>;
}

export interface StoredStack extends Size {
  /** Of the picture, without extension. */
  fileName: string;
  completedMs: number;
  /** The lowest first. */
  layers: StoredLayer[];
}

export interface Asked {
  caller: Caller;
  /** Of any output of the frame. */
  id: OutputId;
  /** Absent: as painted. */
  arrangement?: Arrangement | undefined;
  language: Language;
}

export interface StackStore {
  db: Reader;
  blobs: Blobs;
  nameOf: NameOf;
}

/** @throws StudioError `image_not_found`, `no_layers`, `file_not_found` */
export async function storedStack(store: StackStore, asked: Asked): Promise<StoredStack> {
  const { caller, id } = asked;
  const rows = await outputsOfFrame(caller, store.db, outputNamed(id));
  const [first] = rows;
  if (!first) throw notFound(id);
  const painted = layersOf(rows);
  if (painted.length === 0) throw new StudioError('no_layers', { data: { ref: id } });
  const arrangement = asked.arrangement ?? painted.map(({ place }) => inPlace(place));
  const layers = arrangement.map((arranged, index) => {
    const at = painted.findIndex(({ place }) => place === arranged.place);
    const row = painted[at];
    if (!row)
      throw new StudioError('image_not_found', {
        data: { ref: `${id}, ${arranged.place}` },
        field: `layers.${index}.place`,
      });
    return storedLayer(store.blobs, row, arranged, NUMBERED[asked.language](at + 1));
  });
  for (const { file } of painted) {
    if (await store.blobs.stat(file)) continue;
    throw new StudioError('file_not_found', { data: { name: file.split('/').at(-1) } });
  }
  return {
    ...sizeOf(rows.find(({ role }) => role === 'main') ?? null, painted),
    fileName: store.nameOf(first).replace(/\.\w+$/, ''),
    completedMs: first.created_at,
    layers,
  };
}

/** What the visible layers make up. */
export async function drawn({ width, height, layers }: StoredStack): Promise<Raster> {
  const whole = emptyRaster({ width, height });
  for (const layer of layers) if (layer.visible) layOver(whole, await layer.pixels(), layer);
  return whole;
}

const NUMBERED: Record<Language, (number: number) => string> = {
  en: (number) => `Layer ${number}`,
  zh: (number) => `图层 ${number}`,
};

const inPlace = (place: number): ArrangedLayer => ({ place, visible: true, opacity: 1, left: 0, top: 0 });

const notFound = (ref: string) => new StudioError('image_not_found', { data: { ref } });

function sizeOf(whole: OutputFile | null, painted: OutputFile[]): Size {
  const sized = whole?.width && whole.height ? [whole] : painted;
  return {
    width: Math.max(...sized.map(({ width }) => width ?? 1)),
    height: Math.max(...sized.map(({ height }) => height ?? 1)),
  };
}

function storedLayer(
  blobs: Blobs,
  { file, media_type, size_bytes, width, height }: OutputFile,
  { name, visible, opacity, left, top }: ArrangedLayer,
  numbered: string,
): StoredLayer {
  const pixelCount = width && height ? width * height : UNKNOWN_PIXELS;
  const pixels = () =>
    withinMemory(pixelCount, async () => {
      const bytes = await blobs.read(file);
      return decodeRaster(bytes).catch((cause) => {
        throw new StudioError('picture_damaged', { cause });
      });
    });
  return {
    name: name ?? numbered,
    visible,
    opacity: Math.round(255 * opacity),
    left,
    top,
    width: width ?? 0,
    height: height ?? 0,
    pixels,
    png: async () => {
      if (media_type === 'image/png') return { sizeBytes: size_bytes, open: () => blobs.stream(file) };
      return inMemory(await encodeRaster(await pixels()));
    },
  };
}

/** As `StoredLayer.png` gives it. */
export const inMemory = (bytes: Buffer) => ({
  sizeBytes: bytes.length,
  open: async () => Readable.from([bytes], { objectMode: false }),
});
