import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type FakeS3, startFakeS3 } from '../../../test/fake-s3.ts';
import { blobsContract } from '../blobs.contract.ts';
import { S3Blobs } from './s3-blobs.ts';
import { S3Bucket } from './s3-bucket.ts';
import type { S3Place } from './s3-place.ts';

let s3: FakeS3;
beforeAll(async () => {
  s3 = await startFakeS3();
});
afterAll(() => s3.stop());
afterEach(() => {
  s3.fault = () => null;
  s3.begunAt = null;
});

const MB = 1024 ** 2;

async function opened(place: S3Place = s3.place(), tries = 1) {
  const bucket = await S3Bucket.open(place, tries);
  return { bucket, blobs: new S3Blobs(bucket) };
}

async function keysOf(blobs: S3Blobs, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of blobs.list(prefix)) keys.push(key);
  return keys;
}

/** Yields `count` megabytes, then does `last`. */
const megabytes = (count: number, last: () => void = () => undefined) =>
  Readable.from(
    (async function* () {
      for (let n = 0; n < count; n += 1) yield Buffer.alloc(MB, n);
      last();
    })(),
  );

const broken = () => {
  throw new Error('gone');
};

async function uploadsOf(bucket: S3Bucket): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of bucket.uploads()) found.push(key);
  return found;
}

blobsContract('S3Blobs', async () => {
  const { blobs } = await opened();
  return { blobs, remove: async () => blobs.close() };
});

describe('S3Blobs', () => {
  it('writes long bodies in parts, with the hash of the whole', async () => {
    const { blobs } = await opened();
    const written = await blobs.put('loras/long.safetensors', megabytes(20));
    const bytes = Buffer.concat(Array.from({ length: 20 }, (_, n) => Buffer.alloc(MB, n)));
    expect(written).toEqual({
      sizeBytes: 20 * MB,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
    expect((await blobs.read('loras/long.safetensors')).equals(bytes)).toBe(true);
    blobs.close();
  });

  it('leaves nothing of a long body that breaks or is too long, not even parts', async () => {
    const { bucket, blobs } = await opened();
    await expect(blobs.put('loras/a.bin', megabytes(20, broken))).rejects.toThrow('gone');
    await expect(blobs.put('loras/a.bin', megabytes(30), { limitBytes: 20 * MB })).rejects.toMatchObject({
      code: 'file_too_large',
    });
    expect(s3.requests.filter(({ method, path }) => method === 'POST' && /uploads/.test(path))).not.toEqual(
      [],
    );
    expect(await uploadsOf(bucket)).toEqual([]);
    expect(await keysOf(blobs, 'loras/')).toEqual([]);
    blobs.close();
  });

  it('keeps what was there while a new body is sent, and after that body breaks', async () => {
    const { blobs } = await opened();
    await blobs.put('loras/a.bin', Buffer.from('old'));
    await expect(blobs.put('loras/a.bin', megabytes(20, broken))).rejects.toThrow('gone');
    expect(String(await blobs.read('loras/a.bin'))).toBe('old');
    blobs.close();
  });

  it('removes unfinished uploads of dead processes below its prefix, and no others', async () => {
    const [mine, neighbour] = [await opened(), await opened()];
    const upload = await mine.bucket.beginUpload('loras/dead.bin');
    await mine.bucket.uploadPart('loras/dead.bin', upload, 1, Buffer.from('x'));
    await neighbour.bucket.beginUpload('loras/other.bin');
    await mine.blobs.removeTemporary(Date.now() - 60_000);
    expect(await uploadsOf(mine.bucket)).toEqual(['loras/dead.bin']);
    s3.begunAt = new Date(Date.now() - 120_000);
    await mine.blobs.removeTemporary(Date.now() - 60_000);
    expect(await uploadsOf(mine.bucket)).toEqual([]);
    expect(await uploadsOf(neighbour.bucket)).toEqual(['loras/other.bin']);
    const whole = await opened(s3.place(''));
    await whole.bucket.beginUpload('backups/of-somebody/else.bin');
    await whole.blobs.removeTemporary(Date.now());
    expect(await uploadsOf(whole.bucket)).toContain('backups/of-somebody/else.bin');
    for (const { blobs } of [mine, neighbour, whole]) blobs.close();
  });

  it('does without the list of unfinished uploads where the keys may not read it', async () => {
    const { blobs } = await opened();
    s3.fault = () => ({ status: 403, code: 'AccessDenied' });
    await blobs.removeTemporary(Date.now());
    s3.fault = () => 'cut';
    await expect(blobs.removeTemporary(Date.now())).rejects.toMatchObject({ code: 'storage_unavailable' });
    blobs.close();
  });

  it('keeps one whole blob of two that are written under one key at once', async () => {
    const { blobs } = await opened();
    const bodies = [Buffer.alloc(100_000, 1), Buffer.alloc(200_000, 2)];
    await Promise.all(bodies.map((body) => blobs.put('outputs/1_0.png', body)));
    const kept = await blobs.read('outputs/1_0.png');
    expect(bodies.some((body) => body.equals(kept))).toBe(true);
    blobs.close();
  });

  it('keeps empty blobs', async () => {
    const { blobs } = await opened();
    await blobs.put('stars/1.txt', Buffer.alloc(0));
    await blobs.put('stars/2.txt', Readable.from([]));
    for (const key of ['stars/1.txt', 'stars/2.txt']) {
      expect((await blobs.stat(key))?.sizeBytes).toBe(0);
      expect((await blobs.read(key)).length).toBe(0);
    }
    blobs.close();
  });

  it('lists more keys than S3 gives in one answer', async () => {
    const { blobs } = await opened();
    const keys = Array.from({ length: 1005 }, (_, n) => `outputs/${1000 + n}_0.png`);
    for (let from = 0; from < keys.length; from += 50)
      await Promise.all(keys.slice(from, from + 50).map((key) => blobs.put(key, Buffer.from('a'))));
    expect((await keysOf(blobs, 'outputs/')).sort()).toEqual(keys.sort());
    blobs.close();
  });

  it('does not delete what was written while its forerunner was moved away', async () => {
    const { blobs } = await opened();
    await blobs.put('outputs/1_0.png', Buffer.from('old'));
    let writing: Promise<unknown> | null = null;
    s3.fault = ({ method, path }) => {
      // After the copy, whose target is looked at.
      if (method === 'HEAD' && path.includes('set-aside') && s3.requests.some(isCopied) && !writing)
        writing = blobs.put('outputs/1_0.png', Buffer.from('new, and longer'));
      return null;
    };
    s3.requests.length = 0;
    const isCopied = ({ method, path }: { method: string; path: string }) =>
      method === 'PUT' && path.includes('set-aside');
    const aside = await blobs.setAside('outputs/1_0.png', '2026-01-02');
    await writing;
    expect(String(await blobs.read(aside ?? ''))).toBe('old');
    expect(String(await blobs.read('outputs/1_0.png'))).toBe('new, and longer');
    blobs.close();
  });

  it('says what the bucket refuses and that it cannot be reached', async () => {
    const { blobs } = await opened();
    s3.fault = () => ({ status: 403, code: 'AccessDenied' });
    await expect(blobs.put('outputs/1_0.png', Buffer.from('a'))).rejects.toMatchObject({
      code: 'storage_refused',
    });
    await expect(blobs.stat('outputs/1_0.png')).rejects.toMatchObject({ code: 'storage_refused' });
    s3.fault = () => 'cut';
    await expect(blobs.read('outputs/1_0.png')).rejects.toMatchObject({ code: 'storage_unavailable' });
    s3.fault = () => ({ status: 503, code: 'SlowDown' });
    await expect(blobs.read('outputs/1_0.png')).rejects.toMatchObject({ code: 'storage_unavailable' });
    blobs.close();
  });

  it('repeats a request that fails once', async () => {
    const { blobs } = await opened(s3.place(), 3);
    let failures = 0;
    s3.fault = () => (failures++ === 0 ? { status: 503, code: 'SlowDown' } : null);
    await blobs.put('outputs/1_0.png', Buffer.from('a'));
    expect(String(await blobs.read('outputs/1_0.png'))).toBe('a');
    blobs.close();
  });
});
