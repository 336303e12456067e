import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { videoFacts } from './video-facts.ts';

const film = (name: string) => readFileSync(new URL(`../../test/fake-comfy/films/${name}`, import.meta.url));
const mp4 = film('square.mp4');
const webm = film('square-alpha.webm');

/** Counts what was read. */
function stored(bytes: Buffer) {
  const blobs = {
    readBytes: 0,
    stat: async () => ({ sizeBytes: bytes.length, modifiedMs: 0 }),
    async stream(_key: string, range = { start: 0, end: bytes.length - 1 }) {
      blobs.readBytes += range.end - range.start + 1;
      return Readable.from([bytes.subarray(range.start, range.end + 1)]);
    },
  };
  return blobs;
}
const factsOf = (bytes: Buffer, mediaType: string) => videoFacts(stored(bytes), 'outputs/1_0', mediaType);

/** A box of MP4 with zeros. */
function box(type: string, sizeBytes: number): Buffer {
  const bytes = Buffer.alloc(sizeBytes);
  bytes.writeUInt32BE(sizeBytes);
  bytes.write(type, 4, 'latin1');
  return bytes;
}

describe('the facts of a video', () => {
  it.each([
    ['MP4', mp4, 'video/mp4'],
    ['WebM', webm, 'video/webm'],
  ])('are read from the header of %s', async (_, bytes, mediaType) => {
    expect(await factsOf(bytes, mediaType)).toEqual({ width: 96, height: 64, durationMs: 2125 });
  });

  it('are found behind the frames, which are skipped', async () => {
    const moov = mp4.indexOf('moov') - 4;
    const bytes = Buffer.concat([mp4.subarray(0, 32), box('mdat', 2 ** 20), mp4.subarray(moov)]);
    const blobs = stored(bytes);
    expect(await videoFacts(blobs, 'a', 'video/mp4')).toMatchObject({ width: 96, durationMs: 2125 });
    expect(blobs.readBytes).toBeLessThan(10_000);
  });

  it('are unknown for formats that are not read', async () => {
    expect(await factsOf(mp4, 'video/x-msvideo')).toBe('unknown');
  });

  it.each([
    ['nothing', Buffer.alloc(0), 'video/mp4'],
    ['text', Buffer.from('not a film at all, only words'), 'video/mp4'],
    ['text', Buffer.from('not a film at all, only words'), 'video/webm'],
    ['a header that is cut off', mp4.subarray(0, mp4.indexOf('moov') + 200), 'video/mp4'],
    ['frames without a header', box('mdat', 100), 'video/mp4'],
    [
      'a box of a false size',
      Buffer.concat([box('free', 16), Buffer.from('0000000166726565', 'hex')]),
      'video/mp4',
    ],
    ['a WebM without tracks', webm.subarray(0, 60), 'video/webm'],
  ])('are missing in %s', async (_, bytes, mediaType) => {
    expect(await factsOf(bytes, mediaType)).toBe('damaged');
  });

  it('are read or refused, whatever byte is changed', async () => {
    for (const [bytes, mediaType] of [
      [mp4, 'video/mp4'],
      [webm, 'video/webm'],
    ] as const)
      for (let at = 0; at < Math.min(bytes.length, 1_500); at += 1) {
        const changed = Buffer.from(bytes);
        changed[at] = changed[at] === 255 ? 0 : 255;
        const facts = await factsOf(changed, mediaType);
        expect(facts === 'damaged' || typeof facts === 'object').toBe(true);
      }
  });
});
