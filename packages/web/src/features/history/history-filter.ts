/** What history is narrowed by: as it stands in the address, as the server is asked, and as a task is held against it. */
import {
  TASK_KINDS,
  TASK_STATUSES,
  type TaskKind,
  type TaskListItem,
  type TaskStatus,
} from '@limner/contract';
import { matchesText } from '../../state/task-feed.ts';
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
  const style = Number(address.get('style'));
  return {
    kind: oneOf(TASK_KINDS, address.get('kind')),
    status: oneOf(TASK_STATUSES, address.get('status')),
    text: address.get('text') || undefined,
    style: Number.isInteger(style) && style > 0 ? style : undefined,
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

/** `at`: nothing newer than this day. */
export function queryOf(filter: HistoryFilter, at: string | null) {
  const { kind, status, text, style, family, starred, from, to } = filter;
  const until = [to, at].filter((day) => day != null).map(dayEnd);
  return {
    kind,
    status,
    text,
    style_id: style,
    family,
    starred: starred ? 'true' : undefined,
    created_from: from && iso(dayStart(from)),
    created_to: until.length > 0 ? iso(Math.min(...until)) : undefined,
  };
}

const iso = (ms: number): string => new Date(ms).toISOString();

/** As the server does it. What a ControlNet sees is shown where it is set and is no picture of its own. */
export function matches(item: TaskListItem, filter: HistoryFilter): boolean {
  const created = Date.parse(item.created_at);
  return (
    (filter.kind === undefined ? item.task_kind !== 'control_preview' : item.task_kind === filter.kind) &&
    (filter.status === undefined || item.status === filter.status) &&
    (filter.style === undefined || item.style_id === filter.style) &&
    (filter.family === undefined || item.family === filter.family) &&
    (!filter.starred || item.stars > 0) &&
    (filter.from === undefined || created >= dayStart(filter.from)) &&
    (filter.to === undefined || created < dayEnd(filter.to))
  );
}

/** Of tasks that came by themselves: a page of the server has been searched already. */
export const matchesWords = (item: TaskListItem, { text }: HistoryFilter): boolean =>
  matchesText(item.prompt, text);
