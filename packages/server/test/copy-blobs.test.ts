/** `limner blobs copy`: files between a data folder and a bucket, whatever happens meanwhile. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { type CopiedBlobs, copyBlobs } from '../src/maintenance/copy-blobs.ts';
import { S3Blobs } from '../src/storage/s3/s3-blobs.ts';
import { S3Bucket } from '../src/storage/s3/s3-bucket.ts';
import { type S3Place, s3Url } from '../src/storage/s3/s3-place.ts';
import { type FakeS3, startFakeS3 } from './fake-s3.ts';
import { serverDir } from './places.ts';
import { testLayout } from './test-layout.ts';

let s3: FakeS3;
let dataDir: string;
let place: S3Place;
let blobs: S3Blobs;
beforeAll(async () => {
  s3 = await startFakeS3();
});
afterAll(() => s3.stop());
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(os.tmpdir(), 'limner-copy-'));
  await writeFile(path.join(dataDir, 'installation.id'), 'this-one\n');
  place = s3.place();
  blobs = new S3Blobs(await S3Bucket.open(place));
});
afterEach(async () => {
  s3.fault = () => null;
  blobs.close();
  await rm(dataDir, { recursive: true });
});

const environ = (folder = dataDir) => {
  const { BLOBS_URL: _, ...keys } = s3.environ(place);
  return { ...keys, LIMNER_DATA_DIR: folder };
};
const copy = (from: string, to: string, { folder = dataDir, dryRun = false } = {}): Promise<CopiedBlobs> =>
  copyBlobs(readConfig(testLayout, environ(folder)), { from, to, dryRun }, () => undefined);
const there = () => s3Url(place);

/** Files with contents that differ. */
async function written(keys: string[]): Promise<void> {
  for (const key of keys) {
    await mkdir(path.dirname(path.join(dataDir, key)), { recursive: true });
    await writeFile(path.join(dataDir, key), `bytes of ${key}`);
  }
}

const KEYS = [
  ...Array.from({ length: 12 }, (_, n) => `outputs/${n}_0.png`),
  'uploads/a.png',
  'loras/trained-1.safetensors',
  'stars/1.json',
  'set-aside/2026-01-02/outputs/9_0.png',
];

async function expectWhole(): Promise<void> {
  for (const key of KEYS) expect(String(await blobs.read(key)), key).toBe(`bytes of ${key}`);
}

const writes = () =>
  s3.requests.filter(({ method, path }) => method === 'PUT' && /\.(png|safe|json)/.test(path));

describe('a copy of the files', () => {
  it('takes all of them to a bucket and back, and names what it leaves', async () => {
    await written([...KEYS, 'thumbs/outputs-1_0.png-320.webp', 'outputs/我的图.png']);
    expect(await copy('disk', there(), { dryRun: true })).toMatchObject({ copied: KEYS.length, already: 0 });
    expect(await blobs.stat('uploads/a.png')).toBeNull();
    expect(await copy('disk', there())).toMatchObject({
      copied: KEYS.length,
      foreign: { count: 1, names: ['outputs/我的图.png'] },
      set_aside: [],
    });
    await expectWhole();
    expect(await copy('disk', there())).toMatchObject({ copied: 0, already: KEYS.length });

    const empty = path.join(dataDir, 'other');
    await mkdir(empty);
    await writeFile(path.join(empty, 'installation.id'), 'this-one\n');
    expect(await copy(there(), 'disk', { folder: empty })).toMatchObject({ copied: KEYS.length });
    for (const key of KEYS)
      expect(await readFile(path.join(empty, key), 'utf8'), key).toBe(`bytes of ${key}`);
    await expectWhole();
  });

  it('goes on where it stopped, and sends no file twice', async () => {
    await written(KEYS);
    let left = 5;
    s3.fault = ({ method, path }) =>
      method === 'PUT' && path.includes('.png') && left-- <= 0 ? { status: 403, code: 'AccessDenied' } : null;
    await expect(copy('disk', there())).rejects.toThrow(
      /The copy has stopped: .*refuses.*Repeat the command/,
    );
    s3.fault = () => null;
    s3.requests.length = 0;
    const { copied, already } = await copy('disk', there());
    expect(copied + already).toBe(KEYS.length);
    expect(already).toBeGreaterThanOrEqual(5);
    expect(writes()).toHaveLength(copied);
    await expectWhole();
  });

  it('goes on after it was killed', async () => {
    await written(KEYS);
    const child = spawn(
      process.execPath,
      [path.join(serverDir, 'dist', 'main.js'), 'copy-blobs', 'disk', there()],
      { env: { ...process.env, ...environ() }, stdio: 'ignore' },
    );
    const exited = once(child, 'exit');
    let seen = 0;
    s3.fault = ({ method, path }) => {
      if (method === 'PUT' && path.includes('/outputs/') && ++seen === 4) child.kill('SIGKILL');
      return null;
    };
    await exited;
    expect(child.signalCode).toBe('SIGKILL');
    s3.fault = () => null;
    const { copied, already } = await copy('disk', there());
    expect([copied > 0, already > 0, copied + already]).toEqual([true, true, KEYS.length]);
    await expectWhole();
  });

  it('keeps what the target has under the same name with other bytes', async () => {
    await written(KEYS);
    await blobs.put('outputs/1_0.png', Buffer.from('of somebody'));
    await blobs.put('outputs/2_0.png', Buffer.from('bytes of outputs/2_X.png'));
    const { set_aside } = await copy('disk', there());
    expect(set_aside).toHaveLength(2);
    expect((await Promise.all(set_aside.map(async (key) => String(await blobs.read(key))))).sort()).toEqual([
      'bytes of outputs/2_X.png',
      'of somebody',
    ]);
    await expectWhole();
  });

  it('refuses the bucket of another Limner, one place twice, and what is no place', async () => {
    await written(KEYS);
    await copy('disk', there());
    await writeFile(path.join(dataDir, 'installation.id'), 'another\n');
    await expect(copy('disk', there())).rejects.toThrow(/files of another Limner. Name another bucket/);
    await expect(copy('disk', 's3://no-such-bucket/art')).rejects.toThrow(
      /correct s3:\/\/no-such-bucket\/art, /,
    );
    await expect(copy('disk', 'disk')).rejects.toThrow(/Both places/);
    await expect(copy('disk', '/mnt/pictures')).rejects.toThrow(/s3:\/\/bucket/);
    await rm(path.join(dataDir, 'installation.id'));
    await expect(copy('disk', there())).rejects.toThrow(/not the data folder/);
  });
});
