/**
 * Requests that a client repeats because it has no answer: the repetition joins the task of the first, in whichever
 * process of the database it arrives. A row names the key of the request and its task; it is written with the task.
 *
 * The row also names the newest request whose client waits: its holder. Who cancels a task because its client has gone
 * asks here first: the client may have come back, to this process or another.
 */
import { randomUUID } from 'node:crypto';
import { type Caller, StudioError, type Task } from '@limner/contract';
import type { Database, Writer } from '../db/database.ts';
import type { NewTasks } from './new-tasks.ts';
import * as store from './store/request-keys.ts';
import type { Tasks } from './tasks.ts';

/** After the end of its task a request can be repeated for so long. */
export const REPEATED_WITHIN_MS = 15 * 60_000;

export interface RequestKey {
  /** Same key, same request. It differs by caller. */
  key: string;
  /** A hash of the request: a key that names two requests is refused. */
  content: string;
  /** The request repeats an earlier one, if there is one. Otherwise it is new, even if an equal one is known. */
  joins: boolean;
}

export interface RepeatedRequestsOptions {
  db: Database;
  /** This process. */
  holder: string;
  tasks: Pick<Tasks, 'get'>;
  newTasks: NewTasks;
}

export interface Creator extends Pick<NewTasks, 'create'> {
  /** False: a later request waits for the task that this one has created or joined. Otherwise the task loses its key. */
  release(task: number): Promise<boolean>;
}

/** Ends the transaction of a task that another request has made meanwhile. */
class MadeMeanwhile extends Error {}

export class RepeatedRequests {
  readonly #options: RepeatedRequestsOptions;

  constructor(options: RepeatedRequestsOptions) {
    this.#options = options;
  }

  /** Creates the task of a request once; a repetition gets it as it is now. @param key null: it is never repeated */
  creator(key: RequestKey | null): Creator {
    const { db, tasks, newTasks } = this.#options;
    if (key === null)
      return {
        create: (caller, requested) => newTasks.create(caller, requested),
        release: async () => true,
      };
    const holder = `${this.#options.holder}/${randomUUID()}`;
    const known = async (caller: Caller): Promise<Task | null> => {
      const id = key.joins ? await this.#join(caller, key, holder) : null;
      return id === null ? null : tasks.get(caller, id);
    };
    return {
      create: async (caller, requested) => {
        const joined = await known(caller);
        if (joined) return joined;
        try {
          return await newTasks.create(caller, requested, (trx, task) =>
            this.#note(caller, trx, key, { task, holder }),
          );
        } catch (error) {
          const made = error instanceof MadeMeanwhile ? await known(caller) : null;
          if (made) return made;
          throw error;
        }
      },
      release: (task) => db.write((trx) => store.deleteKey(trx, task, holder), { durable: false }),
    };
  }

  /** null: there is none, or it was released meanwhile. */
  async #join(caller: Caller, { key, content }: RequestKey, holder: string): Promise<number | null> {
    return this.#options.db.write(
      async (trx) => {
        await store.lockKey(trx, key);
        const found = await store.taskOfKey(caller, trx, key, Date.now() - REPEATED_WITHIN_MS);
        if (!found) return null;
        refuseOther(found.content, content);
        return (await store.holdKey(trx, found.task, holder)) ? found.task : null;
      },
      { durable: false },
    );
  }

  async #note(
    caller: Caller,
    trx: Writer,
    { key, content, joins }: RequestKey,
    { task, holder }: { task: number; holder: string },
  ): Promise<void> {
    await store.lockKey(trx, key);
    const isMade =
      joins && (await store.taskOfKey(caller, trx, key, Date.now() - REPEATED_WITHIN_MS)) !== null;
    if (isMade) throw new MadeMeanwhile('another request has made the task');
    await store.insertKey(trx, { task_id: task, key, content, holder });
  }
}

/** @throws StudioError `key_reused` */
export function refuseOther(known: string, sent: string): void {
  if (known !== sent) throw new StudioError('key_reused', { field: 'Idempotency-Key' });
}

export async function forgetRequests(db: Pick<Database, 'write'>, nowMs: number): Promise<void> {
  await db.write((trx) => store.deleteOldKeys(trx, nowMs - REPEATED_WITHIN_MS), { durable: false });
}
