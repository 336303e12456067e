/**
 * The caller of a request. Every function that reads or writes for a user takes a `Caller` as its first argument, and
 * every route says who may call it. Without accounts every request comes from `OWNER`, who may see and do everything.
 */
export type Role = 'user' | 'admin';

export interface Caller {
  readonly id: string;
  readonly role: Role;
  /** What is asked for right now; absent where Limner acts by itself. Stored with the tasks that the request makes. */
  readonly request?: RequestOrigin;
}

/** Names a request in the log and in traces. */
export interface RequestOrigin {
  /** `x-request-id`. */
  readonly id: string;
  /** `traceparent` of the span of the request; absent: it is not traced. */
  readonly trace?: string;
}

export const OWNER: Caller = { id: 'owner', role: 'admin' };

/** `anyone` needs no account, `user` needs one, `admin` may change the installation for all. */
export type Allowed = 'anyone' | Role;

/** `caller` null: the request names no account. */
export function mayCall(caller: Caller | null, allowed: Allowed): boolean {
  if (allowed === 'anyone') return true;
  return caller !== null && (allowed === 'user' || caller.role === 'admin');
}
