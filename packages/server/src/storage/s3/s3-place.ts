/** How buckets are reached, as the settings say. */
export interface S3Access {
  /** null: the address of Amazon for the region. */
  endpoint: string | null;
  region: string;
  /** null: the usual ones of the AWS SDK, such as a profile or the role of the machine. */
  keys: { id: string; secret: string } | null;
  /** `endpoint/bucket/key` instead of `bucket.endpoint/key`. */
  forcePathStyle: boolean;
}

/** Where blobs lie in S3. */
export interface S3Place extends S3Access {
  bucket: string;
  /** Before every key: empty, or ends in `/`. */
  prefix: string;
}

/** Names of buckets, and prefixes of the characters that need no escape. */
const ADDRESS = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])((?:\/[A-Za-z0-9_.-]+)*)\/?$/;

/** Of `s3://bucket/prefix`; null for anything else. */
export function readS3Url(url: string): Pick<S3Place, 'bucket' | 'prefix'> | null {
  const [, bucket, folders = ''] = ADDRESS.exec(url) ?? [];
  if (bucket === undefined || folders.split('/').some((name) => /^\.+$/.test(name))) return null;
  return { bucket, prefix: folders === '' ? '' : `${folders.slice(1)}/` };
}

export const s3Url = ({ bucket, prefix }: Pick<S3Place, 'bucket' | 'prefix'>): string =>
  `s3://${bucket}/${prefix}`;
