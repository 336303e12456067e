import type { Logger } from 'kysely';

/** Hears how long each statement of a connection took, also of one that failed. */
export type OnRead = (ms: number) => void;

/** As an option of Kysely, which times statements only with it. */
export const timing = (onRead: OnRead | undefined): { log?: Logger } =>
  onRead ? { log: ({ queryDurationMillis }) => onRead(queryDurationMillis) } : {};
