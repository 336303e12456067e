/**
 * The row to which a file without a row belongs: the row exists, and the file is missing at its place. So it is when files
 * were set aside under an older database and the newer one is back.
 */
import type { FindingKind } from '@limner/contract';
import { SYSTEM } from '../access.ts';
import type { Reader } from '../db/database.ts';
import type { OutputRow } from '../db/schema.ts';
import { outputKey, parseOutputKey } from '../outputs/output-name.ts';
import { outputFileOf } from '../outputs/outputs-store.ts';
import type { StarNotes } from '../outputs/star-notes.ts';
import type { Blobs } from '../storage/blobs.ts';
import { styleOfFile } from '../styles/styles-store.ts';
import { loraKey } from '../training/lora-keys.ts';
import { findUpload } from '../uploads/uploads-store.ts';
import type { AsideLora, AsideOutput, AsideUpload } from './aside-file.ts';
import { type FoundOutput, readOutput } from './found-output.ts';
import { outputRow } from './restored-task.ts';
import { type BareFrame, frameWithoutOutput } from './store/owner-rows.ts';

export interface Owner {
  kind: FindingKind;
  /** Blob key at which the file is missing. */
  target: string;
  /** The row to insert; null: it exists. */
  row: OutputRow | null;
}

/** Extensions of pictures that engines return. */
const EXTENSIONS = ['png', 'jpg', 'webp', 'gif', 'avif'];
/** Clocks of a process and of a file system may differ by this. */
const CLOCKS_MS = 60_000;

export interface FileOwnersOptions {
  db: { read: Reader };
  blobs: Blobs;
  starNotes: Pick<StarNotes, 'has'>;
}

export class FileOwners {
  readonly #options: FileOwnersOptions;

  constructor(options: FileOwnersOptions) {
    this.#options = options;
  }

  /** null: it belongs to no row. */
  async find(file: AsideOutput | AsideUpload | AsideLora): Promise<Owner | null> {
    const { read } = this.#options.db;
    if (file.kind === 'output') return this.#ofOutput(file);
    if (file.kind === 'upload') {
      const upload = await findUpload(SYSTEM, read, file.id);
      if (upload?.size_bytes !== file.sizeBytes) return null;
      return this.#ifAbsent({ kind: 'upload_file_missing', target: upload.file, row: null });
    }
    const target = loraKey(file.task);
    if (!(await styleOfFile(SYSTEM, read, target))) return null;
    return this.#ifAbsent({ kind: 'lora_missing', target, row: null });
  }

  async #ifAbsent(owner: Owner): Promise<Owner | null> {
    return (await this.#options.blobs.stat(owner.target)) ? null : owner;
  }

  async #ofOutput(file: AsideOutput): Promise<Owner | null> {
    const row = await outputFileOf(SYSTEM, this.#options.db.read, file.name);
    if (!row) return file.name.place === 0 ? this.#byFrame(file) : null;
    if (row.size_bytes !== file.sizeBytes) return null;
    return this.#ifAbsent({ kind: 'output_file_missing', target: row.file, row: null });
  }

  /** A finished frame without an output: its prompt and seed are in the file, or the file was written while it ran. */
  async #byFrame(file: AsideOutput): Promise<Owner | null> {
    const { db, blobs } = this.#options;
    const frame = await frameWithoutOutput(db.read, file.name);
    if (frame?.status !== 'completed') return null;
    const output = await readOutput(blobs, file);
    if (typeof output === 'string') return null;
    if (!isOf(frame, output)) return null;
    const target = outputKey(file.name, frame.kind, file.extension);
    const owner: Owner = {
      kind: 'completed_without_output',
      target,
      row: await this.#row(output, file, frame.kind),
    };
    return target === file.key ? owner : this.#ifAbsent(owner);
  }

  /** It lies where it belongs, and only its row is missing. */
  async isInPlace(key: string): Promise<boolean> {
    const name = parseOutputKey(key);
    return name?.place === 0 && (await this.inPlace(name.task, name.frame))?.file === key;
  }

  /** What the file of an output says of itself; null: it is damaged or not there. */
  async described({ file: key }: Pick<OutputRow, 'file'>): Promise<FoundOutput | null> {
    const { blobs } = this.#options;
    const [stat, parsed] = [await blobs.stat(key), parseOutputKey(key)];
    if (!stat || !parsed) return null;
    const { extension, ...name } = parsed;
    const output = await readOutput(blobs, {
      ...stat,
      key,
      kind: 'output',
      name,
      extension,
      isCutOut: false,
    });
    return typeof output === 'string' ? null : output;
  }

  /** The file of a frame without an output, at its place. */
  async inPlace(task: number, frame: number): Promise<OutputRow | null> {
    const { db, blobs } = this.#options;
    const name = { task, frame, place: 0 };
    const found = await frameWithoutOutput(db.read, name);
    if (!found) return null;
    for (const extension of EXTENSIONS) {
      const key = outputKey(name, found.kind, extension);
      const stat = await blobs.stat(key);
      if (!stat) continue;
      const isCutOut = found.kind === 'remove_bg';
      const file: AsideOutput = { ...stat, key, kind: 'output', name, extension, isCutOut };
      const output = await readOutput(blobs, file);
      if (typeof output !== 'string' && isOf(found, output)) return this.#row(output, file, found.kind);
    }
    return null;
  }

  async #row(
    output: FoundOutput,
    { name, sizeBytes }: AsideOutput,
    kind: Parameters<typeof outputRow>[1],
  ): Promise<OutputRow> {
    const isStarred = await this.#options.starNotes.has(name, sizeBytes);
    return { ...outputRow(name.task, kind, output, isStarred), task_id: name.task };
  }
}

/** A JPEG or a video contains no recipe. */
function isOf({ prompt, seed, started_at, completed_at }: BareFrame, { recipe, file }: FoundOutput): boolean {
  if (recipe) return recipe.prompt === prompt && String(recipe.seed) === seed;
  if (started_at === null || completed_at === null) return false;
  return file.modifiedMs >= started_at - CLOCKS_MS && file.modifiedMs <= completed_at + CLOCKS_MS;
}
