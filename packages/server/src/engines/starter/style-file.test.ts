import { describe, expect, it } from 'vitest';
import { readCheckpoint, readStyleFile, writeCheckpoint, writeStyleFile } from './style-file.ts';

const adapter = Float32Array.of(1, 2, 3);
const state = {
  adapter,
  m1: Float32Array.of(4, 5, 6),
  m2: Float32Array.of(7, 8, 9),
  step: 25,
  random: 4_000_000_000,
};

describe('a file of the starter’s trainer', () => {
  it('is read back with the weights it belongs to', () => {
    const facts = { base: 'abc', steps: 300, triggerWords: '墨', pictures: 20 };
    expect(readStyleFile(writeStyleFile(adapter, facts))).toEqual({ adapter, base: 'abc' });
  });

  it('keeps all that a run goes on from', () => {
    expect(readCheckpoint(writeCheckpoint(state, 'abc'), 'abc')).toEqual(state);
  });

  it('means nothing on other weights, damaged, or taken for the other', () => {
    const checkpoint = writeCheckpoint(state, 'abc');
    expect(readCheckpoint(checkpoint, 'xyz')).toBeNull();
    expect(readCheckpoint(checkpoint.subarray(0, 50), 'abc')).toBeNull();
    expect(readStyleFile(checkpoint)).toBeNull();
    expect(readStyleFile(Buffer.from('no such file'))).toBeNull();
  });
});
