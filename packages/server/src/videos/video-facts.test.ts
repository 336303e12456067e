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

function changed(bytes: Buffer, at: number, to: number[]): Buffer {
  const copy = Buffer.from(bytes);
  copy.set(to, at);
  return copy;
}

/** Behind its id and size. */
const durationAt = webm.indexOf(Buffer.from('448988', 'hex')) + 3;

/** Its last eight bytes are the size. */
function withoutSize(): Buffer {
  const copy = Buffer.from(mp4);
  const header = copy.indexOf('tkhd') - 4;
  copy.fill(0, header + copy.readUInt32BE(header) - 8, header + copy.readUInt32BE(header));
  return copy;
}

/** A track of 2 ** 32 by 64. */
const WIDE = Buffer.from('1a45dfa38018538067931654ae6b8eae8ce08ab0850100000000ba8140', 'hex');

describe('the facts of a video', () => {
  it.each([
    ['MP4', mp4, 'video/mp4'],
    ['WebM', webm, 'video/webm'],
  ])('are read from the header of %s', async (_, bytes, mediaType) => {
    expect(await factsOf(bytes, mediaType)).toEqual({ width: 96, height: 64, durationMs: 2125, fps: 8 });
  });

  it('are found behind the frames, which are skipped', async () => {
    const moov = mp4.indexOf('moov') - 4;
    const bytes = Buffer.concat([mp4.subarray(0, 32), box('mdat', 2 ** 20), mp4.subarray(moov)]);
    const blobs = stored(bytes);
    expect(await videoFacts(blobs, 'a', 'video/mp4')).toMatchObject({ width: 96, durationMs: 2125, fps: 8 });
    expect(blobs.readBytes).toBeLessThan(10_000);
  });

  it('are unknown for formats that are not read', async () => {
    expect(await factsOf(mp4, 'video/x-msvideo')).toBe('unknown');
  });

  it.each([
    ['MP4', mp4, 'video/webm'],
    ['WebM', webm, 'video/mp4'],
  ])('are read from %s that is named after another format', async (_, bytes, mediaType) => {
    expect(await factsOf(bytes, mediaType)).toEqual({ width: 96, height: 64, durationMs: 2125, fps: 8 });
  });

  it.each([
    ['a header that is cut off', mp4.subarray(0, mp4.indexOf('moov') + 200), 'video/mp4'],
    ['sound alone', changed(mp4, mp4.lastIndexOf('vide'), [...Buffer.from('soun')]), 'video/mp4'],
    ['a track without a size', withoutSize(), 'video/mp4'],
    ['frames without a header', box('mdat', 100), 'video/quicktime'],
    [
      'a box of a false size',
      Buffer.concat([box('free', 16), Buffer.from('0000000166726565', 'hex')]),
      'video/mp4',
    ],
    ['a WebM without tracks', webm.subarray(0, 60), 'video/webm'],
    ['a WebM wider than can be', WIDE, 'video/webm'],
  ])('are unknown of %s', async (_, bytes, mediaType) => {
    expect(await factsOf(bytes, mediaType)).toBe('unknown');
  });

  it('are searched in no more than a thousand boxes', async () => {
    const blobs = stored(Buffer.concat([...Array(3_000).fill(box('free', 16)), mp4]));
    expect(await videoFacts(blobs, 'a', 'video/mp4')).toBe('unknown');
    expect(blobs.readBytes).toBeLessThanOrEqual(1_000 * 16 + 8);
  });

  it.each([
    ['MP4', changed(mp4, mp4.indexOf('mvhd') + 16, [0, 0, 0, 1, 255, 255, 255, 255]), 'video/mp4'],
    ['WebM', changed(webm, durationAt, [0x7f, 0xf0, 0, 0, 0, 0, 0, 0]), 'video/webm'],
    ['WebM', changed(webm, durationAt, [0x7f, 0xf8, 0, 0, 0, 0, 0, 0]), 'video/webm'],
    ['WebM', changed(webm, durationAt, [0x42, 0x80, 0, 0, 0, 0, 0, 0]), 'video/webm'],
  ])('have no duration where the header of %s says what no column holds', async (_, bytes, mediaType) => {
    expect(await factsOf(bytes, mediaType)).toEqual({ width: 96, height: 64, durationMs: null, fps: 8 });
  });

  it('have the average rate of MP4 whose frames are not equally long', async () => {
    // `stts` of one run: its number of runs, then frames and their length.
    const runs = mp4.indexOf('stts') + 8;
    const [frames, length] = [mp4.readUInt32BE(runs + 4), mp4.readUInt32BE(runs + 8)];
    const twice = Buffer.from(mp4);
    twice.writeUInt32BE(length * 2, runs + 8);
    expect(frames).toBe(17);
    expect(await factsOf(twice, 'video/mp4')).toMatchObject({ fps: 4 });
  });

  it.each([
    ['MP4', changed(mp4, mp4.indexOf('stts') + 16, [0, 0, 0, 0]), 'video/mp4'],
    ['WebM', changed(webm, webm.indexOf(Buffer.from('23e383', 'hex')), [0x23, 0xe3, 0x84]), 'video/webm'],
  ])('have no rate where the header of %s says none', async (_, bytes, mediaType) => {
    expect(await factsOf(bytes, mediaType)).toEqual({ width: 96, height: 64, durationMs: 2125, fps: null });
  });

  it.each([
    ['nothing', Buffer.alloc(0), 'video/mp4'],
    ['text', Buffer.from('not a film at all, only words'), 'video/mp4'],
    ['text', Buffer.from('not a film at all, only words'), 'video/webm'],
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'video/mp4'],
  ])('are missing in %s', async (_, bytes, mediaType) => {
    expect(await factsOf(bytes, mediaType)).toBe('damaged');
  });

  it('are read or refused, whatever byte is changed', async () => {
    for (const [bytes, mediaType] of [
      [mp4, 'video/mp4'],
      [webm, 'video/webm'],
    ] as const)
      for (let at = 0; at < Math.min(bytes.length, 1_500); at += 1) {
        const facts = await factsOf(changed(bytes, at, [bytes[at] === 255 ? 0 : 255]), mediaType);
        expect(facts === 'damaged' || facts === 'unknown' || typeof facts === 'object').toBe(true);
      }
  });
});
