/**
 * Whose rows a caller may read and write. Rows do not say whose they are: all of them belong to who administers this
 * Limner, and nobody else sees or makes any. In statements the same rule is `visibleTo`.
 */
import { type Caller, StudioError } from '@limner/contract';

/** Limner itself: its worker, its clean-up, and names that must be taken once whoever took them. */
export const SYSTEM: Caller = { id: 'system', role: 'admin' };

export const seesEverything = (caller: Caller): boolean => caller.role === 'admin';

/** Before a row is made. @throws StudioError `not_allowed` */
export function refuseStranger(caller: Caller): void {
  if (!seesEverything(caller)) throw new StudioError('not_allowed');
}
