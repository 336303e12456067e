/**
 * The texts of EXIF data (a TIFF structure), under the keywords that the same programs use in a PNG. Programs differ in
 * where they put a tag, so the main directory and the EXIF directory are read alike.
 */
import { latin, startsWith, utf8OrLatin } from './byte-texts.ts';
import { INFOTEXT_KEYWORD } from './infotext.ts';
import { MAX_TEXT_BYTES, type TextRoom } from './text-room.ts';

/** The keyword of Fooocus for a maker note, which says how its parameters are written. */
export const FOOOCUS_SCHEME = 'fooocus_scheme';

type Text = [keyword: string, text: string];

const EXIF_DIRECTORY = 0x8769;
const USER_COMMENT = 0x9286;
/** Fooocus says there which of its two formats the comment has. */
const MAKER_NOTE = 0x927c;
const SOFTWARE = 0x0131;
/** ASCII and undefined bytes, of one byte each. */
const BYTES_OF_TYPE: Record<number, number> = { 1: 1, 2: 1, 7: 1 };
const MAX_ENTRIES = 1000;

/** `exif` with or without the header `Exif\0\0`. Its entries may all name the same bytes. */
export function exifTexts(exif: Uint8Array, room: TextRoom): Text[] {
  const tiff = startsWith(exif, 'Exif\0\0') ? exif.subarray(6) : exif;
  const little = startsWith(tiff, 'II');
  if (tiff.length < 8 || !(little || startsWith(tiff, 'MM'))) return [];
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const main = entriesAt(view, view.getUint32(4, little), little);
  const inner = main.find(({ tag }) => tag === EXIF_DIRECTORY);
  const entries = [...main, ...(inner ? entriesAt(view, view.getUint32(inner.at, little), little) : [])];
  return entries.flatMap((entry) => {
    const bytes = bytesOf(tiff, view, entry, little);
    return bytes && room.take(bytes.length) ? textsOf(entry.tag, bytes, little) : [];
  });
}

interface Entry {
  tag: number;
  type: number;
  count: number;
  /** Of the value, or of its place if it is longer than four bytes. */
  at: number;
}

function entriesAt(view: DataView, at: number, little: boolean): Entry[] {
  if (at + 2 > view.byteLength) return [];
  const count = Math.min(
    view.getUint16(at, little),
    MAX_ENTRIES,
    Math.floor((view.byteLength - at - 2) / 12),
  );
  return Array.from({ length: count }, (_, i) => {
    const entry = at + 2 + 12 * i;
    return {
      tag: view.getUint16(entry, little),
      type: view.getUint16(entry + 2, little),
      count: view.getUint32(entry + 4, little),
      at: entry + 8,
    };
  });
}

function bytesOf(
  tiff: Uint8Array,
  view: DataView,
  { type, count, at }: Entry,
  little: boolean,
): Uint8Array | null {
  if (!BYTES_OF_TYPE[type] || count > MAX_TEXT_BYTES) return null;
  const start = count <= 4 ? at : view.getUint32(at, little);
  return start + count > tiff.length ? null : tiff.subarray(start, start + count);
}

function textsOf(tag: number, bytes: Uint8Array, little: boolean): Text[] {
  if (tag === USER_COMMENT) return commentTexts(comment(bytes, little));
  const text = withoutEndZeros(utf8OrLatin(bytes));
  if (tag === MAKER_NOTE) return [[FOOOCUS_SCHEME, text]];
  if (tag === SOFTWARE) return [['Software', text]];
  // ComfyUI writes into tags of the camera: `prompt:{…}`, `workflow:{…}`.
  const [, keyword, json] = /^(prompt|workflow):\s*(\{[\s\S]*)$/i.exec(text) ?? [];
  return keyword && json ? [[keyword.toLowerCase(), json]] : [];
}

/** NovelAI puts its chunks of a PNG, as JSON, into the comment. */
function commentTexts(text: string): Text[] {
  try {
    const { Comment, ...others } = JSON.parse(text);
    if (typeof Comment === 'string')
      return [
        ['Comment', Comment],
        ...Object.entries(others).filter((pair): pair is Text => typeof pair[1] === 'string'),
      ];
  } catch {
    // No JSON.
  }
  return [[INFOTEXT_KEYWORD, text]];
}

/** The first eight bytes name the encoding; some programs leave them out. */
function comment(bytes: Uint8Array, little: boolean): string {
  if (startsWith(bytes, 'UNICODE\0')) return utf16(bytes.subarray(8), little);
  const hasPrefix = startsWith(bytes, 'ASCII\0\0\0') || startsWith(bytes, '\0\0\0\0\0\0\0\0');
  return withoutEndZeros(utf8OrLatin(hasPrefix ? bytes.subarray(8) : bytes));
}

/**
 * The standard means the byte order of the file, A1111 always writes big-endian. Of both readings the right one has more
 * of the characters that every such text contains.
 */
function utf16(bytes: Uint8Array, little: boolean): string {
  const [own, other] = [little, !little].map((order) =>
    new TextDecoder(order ? 'utf-16le' : 'utf-16be').decode(bytes),
  );
  const weight = (text = ''): number => text.slice(0, 10_000).split(/[\x20-\x7e\n]/).length;
  return withoutEndZeros(((weight(other) > weight(own) ? other : own) ?? '').replace(/^\ufeff/, ''));
}

/** Latin text of a JPEG's own comment segment. */
export const plainComment = (bytes: Uint8Array): Text[] => {
  const text = utf8OrLatin(bytes);
  return /^\s*[{"]/.test(text) || latin(bytes).includes('Steps: ') ? commentTexts(text) : [];
};

/** A loop: an expression takes the square of the time on long runs of zeros. */
function withoutEndZeros(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0) end -= 1;
  return text.slice(0, end);
}
