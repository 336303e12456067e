/** The stored files of a studio of a test, past the studio: in its data folder, or in the bucket of its test file. */
import { access, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { S3Blobs } from '../src/storage/s3/s3-blobs.ts';
import { S3Bucket } from '../src/storage/s3/s3-bucket.ts';
import type { S3Place } from '../src/storage/s3/s3-place.ts';
import { type FakeS3, startFakeS3 } from './fake-s3.ts';

export interface StoredFiles {
  /** Of the files in a folder, sorted. */
  names(folder: string): Promise<string[]>;
  has(key: string): Promise<boolean>;
  read(key: string): Promise<Buffer>;
  write(key: string, bytes: Buffer): Promise<void>;
  remove(key: string): Promise<void>;
}

/** What a studio needs to keep its files there. */
interface TestPlace {
  environ: Record<string, string>;
  files: StoredFiles;
}

export const IN_S3 = process.env.LIMNER_TEST_BLOBS === 's3';

let fake: Promise<FakeS3> | null = null;
/** By data folder: a studio that starts again on it finds its files. */
const places = new Map<string, S3Place>();

export async function storedFiles(dataDir: string, files?: 'disk'): Promise<TestPlace> {
  if (!IN_S3 || files === 'disk') return { environ: {}, files: onDisk(dataDir) };
  fake ??= startFakeS3();
  const s3 = await fake;
  const place = places.get(dataDir) ?? s3.place();
  places.set(dataDir, place);
  return { environ: s3.environ(place), files: inBucket(new S3Blobs(await S3Bucket.open(place))) };
}

function onDisk(dataDir: string): StoredFiles {
  const at = (key: string) => path.join(dataDir, key);
  return {
    names: async (folder) => (await readdir(at(folder)).catch(() => [])).sort(),
    has: (key) =>
      access(at(key)).then(
        () => true,
        () => false,
      ),
    read: (key) => readFile(at(key)),
    write: (key, bytes) => writeFile(at(key), bytes),
    remove: (key) => rm(at(key)),
  };
}

/** A key may begin with a slash, as addresses do. */
function inBucket(blobs: S3Blobs): StoredFiles {
  const at = (key: string) => key.replace(/^\//, '');
  return {
    async names(folder) {
      const names: string[] = [];
      for await (const { key } of blobs.list(`${at(folder)}/`)) names.push(path.posix.basename(key));
      return names.sort();
    },
    has: async (key) => (await blobs.stat(at(key))) !== null,
    read: (key) => blobs.read(at(key)),
    write: async (key, bytes) => void (await blobs.put(at(key), bytes)),
    remove: (key) => blobs.delete(at(key)),
  };
}
