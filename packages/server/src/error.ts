/** Converts errors of libraries into codes of the contract. Unknown errors become `internal`, with their cause. */
import { randomUUID } from 'node:crypto';
import { StudioError } from '@limner/contract';

const errno = (error: unknown): string | undefined => (error as NodeJS.ErrnoException | undefined)?.code;

export function toStudioError(error: unknown): StudioError {
  if (error instanceof StudioError) return error;
  const code = errno(error);
  if (code === 'ENOSPC' || code === 'EDQUOT' || isSqliteFull(error))
    return new StudioError('disk_full', { cause: error });
  if (UNWRITABLE.has(code ?? '') || isSqliteReadOnly(error))
    return new StudioError('folder_unwritable', { cause: error });
  if (code === 'EMFILE' || code === 'ENFILE') return new StudioError('too_many_open', { cause: error });
  return new StudioError('internal', { data: { id: randomUUID().slice(0, 8) }, cause: error });
}

/** Postgres is away, for example while it restarts: nobody is to blame, and what failed is done again. */
export const isDatabaseAway = (error: unknown): boolean =>
  error instanceof StudioError && error.code === 'database_unavailable';

const UNWRITABLE = new Set(['EACCES', 'EPERM', 'EROFS']);

function isSqliteReadOnly(error: unknown): boolean {
  return error instanceof Error && /attempt to write a readonly database/i.test(error.message);
}

function isSqliteFull(error: unknown): boolean {
  return error instanceof Error && /database or disk is full/i.test(error.message);
}
