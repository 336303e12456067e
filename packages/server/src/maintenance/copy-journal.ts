/**
 * Which files a copy has written and compared, so that it goes on after a kill without reading them again. The journal only
 * saves time: what it has not is compared, and what it has is only believed while size and time are the same.
 */
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { BlobStat } from '../storage/blobs.ts';

export class CopyJournal {
  readonly #file: string;
  readonly #lines: Set<string>;

  private constructor(file: string, lines: string[]) {
    this.#file = file;
    this.#lines = new Set(lines);
  }

  /** `what`: names the copy; a journal of another one is not used. */
  static open(file: string, what: string): CopyJournal {
    const lines = read(file);
    if (lines[0] === what) return new CopyJournal(file, lines);
    writeFileSync(file, `${what}\n`);
    return new CopyJournal(file, []);
  }

  has(blob: BlobStat & { key: string }): boolean {
    return this.#lines.has(lineOf(blob));
  }

  add(blob: BlobStat & { key: string }): void {
    appendFileSync(this.#file, `${lineOf(blob)}\n`);
  }

  remove(): void {
    rmSync(this.#file, { force: true });
  }
}

function read(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    return [];
  }
}

const lineOf = ({ key, sizeBytes, modifiedMs }: BlobStat & { key: string }): string =>
  `${key} ${sizeBytes} ${Math.round(modifiedMs)}`;
