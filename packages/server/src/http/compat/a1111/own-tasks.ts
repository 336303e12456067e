/**
 * The tasks that this dialect began in this process and that have not ended, by caller. `progress`, `interrupt` and
 * `skip` name no task; they mean the caller's task that is painted, or else the newest that waits. Tasks of other
 * interfaces are never meant.
 */
import type { Caller, Task } from '@limner/contract';
import type { DialectDesk } from '../dialect.ts';

export class OwnTasks {
  readonly #desk: Pick<DialectDesk, 'tasks' | 'stopping'>;
  readonly #unended = new Map<string, Set<number>>();

  constructor(desk: Pick<DialectDesk, 'tasks' | 'stopping'>) {
    this.#desk = desk;
  }

  /** Until the task has ended, whether or not its client still waits. */
  begin(caller: Caller, id: number): void {
    const own = this.#unended.get(caller.id) ?? new Set();
    this.#unended.set(caller.id, own.add(id));
    const end = () => {
      own.delete(id);
      if (own.size === 0) this.#unended.delete(caller.id);
    };
    this.#desk.tasks.whenEnded(caller, id, this.#desk.stopping).then(end, end);
  }

  async current(caller: Caller): Promise<Task | null> {
    const ids = [...(this.#unended.get(caller.id) ?? [])];
    const tasks = await Promise.all(ids.map((id) => this.#desk.tasks.get(caller, id).catch(() => null)));
    const newest = tasks.filter((task) => task !== null).sort((a, b) => b.id - a.id);
    const withStatus = (wanted: Task['status']) => newest.find(({ status }) => status === wanted);
    return withStatus('running') ?? withStatus('queued') ?? null;
  }
}
