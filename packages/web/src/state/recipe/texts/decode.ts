/** Bytes of unknown encoding. */

export const latin = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes);
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
