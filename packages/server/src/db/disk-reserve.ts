/**
 * Reserves a few megabytes of disk, so that a user can still delete something when the disk is full: a deletion writes
 * rows before it removes files.
 */
import { open, rm, stat } from 'node:fs/promises';

/** Room for the rows of a few thousand removed tasks in the write-ahead log. */
const RESERVE_BYTES = 4 * 1024 ** 2;

export class DiskReserve {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /** Takes the space if it is not held yet. On a full disk it is taken later. */
  async fill(): Promise<void> {
    if ((await this.#heldBytes()) === RESERVE_BYTES) return;
    try {
      const file = await open(this.#file, 'w');
      try {
        // Zeroes are written: a file that is only extended takes no space.
        await file.writeFile(Buffer.alloc(RESERVE_BYTES));
      } finally {
        await file.close();
      }
    } catch {
      await rm(this.#file, { force: true }).catch(() => undefined);
    }
  }

  /** Frees the reserved space. False: none was reserved. */
  async release(): Promise<boolean> {
    if ((await this.#heldBytes()) === 0) return false;
    await rm(this.#file, { force: true });
    return true;
  }

  async #heldBytes(): Promise<number> {
    return (await stat(this.#file).catch(() => null))?.size ?? 0;
  }
}
