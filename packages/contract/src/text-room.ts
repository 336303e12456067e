/** No text of a picture is longer, packed or not; longer ones are left out. */
export const MAX_TEXT_BYTES = 16 * 1024 ** 2;
/** All texts of a picture together, also those that are left out: a small file can name many, and unpack to more. */
const MAX_TEXTS_BYTES = 4 * MAX_TEXT_BYTES;

/** What the texts of one picture may still take. */
export class TextRoom {
  #bytes = MAX_TEXTS_BYTES;

  /** False: it is used up, and nothing more of the picture is read. */
  take(bytes: number): boolean {
    this.#bytes -= bytes;
    return this.#bytes >= 0;
  }
}
