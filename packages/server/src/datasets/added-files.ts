/**
 * Files that become pictures and captions of a data set, one after the other: each is answered by name, and a bad one does
 * not keep the others out. Captions are read first, so that a picture comes with its own.
 */
import type { Readable } from 'node:stream';
import {
  type Caller,
  captionFileOf,
  type ImportedFile,
  isCaptionFile,
  MAX_CAPTION_CHARS,
  readCaption,
  StudioError,
} from '@limner/contract';
import type { SetPictures } from './set-pictures.ts';

export interface FoundFile {
  /** With its folders, which `/` separates. */
  name: string;
  /** Why it is not read. */
  refusal?: StudioError;
  open(): Promise<Readable>;
}

/** Longer files are no caption in any encoding. */
const MOST_CAPTION_BYTES = 64 * 1024;
/** What systems add to folders and archives. */
const OF_SYSTEMS = /(^|\/)(__MACOSX\/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\.[^/]*$)/i;
const ARCHIVE = /\.(zip|7z|rar|tar|gz|tgz|bz2|xz|zst)$/i;

export interface AddFilesOptions {
  caller: Caller;
  set: number;
  pictures: SetPictures;
  /** Called after each file. @throws to end the work */
  told: (file: ImportedFile) => Promise<void> | void;
  signal?: AbortSignal;
}

export async function addFiles(found: readonly FoundFile[], options: AddFilesOptions): Promise<void> {
  const { set, pictures, told, signal } = options;
  const files = found.toSorted((a, b) => compare(a.name, b.name));
  const texts = await captionsIn(
    files.filter(({ name }) => isCaptionFile(name) && !OF_SYSTEMS.test(name)),
    signal,
  );
  const used = new Set<string>();
  for (const file of files) {
    if (isCaptionFile(file.name) && !OF_SYSTEMS.test(file.name)) continue;
    signal?.throwIfAborted();
    const text = captionFileOf(file.name, texts);
    if (text) used.add(text.name);
    await told(await outcomeOf(file, text?.caption ?? '', options));
  }
  for (const { name, caption, problem } of texts) {
    const picture = problem || used.has(name) ? null : await pictures.captionByName(set, name, caption);
    const outcome = { name, picture, error: null };
    if (problem) await told({ ...outcome, outcome: 'refused', error: problem.body() });
    else if (caption === '' && used.has(name)) await told({ ...outcome, outcome: 'left_out' });
    else if (used.has(name) || picture !== null) await told({ ...outcome, outcome: 'captioned' });
    else await told({ ...outcome, outcome: 'refused', error: new StudioError('caption_alone').body() });
  }
}

const compare = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

interface Text {
  name: string;
  caption: string;
  problem: StudioError | null;
}

async function captionsIn(files: readonly FoundFile[], signal?: AbortSignal): Promise<Text[]> {
  const texts: Text[] = [];
  for (const { name, refusal, open } of files) {
    signal?.throwIfAborted();
    try {
      if (refusal) throw refusal;
      texts.push({ name, caption: readCaption(await shortBytes(await open(), name), name), problem: null });
    } catch (error) {
      texts.push({ name, caption: '', problem: refusalOf(error) });
    }
  }
  return texts;
}

async function shortBytes(body: Readable, name: string): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    // Leaving the loop closes the file.
    if (sizeBytes > MOST_CAPTION_BYTES)
      throw new StudioError('caption_too_long', { data: { name, max: MAX_CAPTION_CHARS } });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function outcomeOf(
  { name, refusal, open }: FoundFile,
  caption: string,
  { caller, set, pictures }: AddFilesOptions,
): Promise<ImportedFile> {
  const outcome = { name, picture: null, error: null };
  if (OF_SYSTEMS.test(name)) return { ...outcome, outcome: 'left_out' };
  try {
    if (refusal) throw refusal;
    if (ARCHIVE.test(name)) throw new StudioError('archive_nested');
    return { name, error: null, ...(await pictures.addFile(caller, set, { name, caption, open })) };
  } catch (error) {
    return { ...outcome, outcome: 'refused', error: refusalOf(error).body() };
  }
}

/** Of this file alone. @throws what is the server's fault, and what ends the whole work */
function refusalOf(error: unknown): StudioError {
  if (error instanceof StudioError && !ENDS_ALL.has(error.code)) return error;
  throw error;
}
const ENDS_ALL: ReadonlySet<string> = new Set([
  'dataset_not_found',
  'disk_full',
  'folder_unwritable',
  'database_unavailable',
  'archive_expands',
  'shutting_down',
]);
