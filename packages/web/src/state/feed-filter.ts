/** Which tasks a list holds: as the server is asked, and as a task that comes by itself is held against it. Pure. */
import type { Client, TaskListItem } from '@limner/contract';

type ListQuery = NonNullable<Parameters<Client['tasks']>[0]>;

export type FeedFilter = Omit<ListQuery, 'limit' | 'before' | 'after'>;

/** As the server does it. What a ControlNet sees is shown where it is set and is no picture of its own. */
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

/** Every word must occur, the last may be a beginning. A page of the server has been searched already. */
export function matchesText(prompt: string, text = ''): boolean {
  const held = prompt.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .every((word) => held.includes(word));
}
