/** The filters of history: parsed from the address, and as a server query. */
import { TASK_KINDS, TASK_STATUSES, type TaskKind, type TaskStatus, wholeNumberIn } from '@limner/contract';
import type { FeedFilter } from '../../state/feed-filter.ts';
import { dayEnd, dayStart, readDay } from './days.ts';

export interface HistoryFilter {
  kind?: TaskKind;
  status?: TaskStatus;
  text?: string;
  style?: number;
  family?: string;
  starred?: boolean;
  /** First and last day. */
  from?: string;
  to?: string;
}

export const FILTER_KEYS = ['kind', 'status', 'text', 'style', 'family', 'starred', 'from', 'to'] as const;

export function filterIn(address: URLSearchParams): HistoryFilter {
  const style = wholeNumberIn(address.get('style') ?? '') ?? 0;
  return {
    kind: oneOf(TASK_KINDS, address.get('kind')),
    status: oneOf(TASK_STATUSES, address.get('status')),
    text: address.get('text') || undefined,
    style: style > 0 ? style : undefined,
    family: address.get('family') || undefined,
    starred: address.get('starred') === '1' || undefined,
    from: readDay(address.get('from')) ?? undefined,
    to: readDay(address.get('to')) ?? undefined,
  };
}

const oneOf = <T extends string>(known: readonly T[], text: string | null): T | undefined =>
  known.find((value) => value === text);

export const isFiltered = (filter: HistoryFilter): boolean =>
  FILTER_KEYS.some((key) => filter[key] !== undefined);

/** The server query: days become times in the local time zone. */
export function feedFilterOf({ style, starred, from, to, ...same }: HistoryFilter): FeedFilter {
  return {
    ...same,
    style_id: style,
    starred: starred ? 'true' : undefined,
    created_from: from && iso(dayStart(from)),
    created_to: to && iso(dayEnd(to)),
  };
}

const iso = (ms: number): string => new Date(ms).toISOString();

/** After a jump to a day nothing newer than that day is shown. */
export const endOf = (at: string | null): string | null => at && iso(dayEnd(at));
