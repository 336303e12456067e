/** The end of tasks that a request waits for. */
import { type Caller, StudioError, type Task } from '@limner/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { DialectDesk } from '../dialect.ts';
import { untilGone } from '../waiting.ts';

export interface Waiting {
  caller: Caller;
  request: FastifyRequest;
  reply: FastifyReply;
}

/** @throws StudioError `shutting_down`, also when the client is gone and nobody reads it; the task goes on */
export type UntilEnded = (id: number) => Promise<Task>;

/** Once for each request. */
export function untilEnded(
  { caller, request, reply }: Waiting,
  { tasks, stopping }: Pick<DialectDesk, 'tasks' | 'stopping'>,
): UntilEnded {
  const signal = untilGone(request, reply, stopping);
  return async (id) => {
    try {
      return await tasks.whenEnded(caller, id, signal);
    } catch (error) {
      throw signal.aborted ? new StudioError('shutting_down', { cause: error }) : error;
    }
  };
}
