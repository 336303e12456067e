/** Turns what libraries throw into the codes of the contract. What we do not know stays `internal`, with its cause. */
import { randomUUID } from 'node:crypto';
import { StudioError } from '@limner/contract';

export { StudioError };

const errno = (error: unknown): string | undefined => (error as NodeJS.ErrnoException | undefined)?.code;

export function toStudioError(error: unknown): StudioError {
  if (error instanceof StudioError) return error;
  const code = errno(error);
  if (code === 'ENOSPC' || code === 'EDQUOT' || isSqliteFull(error))
    return new StudioError('disk_full', { cause: error });
  return new StudioError('internal', { data: { id: randomUUID().slice(0, 8) }, cause: error });
}

function isSqliteFull(error: unknown): boolean {
  return error instanceof Error && /database or disk is full/i.test(error.message);
}
