/** Moves a waiting task within its lane. Pure. */
import type { WaitingTurn } from './store/queue-order.ts';

/**
 * @param waiting in their order
 * @param before the task before which it is put; null: the end
 * @returns the changed rows; null if one of the two does not wait in this lane
 *
 * Other tasks keep their priority. The moved task keeps its own if the new order allows it, otherwise it takes the nearest
 * priority that fits. Within a priority the existing turns are assigned in the new order.
 */
export function reordered(waiting: WaitingTurn[], id: number, before: number | null): WaitingTurn[] | null {
  const moved = waiting.find((task) => task.id === id);
  if (!moved) return null;
  if (before === id) return [];
  const others = waiting.filter((task) => task !== moved);
  const at = before === null ? others.length : others.findIndex((task) => task.id === before);
  if (at < 0) return null;
  const most = others[at - 1]?.priority ?? Number.POSITIVE_INFINITY;
  const least = others[at]?.priority ?? Number.NEGATIVE_INFINITY;
  const priority = Math.min(most, Math.max(least, moved.priority));
  const order = [...others.slice(0, at), { ...moved, priority }, ...others.slice(at)];
  const now = new Map(waiting.map((task) => [task.id, task]));
  return withTurns(order).filter((task) => {
    const was = now.get(task.id);
    return was?.turn !== task.turn || was.priority !== task.priority;
  });
}

function withTurns(order: WaitingTurn[]): WaitingTurn[] {
  const free = new Map<number, number[]>();
  for (const { priority, turn } of order) free.set(priority, [...(free.get(priority) ?? []), turn]);
  for (const turns of free.values()) turns.sort((a, b) => a - b);
  return order.map((task) => ({ ...task, turn: free.get(task.priority)?.shift() ?? task.turn }));
}
