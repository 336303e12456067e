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

/** Unpacked bytes; null for damaged ones and for too many. */
export async function inflate(
  packed: Uint8Array,
  format: 'deflate' | 'gzip',
  room: TextRoom,
): Promise<Uint8Array | null> {
  const reader = new Blob([packed as BlobPart])
    .stream()
    .pipeThrough(new DecompressionStream(format))
    .getReader();
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      parts.push(next.value);
      sizeBytes += next.value.length;
      if (!room.take(next.value.length) || sizeBytes > MAX_TEXT_BYTES) return null;
    }
  } catch {
    return null;
  } finally {
    void reader.cancel().catch(() => {});
  }
  return joined(parts, sizeBytes);
}

function joined(parts: Uint8Array[], sizeBytes: number): Uint8Array {
  const whole = new Uint8Array(sizeBytes);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
