/** The filter of a task list, as a server query and as a check of tasks from events. Pure. */
import type { Client, TaskListItem } from '@limner/contract';

type ListQuery = NonNullable<Parameters<Client['tasks']>[0]>;

export type FeedFilter = Omit<ListQuery, 'limit' | 'before' | 'after'>;

/** The same rule as the server's. Control previews are excluded unless requested by kind. */
export function matches(item: TaskListItem, filter: FeedFilter): boolean {
  const created = Date.parse(item.created_at);
  return (
    (filter.kind === undefined ? item.task_kind !== 'control_preview' : item.task_kind === filter.kind) &&
    (filter.status === undefined || item.status === filter.status) &&
    (filter.style_id === undefined || item.style_id === filter.style_id) &&
    (filter.family === undefined || item.family === filter.family) &&
    (filter.starred === undefined || item.stars > 0 === (filter.starred === 'true')) &&
    (filter.created_from === undefined || created >= Date.parse(filter.created_from)) &&
    (filter.created_to === undefined || created < Date.parse(filter.created_to))
  );
}

/** Every word must occur, the last may be a prefix. Pages of the server are filtered already. */
export function matchesText(prompt: string, text = ''): boolean {
  const held = prompt.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .every((word) => held.includes(word));
}
