/** Errors of the AWS SDK as codes of the contract. */
import { StudioError } from '@limner/contract';

/** What the SDK's errors have, and errors of sockets in part. */
interface SdkError {
  name?: string;
  code?: string;
  $metadata?: { httpStatusCode?: number };
}

const REFUSED = new Set([
  'AccessDenied',
  'AllAccessDisabled',
  'ExpiredToken',
  'InvalidAccessKeyId',
  'InvalidToken',
  'NoSuchBucket',
  'PermanentRedirect',
  'SignatureDoesNotMatch',
  'AuthorizationHeaderMalformed',
  'CredentialsProviderError',
]);
const FULL = new Set(['QuotaExceeded', 'XMinioStorageFull', 'EntityTooLarge']);
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  'TimeoutError',
  'NetworkingError',
]);

export const s3ErrorName = (error: unknown): string => {
  const { name, code } = error as SdkError;
  return code !== undefined && UNREACHABLE.has(code) ? code : (name ?? '');
};

export const s3Status = (error: unknown): number | undefined => (error as SdkError).$metadata?.httpStatusCode;

/** The key is absent. An absent bucket is another error, which a HEAD request cannot tell apart. */
export const isAbsent = (error: unknown): boolean =>
  s3ErrorName(error) !== 'NoSuchBucket' && s3Status(error) === 404;

export const isUnreachable = (error: unknown): boolean => UNREACHABLE.has(s3ErrorName(error));

/** `storage_unavailable`, `storage_refused`, `disk_full`; other errors stay as they are. */
export function toStorageError(error: unknown): unknown {
  if (error instanceof StudioError) return error;
  const [name, status] = [s3ErrorName(error), s3Status(error)];
  if (FULL.has(name) || status === 507) return new StudioError('disk_full', { cause: error });
  if (REFUSED.has(name) || name === 'RequestTimeTooSkewed' || status === 401 || status === 403)
    return new StudioError('storage_refused', { cause: error });
  if (isUnreachable(error) || (status !== undefined && (status >= 500 || status === 429)))
    return new StudioError('storage_unavailable', { cause: error });
  return error;
}
