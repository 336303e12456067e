/**
 * The tasks that this dialect began in this process and that have not ended, by client. `progress`, `interrupt` and
 * `skip` name no task; they mean the client's task that is painted, or else the newest that waits. Tasks of other
 * interfaces are never meant. Clients of one account are told apart by the credentials that they send.
 */
import { createHash } from 'node:crypto';
import type { Caller, Task } from '@limner/contract';
import type { FastifyRequest } from 'fastify';
import type { DialectDesk } from '../dialect.ts';

export interface Client {
  caller: Caller;
  request: Pick<FastifyRequest, 'headers'>;
}

export class OwnTasks {
  readonly #desk: Pick<DialectDesk, 'tasks' | 'stopping'>;
  readonly #unended = new Map<string, Set<number>>();

  constructor(desk: Pick<DialectDesk, 'tasks' | 'stopping'>) {
    this.#desk = desk;
  }

  /** Until the task has ended, whether or not its client still waits. */
  begin(client: Client, id: number): void {
    const key = keyOf(client);
    const own = this.#unended.get(key) ?? new Set();
    this.#unended.set(key, own.add(id));
    const end = () => {
      own.delete(id);
      if (own.size === 0) this.#unended.delete(key);
    };
    this.#desk.tasks.whenEnded(client.caller, id, this.#desk.stopping).then(end, end);
  }

  ids(client: Client): number[] {
    return [...(this.#unended.get(keyOf(client)) ?? [])];
  }

  async current(client: Client): Promise<Task | null> {
    const tasks = await Promise.all(
      this.ids(client).map((id) => this.#desk.tasks.get(client.caller, id).catch(() => null)),
    );
    const newest = tasks.filter((task) => task !== null).sort((a, b) => b.id - a.id);
    const withStatus = (wanted: Task['status']) => newest.find(({ status }) => status === wanted);
    return withStatus('running') ?? withStatus('queued') ?? null;
  }
}

const keyOf = ({ caller, request }: Client): string =>
  `${caller.id} ${createHash('sha256')
    .update(request.headers.authorization ?? '')
    .digest('base64')}`;
