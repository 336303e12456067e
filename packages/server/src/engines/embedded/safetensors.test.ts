import { describe, expect, it } from 'vitest';
import { readSafetensors, writeSafetensors } from './safetensors.ts';

const file = {
  metadata: { trainer: 'starter-lora', 'trigger words': '金色的龙' },
  tensors: {
    a: { shape: [2, 3], data: Float32Array.of(1, -2, 3.5, 0, 1e-30, Number.MAX_VALUE) },
    empty: { shape: [0], data: new Float32Array() },
    scalar: { shape: [], data: Float32Array.of(7) },
  },
};

describe('a safetensors file', () => {
  it('is read as it was written, wherever it lies in memory', () => {
    const bytes = writeSafetensors(file);
    const shifted = Buffer.concat([Buffer.from('x'), bytes]).subarray(1);
    expect(readSafetensors(bytes)).toEqual(file);
    expect(readSafetensors(shifted)).toEqual(file);
  });

  it('has its numbers at a multiple of eight, little endian, after a header others can read', () => {
    const bytes = writeSafetensors(file);
    const headerBytes = Number(bytes.readBigUInt64LE());
    expect(headerBytes % 8).toBe(0);
    expect(JSON.parse(bytes.subarray(8, 8 + headerBytes).toString())).toMatchObject({
      __metadata__: { trainer: 'starter-lora' },
      a: { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] },
    });
    expect(bytes.readFloatLE(8 + headerBytes)).toBe(1);
  });

  it.each([
    ['empty', Buffer.alloc(3)],
    ['cut in its header', writeSafetensors(file).subarray(0, 40)],
    ['cut in its numbers', writeSafetensors(file).subarray(0, -1)],
    ['no header at all', Buffer.alloc(64, 0xff)],
  ])('that is %s is refused', (_, bytes) => expect(() => readSafetensors(bytes)).toThrow());
});
