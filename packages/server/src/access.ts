/**
 * Which rows a caller may read and write. Rows have no owner yet: all belong to the caller who administers this Limner,
 * and no other caller sees or creates any. `visibleTo` is the same rule for statements.
 */
import { type Caller, StudioError } from '@limner/contract';

/** Limner itself: for its worker and clean-up, and for names that must be unique over all callers. */
export const SYSTEM: Caller = { id: 'system', role: 'admin' };

export const seesEverything = (caller: Caller): boolean => caller.role === 'admin';

/** Checked before a row is created. @throws StudioError `not_allowed` */
export function refuseStranger(caller: Caller): void {
  if (!seesEverything(caller)) throw new StudioError('not_allowed');
}
