/** Opens the blobs that the settings name. */
import { buffer } from 'node:stream/consumers';
import type { Config } from '../config.ts';
import { type CopyState, ON_DISK, type PlaceMarks, type UsedPlace } from './blob-place.ts';
import { DiskBlobs } from './disk-blobs.ts';
import { diskMarks } from './disk-marks.ts';
import type { PublicLinks } from './public-links.ts';
import { S3Blobs } from './s3/s3-blobs.ts';
import { S3Bucket } from './s3/s3-bucket.ts';
import { checkBucket } from './s3/s3-check.ts';
import { publicLinksBelow, signedLinks } from './s3/s3-links.ts';
import { type S3Place, s3Url } from './s3/s3-place.ts';
import { BlobsWithLocalRuns } from './s3/with-local-runs.ts';

interface OpenBlobs extends UsedPlace {
  /** null: Limner sends every file itself. */
  links: PublicLinks | null;
  close(): Promise<void>;
}

type BlobsConfig = Pick<Config, 'dataDir' | 'fileThreadEntry' | 's3' | 'blobsPublicUrl'>;

/** @throws StartProblem when the bucket cannot be used */
export async function openBlobs(config: BlobsConfig): Promise<OpenBlobs> {
  const disk = await openDisk(config);
  if (!config.s3) return { ...disk, links: null };
  try {
    const remote = await openS3(config.s3);
    return {
      ...remote,
      blobs: new BlobsWithLocalRuns({ local: disk.blobs, remote: remote.blobs }),
      links: await linksOf(remote.bucket, config.blobsPublicUrl),
      async close() {
        remote.close();
        await disk.close();
      },
    };
  } catch (error) {
    await disk.close();
    throw error;
  }
}

/** The data folder. */
export async function openDisk({
  dataDir,
  fileThreadEntry,
}: Pick<BlobsConfig, 'dataDir' | 'fileThreadEntry'>): Promise<UsedPlace & { close(): Promise<void> }> {
  const blobs = await DiskBlobs.open(dataDir, fileThreadEntry);
  return { place: ON_DISK, blobs, marks: diskMarks(dataDir), close: () => blobs.close() };
}

interface OpenS3 extends UsedPlace {
  bucket: S3Bucket;
  close(): void;
}

/** A bucket that was checked. `given`: the setting or argument that names it. @throws StartProblem when it cannot be used */
export async function openS3(place: S3Place, given = 'BLOBS_URL'): Promise<OpenS3> {
  const bucket = await S3Bucket.open(place);
  try {
    await checkBucket(bucket, given);
  } catch (error) {
    bucket.close();
    throw error;
  }
  return {
    place: s3Url(place),
    bucket,
    blobs: new S3Blobs(bucket),
    marks: marksIn(bucket),
    close: () => bucket.close(),
  };
}

/** No blob has these keys. */
const OWNER_KEY = 'installation.id';
const COPY_KEY = 'copy.state';

const marksIn = (bucket: S3Bucket): PlaceMarks => ({
  owner: () => textAt(bucket, OWNER_KEY),
  claim: (installation) => bucket.put(OWNER_KEY, Buffer.from(`${installation}\n`)),
  copyState: () => textAt(bucket, COPY_KEY) as Promise<CopyState | null>,
  setCopyState: (state) =>
    state === null ? bucket.delete(COPY_KEY) : bucket.put(COPY_KEY, Buffer.from(state)),
});

async function textAt(bucket: S3Bucket, key: string): Promise<string | null> {
  const body = await bucket.get(key);
  return body && String(await buffer(body)).trim();
}

const linksOf = async (bucket: S3Bucket, url: string | null): Promise<PublicLinks | null> =>
  url === null ? null : url === 'signed' ? signedLinks(bucket) : publicLinksBelow(url);
