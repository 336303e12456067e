/**
 * Asks a bucket at start for everything that Limner does with it, on a small object that is deleted again, so that a wrong
 * setting is named before the first picture is lost.
 */
import { randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { StudioError } from '@limner/contract';
import type { S3Bucket } from './s3-bucket.ts';
import { s3Problem } from './s3-problem.ts';

/** `given`: the setting or argument that names it. @throws StartProblem naming what is wrong and its cure */
export async function checkBucket(bucket: S3Bucket, given: string): Promise<void> {
  // No blob has such a key.
  const key = `.limner-check-${randomUUID()}`;
  const bytes = Buffer.from('Limner wrote this to see that it may, and deletes it.\n');
  let right = 's3:PutObject';
  try {
    const begunMs = Date.now();
    await bucket.put(key, bytes);
    const writtenMs = (begunMs + Date.now()) / 2;
    right = 's3:GetObject';
    const head = await bucket.head(key);
    if (head) bucket.setClock(writtenMs, head.serverMs);
    const body = await bucket.get(key);
    if (!body || !(await buffer(body)).equals(bytes))
      throw new Error('the bucket answers other bytes than were written');
    right = 's3:ListBucket';
    for await (const _ of bucket.list(key)) break;
    right = 's3:DeleteObject';
    await bucket.delete(key);
  } catch (error) {
    const cause = error instanceof StudioError && error.cause !== undefined ? error.cause : error;
    throw s3Problem(cause, { place: bucket.place, given, right });
  }
}
