/** What Postgres and its driver throw, as errors the rest of Limner knows. */
import { StudioError } from '@limner/contract';
import { UniqueViolation } from './unique-violation.ts';

const DISK_FULL = '53100';
const UNIQUE_VIOLATION = '23505';
const SERIALIZATION_FAILURE = '40001';
const DEADLOCK_DETECTED = '40P01';

/** Connection exceptions (08…), too many connections, shutdown, crash, start-up and a standby that only reads. */
const UNREACHABLE_STATE = /^(08...|53300|57P0[1-4]|25006)$/;
const UNREACHABLE_ERRNO = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
]);
/** The driver gives these no code. */
const UNREACHABLE_MESSAGE = /connection (terminated|timeout|ended)|timeout (exceeded|expired)|not queryable/i;

export function postgresError(error: unknown): unknown {
  const code = codeOf(error);
  if (code === DISK_FULL) return new StudioError('disk_full', { cause: error });
  if (code === UNIQUE_VIOLATION) return new UniqueViolation(error);
  if (isUnreachable(error)) return new StudioError('database_unavailable', { cause: error });
  return error;
}

/** The same transaction, run once more, may well succeed. */
export const isTransient = (error: unknown): boolean =>
  [SERIALIZATION_FAILURE, DEADLOCK_DETECTED].includes(codeOf(error));

export function isUnreachable(error: unknown): boolean {
  const code = codeOf(error);
  return (
    UNREACHABLE_STATE.test(code) ||
    UNREACHABLE_ERRNO.has(code) ||
    (error instanceof Error && UNREACHABLE_MESSAGE.test(error.message))
  );
}

const codeOf = (error: unknown): string => String((error as { code?: unknown } | null)?.code ?? '');
