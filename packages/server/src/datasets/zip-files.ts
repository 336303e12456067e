/**
 * The files in a ZIP archive on disk. Its directory is read at once, the files one by one when they are opened, so memory does
 * not grow with the archive. Nothing is unpacked to disk under a name of the archive; names only name files to the user.
 */
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { decodedText, StudioError } from '@limner/contract';
import { type Entry, getFileNameLowLevel, openPromise, validateFileName, type ZipFile } from 'yauzl';

import type { FoundFile } from './added-files.ts';

/** Pictures, their captions and folders; a larger archive is no data set. */
const MOST_ENTRIES = 4_000;
/** What an archive may unpack to, in sizes of its own. Pictures hardly shrink, uncompressed TIFF shrinks ten times. */
const MOST_EXPANSION = 40;
/** Small archives may expand more. */
const LEAST_ROOM_BYTES = 32 * 1024 ** 2;

const METHODS = { stored: 0, deflated: 8 };
const UTF8_FLAG = 0x800;

export interface OpenZip {
  files: FoundFile[];
  close(): void;
}

/** @throws StudioError `archive_broken`, `archive_too_many` */
export async function openZip(path: string): Promise<OpenZip> {
  const zip = await openPromise(path, { autoClose: false, decodeStrings: false, lazyEntries: true }).catch(
    broken,
  );
  try {
    if (zip.entryCount > MOST_ENTRIES)
      throw new StudioError('archive_too_many', { data: { count: zip.entryCount, limit: MOST_ENTRIES } });
    const entries: Entry[] = [];
    for await (const entry of zip.eachEntry()) entries.push(entry);
    const room = new Room(Math.max(LEAST_ROOM_BYTES, MOST_EXPANSION * (await stat(path)).size));
    const files = entries.flatMap((entry) => fileOf(zip, entry, room));
    return { files, close: () => zip.close() };
  } catch (error) {
    zip.close();
    throw error instanceof StudioError ? error : broken(error as Error);
  }
}

/** Nothing for a folder. */
function fileOf(zip: ZipFile, entry: Entry, room: Room): FoundFile[] {
  const name = nameOf(entry);
  if (name.endsWith('/')) return [];
  const refusal = refusalOf(entry, name);
  return [{ name, ...(refusal ? { refusal } : {}), open: () => opened(zip, entry, room) }];
}

async function opened(zip: ZipFile, entry: Entry, room: Room): Promise<Readable> {
  // Also refuses entries whose header says something else than the directory.
  const body = await zip.openReadStreamPromise(entry).catch((cause) => {
    throw new StudioError('entry_damaged', { cause });
  });
  // It may fail before it is read, and again after the failure was answered.
  body.on('error', () => undefined);
  return Readable.from(counted(body, nameOf(entry), room));
}

async function* counted(body: Readable, name: string, room: Room): AsyncIterable<Buffer> {
  const chunks: AsyncIterator<Buffer> = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { value, done } = await chunks.next().catch((cause: unknown) => {
        throw new StudioError('entry_damaged', { cause });
      });
      if (done) return;
      room.take(value.length, name);
      yield value;
    }
  } finally {
    body.destroy();
  }
}

/** What all files of an archive together may unpack to. */
class Room {
  #leftBytes: number;

  constructor(bytes: number) {
    this.#leftBytes = bytes;
  }

  /** @throws StudioError `archive_expands` with the name of the file that no longer fits */
  take(bytes: number, name: string): void {
    this.#leftBytes -= bytes;
    if (this.#leftBytes < 0)
      throw new StudioError('archive_expands', { data: { name, limit: MOST_EXPANSION } });
  }
}

function refusalOf(entry: Entry, name: string): StudioError | null {
  const reason = validateFileName(name);
  if (reason !== null) return new StudioError('entry_name_refused', { data: { reason: nameReason(reason) } });
  if (entry.isEncrypted()) return new StudioError('entry_encrypted');
  const { compressionMethod: method } = entry;
  if (!Object.values(METHODS).includes(method)) return new StudioError('entry_method', { data: { method } });
  if (isLink(entry)) return new StudioError('link_refused');
  return null;
}

const nameReason = (reason: string) =>
  reason.startsWith('absolute')
    ? { en: 'an absolute path', zh: '绝对路径' }
    : { en: 'a part of it is ".."', zh: '含有 ..' };

const UNIX = 3;
const TYPE_BITS = 0o170000;
const LINK = 0o120000;
const isLink = ({ versionMadeBy, externalFileAttributes }: Entry): boolean =>
  versionMadeBy >> 8 === UNIX && ((externalFileAttributes >>> 16) & TYPE_BITS) === LINK;

/** Names without the mark of UTF-8 are in the encoding of the system that packed them, in China GBK. */
function nameOf({ generalPurposeBitFlag, fileNameRaw, extraFields }: Entry): string {
  const isMarked = (generalPurposeBitFlag & UTF8_FLAG) !== 0;
  const plain = getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false);
  const name = isMarked ? plain : (decodedText(fileNameRaw) ?? plain);
  return name.replaceAll('\\', '/');
}

function broken(cause: Error): never {
  const reason = NO_DIRECTORY.test(cause.message) ? WITHOUT_DIRECTORY : cause.message.replace(/\.$/, '');
  throw new StudioError('archive_broken', { data: { reason }, field: 'file', cause });
}
/** Of the library, for files that are cut off or no archives. */
const NO_DIRECTORY = /end of central directory/i;
const WITHOUT_DIRECTORY = { en: 'the list of its files is missing at the end', zh: '末尾缺少文件列表' };
