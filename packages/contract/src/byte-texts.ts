/** Bytes of unknown encoding. */

/** Of one call, whose number of arguments is limited. */
const PART_BYTES = 8192;

/** ISO 8859-1. A browser's decoder of that name reads Windows-1252, where the first byte of a PNG is another character. */
export function latin(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += PART_BYTES)
    text += String.fromCharCode(...bytes.subarray(at, at + PART_BYTES));
  return text;
}
export const utf8 = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Several programs write UTF-8 where the format says Latin-1; Latin-1 text is hardly ever valid UTF-8 by chance. */
export function utf8OrLatin(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return latin(bytes);
  }
}

export const startsWith = (bytes: Uint8Array, text: string, at = 0): boolean =>
  latin(bytes.subarray(at, at + text.length)) === text;
