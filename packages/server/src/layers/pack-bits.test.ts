import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packedLength, packRow } from './pack-bits.ts';

/** As Apple describes it. */
function unpacked(packed: Buffer): number[] {
  const row: number[] = [];
  for (let at = 0; at < packed.length; ) {
    const n = packed.readInt8(at++);
    if (n === -128) continue;
    if (n >= 0) row.push(...packed.subarray(at, at + n + 1));
    else row.push(...Array<number>(1 - n).fill(packed[at] as number));
    at += n >= 0 ? n + 1 : 1;
  }
  return row;
}

const runs = fc
  .array(fc.tuple(fc.nat(3), fc.integer({ min: 1, max: 300 })), { maxLength: 12 })
  .map((parts) => parts.flatMap(([byte, length]) => Array<number>(length).fill(byte)));
const noise = fc.uint8Array({ maxLength: 700 }).map((bytes) => [...bytes]);

it('gives every row back, and is as long as it says', () => {
  fc.assert(
    fc.property(fc.oneof(runs, noise), (row) => {
      const packed = packRow(Uint8Array.from(row));
      expect(unpacked(packed)).toEqual(row);
      expect(packed.length).toBe(packedLength(Uint8Array.from(row)));
      expect(packed.length).toBeLessThanOrEqual(row.length + Math.ceil(row.length / 128));
    }),
  );
});

it('makes a plain row short', () => {
  expect(packRow(new Uint8Array(1024)).length).toBe(16);
});
