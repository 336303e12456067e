/** Reads the texts of a PNG in the browser, without an upload. */

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];

/** By keyword. */
export function textsOf(png: DataView): Map<string, string> {
  const texts = new Map<string, string>();
  if (png.byteLength < 20 || SIGNATURE.some((byte, at) => png.getUint8(at) !== byte)) return texts;
  for (let at = 8; at + 12 <= png.byteLength; ) {
    const length = png.getUint32(at);
    const type = latin(new Uint8Array(png.buffer, at + 4, 4));
    // Some programs put text after the pixels, so all chunks are read.
    if (type === 'IEND' || at + 12 + length > png.byteLength) break;
    const data = new Uint8Array(png.buffer, at + 8, length);
    const [keyword, text] = type === 'tEXt' ? plainText(data) : type === 'iTXt' ? unicodeText(data) : [];
    if (keyword !== undefined && text !== undefined) texts.set(keyword, text);
    at += 12 + length;
  }
  return texts;
}

function plainText(data: Uint8Array): [string, string] {
  const end = data.indexOf(0);
  return [latin(data.subarray(0, end)), utf8OrLatin(data.subarray(end + 1))];
}

/** Keyword, null, two compression bytes, language, null, translated keyword, null, text. Compressed text is ignored. */
function unicodeText(data: Uint8Array): [string, string] | [] {
  const end = data.indexOf(0);
  if (data[end + 1] !== 0) return [];
  const language = data.indexOf(0, end + 3);
  const start = data.indexOf(0, language + 1) + 1;
  return [latin(data.subarray(0, end)), new TextDecoder().decode(data.subarray(start))];
}

const latin = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes);

/** Latin-1 by the standard; several programs write UTF-8 instead; Latin-1 text is hardly ever valid UTF-8 by chance. */
function utf8OrLatin(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return latin(bytes);
  }
}
