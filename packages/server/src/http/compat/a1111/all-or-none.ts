/** Begins tasks of one request. If one is refused, those before it are cancelled: nobody would get their pictures. */
import type { Caller } from '@limner/contract';
import type { DialectDesk } from '../dialect.ts';

export async function allOrNone<S, T>(
  { caller, desk }: { caller: Caller; desk: Pick<DialectDesk, 'tasks'> },
  sent: Iterable<S>,
  begin: (each: S, index: number) => Promise<T>,
  /** null: it made no task. */
  taskOf: (begun: T) => number | null,
): Promise<T[]> {
  const begun: T[] = [];
  try {
    for (const each of sent) begun.push(await begin(each, begun.length));
    return begun;
  } catch (error) {
    // It may have ended meanwhile.
    for (const task of begun.map(taskOf))
      if (task !== null) await desk.tasks.stop(caller, task).catch(() => undefined);
    throw error;
  }
}
