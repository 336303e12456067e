/**
 * Addresses of files in the bucket. Signed ones are of one file, for two hours at most. Those below a public address are
 * for whoever knows them, and keys such as `outputs/12_0.png` can be guessed.
 */
import { attachment } from '../attachment.ts';
import type { LinkedFile, PublicLinks } from '../public-links.ts';
import type { S3Bucket } from './s3-bucket.ts';

const HOUR_S = 3_600;
/** A file that is replaced has another address (`?v=`), so its address may be remembered. */
const PUBLIC_VALID_S = HOUR_S;

/** `url`: such as `https://cdn.example/limner`, which shows the files below our prefix. */
export const publicLinksBelow = (url: string): PublicLinks => ({
  origin: new URL(url).origin,
  async of({ key, tag, saveAs }) {
    // Names to save a file under are headers, which only Limner sends.
    if (saveAs !== undefined) return null;
    return { url: `${url}/${key}?v=${encodeURIComponent(tag)}`, validS: PUBLIC_VALID_S };
  },
});

export async function signedLinks(bucket: S3Bucket): Promise<PublicLinks> {
  const { getSignedUrl } = await import('@aws-sdk/s3-request-presigner');
  const sign = async ({ key, mediaType, cacheControl, saveAs }: Omit<LinkedFile, 'tag'>) => {
    const nowS = Math.floor((Date.now() - bucket.clockAheadMs) / 1000);
    // From the last whole hour: within an hour the address stays the same, so browsers keep the file.
    const sinceS = nowS - (nowS % HOUR_S);
    const command = new bucket.sdk.GetObjectCommand({
      ...bucket.at(key),
      ResponseContentType: mediaType,
      ResponseCacheControl: cacheControl,
      ResponseContentDisposition: saveAs === undefined ? 'inline' : attachment(saveAs),
    });
    const url = await getSignedUrl(bucket.client, command, {
      expiresIn: 2 * HOUR_S,
      signingDate: new Date(sinceS * 1000),
    });
    return { url, validS: HOUR_S };
  };
  const { url } = await sign({ key: 'outputs/0_0.png', mediaType: 'image/png', cacheControl: 'no-store' });
  return { origin: new URL(url).origin, of: sign };
}
