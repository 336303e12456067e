import { MAX_TEXT_BYTES, type TextRoom } from './text-room.ts';

/** Unpacked bytes; null for damaged ones and for too many. */
export async function inflate(
  packed: Uint8Array,
  format: 'deflate' | 'gzip',
  room: TextRoom,
): Promise<Uint8Array | null> {
  const reader = new Blob([packed as Uint8Array<ArrayBuffer>])
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
