/**
 * Apple's PackBits: a byte n from 0 to 127 before n + 1 bytes as they are, or one from 129 to 255 before a byte that is
 * repeated 257 − n times. In the worst case a row grows by one byte for each 128.
 */
const MOST = 128;

/** How often the byte at `at` is repeated, 128 times at most. */
function runAt(row: Uint8Array, at: number): number {
  let end = at + 1;
  while (end < row.length && end - at < MOST && row[end] === row[at]) end++;
  return end - at;
}

/** Gives each part of the row: where it begins, its length, and whether it repeats one byte. */
function eachPart(row: Uint8Array, take: (from: number, length: number, repeats: boolean) => void): void {
  for (let at = 0; at < row.length; ) {
    const run = runAt(row, at);
    // Two equal bytes are as short in both ways; a run of three is shorter.
    if (run > 2) {
      take(at, run, true);
      at += run;
      continue;
    }
    let end = at + run;
    while (end < row.length && end - at < MOST && runAt(row, end) < 3) end++;
    take(at, end - at, false);
    at = end;
  }
}

export function packedLength(row: Uint8Array): number {
  let bytes = 0;
  eachPart(row, (_, length, repeats) => {
    bytes += repeats ? 2 : 1 + length;
  });
  return bytes;
}

export function packRow(row: Uint8Array): Buffer {
  const packed = Buffer.alloc(packedLength(row));
  let at = 0;
  eachPart(row, (from, length, repeats) => {
    packed[at++] = repeats ? 257 - length : length - 1;
    packed.set(row.subarray(from, repeats ? from + 1 : from + length), at);
    at += repeats ? 1 : length;
  });
  return packed;
}
