/**
 * Writes a Photoshop document of layers, as Adobe's file format specification describes it: version 1, RGB, eight bits,
 * rows compressed with PackBits. What lies before the pixels states how long they are, so each layer is read twice: once
 * measured, once written. Only one of them, and the whole, is in memory.
 */
import type { Size } from '@limner/contract';
import { isOpaque } from '../images/decode.ts';
import { emptyRaster, layOver, type Placing, type Raster } from '../images/stack.ts';
import { packedLength, packRow } from './pack-bits.ts';

export interface StackedLayer extends Placing {
  name: string;
  visible: boolean;
  pixels(): Promise<Raster>;
}

export interface Sized {
  sizeBytes: number;
  chunks: AsyncGenerator<Buffer>;
}

/** Transparency, then red, green and blue, by the ids of the format and the bytes of a pixel. */
const CHANNELS = [
  { id: -1, byte: 3 },
  { id: 0, byte: 0 },
  { id: 1, byte: 1 },
  { id: 2, byte: 2 },
] as const;

/** The part of a layer that is not transparent. */
interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

interface Measured {
  layer: StackedLayer;
  box: Box;
  /** Bytes of each channel. */
  lengths: number[];
}

/** `layers`: the lowest first. Pixels beyond the document are kept in the layers. */
export async function psdOf(size: Size, layers: readonly StackedLayer[]): Promise<Sized> {
  const whole = emptyRaster(size);
  const measured: Measured[] = [];
  for (const layer of layers) {
    const pixels = await layer.pixels();
    if (layer.visible) layOver(whole, pixels, layer);
    measured.push(measuredLayer(layer, pixels));
  }
  const isWholeOpaque = isOpaque(whole);
  const begin = beginning(size, measured, isWholeOpaque);
  const end = [Buffer.from(begin.padding), uint32(0), ...merged(whole, isWholeOpaque)];
  const pixelBytes = measured.flatMap(({ lengths }) => lengths).reduce((sum, bytes) => sum + bytes, 0);
  return {
    sizeBytes: begin.bytes.length + pixelBytes + end.reduce((sum, { length }) => sum + length, 0),
    chunks: chunksOf(begin.bytes, measured, end),
  };
}

async function* chunksOf(begin: Buffer, measured: Measured[], end: Buffer[]): AsyncGenerator<Buffer> {
  yield begin;
  for (const { layer, box } of measured) {
    const pixels = await layer.pixels();
    for (const { byte } of CHANNELS) yield channelOf(pixels, box, byte);
  }
  yield* end;
}

function measuredLayer(layer: StackedLayer, pixels: Raster): Measured {
  const box = boxOf(pixels);
  return { layer, box, lengths: CHANNELS.map(({ byte }) => channelLength(pixels, box, byte)) };
}

function boxOf({ width, height, rgba }: Raster): Box {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (rgba[4 * (y * width + x) + 3] === 0) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = y;
    }
  if (right < 0) return { left: 0, top: 0, width: 0, height: 0 };
  return { left, top, width: right - left + 1, height: bottom - top + 1 };
}

function* rowsOf(pixels: Raster, box: Box, byte: number): Generator<Uint8Array> {
  const row = new Uint8Array(box.width);
  for (let y = box.top; y < box.top + box.height; y++) {
    const from = 4 * (y * pixels.width + box.left) + byte;
    for (let x = 0; x < box.width; x++) row[x] = pixels.rgba[from + 4 * x] as number;
    yield row;
  }
}

const PACKED = 1;

/** Two bytes for the compression, two for the length of each row, and the rows. */
function channelLength(pixels: Raster, box: Box, byte: number): number {
  let bytes = 2 + 2 * box.height;
  for (const row of rowsOf(pixels, box, byte)) bytes += packedLength(row);
  return bytes;
}

function channelOf(pixels: Raster, box: Box, byte: number): Buffer {
  const rows = packedRows(pixels, box, byte);
  return Buffer.concat([uint16(PACKED), ...rows.map(({ length }) => uint16(length)), ...rows]);
}

const packedRows = (pixels: Raster, box: Box, byte: number): Buffer[] =>
  Array.from(rowsOf(pixels, box, byte), packRow);

/** Everything before the pixels of the layers, and the zeros after them. */
function beginning(
  size: Size,
  measured: Measured[],
  isWholeOpaque: boolean,
): { bytes: Buffer; padding: number[] } {
  const records = Buffer.concat([
    // Negative: the fourth channel of the merged picture is its transparency.
    int16(isWholeOpaque ? measured.length : -measured.length),
    ...measured.map(recordOf),
  ]);
  const pixelBytes = measured.flatMap(({ lengths }) => lengths).reduce((sum, bytes) => sum + bytes, 0);
  const padding = Array((4 - ((records.length + pixelBytes) % 4)) % 4).fill(0);
  const layerBytes = records.length + pixelBytes + padding.length;
  const header = Buffer.concat([
    Buffer.from('8BPS'),
    uint16(1),
    Buffer.alloc(6),
    uint16(isWholeOpaque ? 3 : 4),
    uint32(size.height),
    uint32(size.width),
    uint16(8),
    uint16(3),
  ]);
  const noColourTable = uint32(0);
  const noResources = uint32(0);
  // With the length of the layers before them and that of no global mask after them.
  const sections = [uint32(4 + layerBytes + 4), uint32(layerBytes)];
  return { bytes: Buffer.concat([header, noColourTable, noResources, ...sections, records]), padding };
}

const HIDDEN = 2;
/** The flag before has a meaning, as in every document since Photoshop 5. */
const FLAGS_COUNT = 8;

function recordOf({ layer, box, lengths }: Measured, at: number): Buffer {
  const { name, left, top, opacity, visible } = layer;
  const more = Buffer.concat([uint32(0), uint32(0), pascal(name), unicodeName(name), layerId(at + 1)]);
  return Buffer.concat([
    ...[box.top + top, box.left + left, box.top + top + box.height, box.left + left + box.width].map(int32),
    uint16(CHANNELS.length),
    ...CHANNELS.flatMap(({ id }, channel) => [int16(id), uint32(lengths[channel] ?? 0)]),
    Buffer.from('8BIMnorm'),
    Buffer.from([opacity, 0, FLAGS_COUNT | (visible ? 0 : HIDDEN), 0]),
    uint32(more.length),
    more,
  ]);
}

/** For programs that read no Unicode; with its length a multiple of four. */
function pascal(name: string): Buffer {
  const plain = Buffer.from(name.replace(/[^ -~]/g, '?').slice(0, 255), 'latin1');
  const text = Buffer.concat([Buffer.from([plain.length]), plain]);
  return Buffer.concat([text, Buffer.alloc((4 - (text.length % 4)) % 4)]);
}

function unicodeName(name: string): Buffer {
  const text = Buffer.from(name, 'utf16le').swap16();
  const padded = Buffer.concat([uint32(name.length), text, Buffer.alloc(text.length % 4)]);
  return Buffer.concat([Buffer.from('8BIMluni'), uint32(padded.length), padded]);
}

const layerId = (id: number): Buffer => Buffer.concat([Buffer.from('8BIMlyid'), uint32(4), uint32(id)]);

/** The whole for programs that read no layers. Photoshop blends half-transparent parts with white here. */
function merged(whole: Raster, isWholeOpaque: boolean): Buffer[] {
  const box = { left: 0, top: 0, width: whole.width, height: whole.height };
  const bytes = isWholeOpaque ? [0, 1, 2] : [0, 1, 2, 3];
  if (!isWholeOpaque) onWhite(whole);
  const rows = bytes.flatMap((byte) => packedRows(whole, box, byte));
  return [uint16(PACKED), Buffer.concat(rows.map(({ length }) => uint16(length))), ...rows];
}

function onWhite({ rgba }: Raster): void {
  for (let at = 0; at < rgba.length; at += 4) {
    const alpha = rgba[at + 3] as number;
    for (let channel = at; channel < at + 3; channel++)
      rgba[channel] = Math.round(((rgba[channel] as number) * alpha + 255 * (255 - alpha)) / 255);
  }
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}
function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}
function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
