/** The contract of every dispatch. `connect` returns three ends of one, as three processes have them. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Claimer, Dispatch, Waiting } from './dispatch.ts';

const SOON = { timeout: 20_000, interval: 10 };

/** The rows of waiting tasks, and workers that claim them in their order: without dispatch they claim nothing. */
export class Rows {
  readonly waiting: Waiting[] = [];
  readonly claimed: { worker: number; id: number }[] = [];

  insert(tasks: Waiting[]): Waiting[] {
    this.waiting.push(...tasks);
    this.waiting.sort((a, b) => b.priority - a.priority || a.id - b.id);
    return tasks;
  }

  take(worker: number, lane: string): boolean {
    const at = this.waiting.findIndex((task) => task.lane === lane);
    const [task] = at === -1 ? [] : this.waiting.splice(at, 1);
    if (task) this.claimed.push({ worker, id: task.id });
    return task !== undefined;
  }
}

export class TestWorker implements Claimer {
  held = 0;
  #stop: ReturnType<Dispatch['follow']> = async () => undefined;

  constructor(
    readonly rows: Rows,
    readonly number: number,
    readonly places: number,
  ) {}

  follow(dispatch: Dispatch, lanes: string[]): void {
    this.#stop = dispatch.follow(lanes, this);
  }

  hasPlace(): boolean {
    return this.held < this.places;
  }

  async claim(lane: string): Promise<void> {
    while (this.hasPlace() && this.rows.take(this.number, lane)) this.held += 1;
  }

  /** A task has ended; as the real worker, it claims the next by itself. */
  async end(lane: string): Promise<void> {
    this.held -= 1;
    await this.claim(lane);
  }

  async close(): Promise<void> {
    await this.#stop();
  }
}

export const tasks = (ids: number[], lane = 'lane', priority = 0): Waiting[] =>
  ids.map((id) => ({ id, lane, priority }));

export function dispatchContract(name: string, connect: () => Promise<[Dispatch, Dispatch, Dispatch]>): void {
  describe(`${name} as dispatch`, () => {
    let desk: Dispatch;
    let ends: [Dispatch, Dispatch, Dispatch];
    let rows: Rows;
    let workers: TestWorker[];
    const work = (places: number, lanes = ['lane']) => {
      const worker = new TestWorker(rows, workers.length, places);
      workers.push(worker);
      worker.follow(ends[workers.length] ?? ends[0], lanes);
      return worker;
    };
    const claimedIds = () => rows.claimed.map(({ id }) => id);

    beforeEach(async () => {
      ends = await connect();
      desk = ends[0];
      rows = new Rows();
      workers = [];
    });
    afterEach(async () => {
      for (const each of [...workers, ...ends]) await each.close();
    });

    it('has every task claimed once, in the order of the rows, as long as a worker has a place', async () => {
      work(1);
      work(1);
      desk.offer(rows.insert(tasks([1, 2, 3, 4, 5, 6])));
      for (let ended = 0; ended < 6; ended += 1) {
        await expect.poll(() => workers.some(({ held }) => held > 0), SOON).toBe(true);
        await workers.find(({ held }) => held > 0)?.end('lane');
      }
      expect(claimedIds()).toEqual([1, 2, 3, 4, 5, 6]);
    });

    it('calls a worker for its lanes alone', async () => {
      work(9, ['here']);
      desk.offer(rows.insert([...tasks([1], 'here'), ...tasks([2], 'elsewhere')]));
      await expect.poll(claimedIds, SOON).toEqual([1]);
      desk.offer(rows.insert(tasks([3], 'here')));
      await expect.poll(claimedIds, SOON).toEqual([1, 3]);
    });

    it('leaves the order to the rows, which changed after the offer', async () => {
      desk.offer(rows.insert([...tasks([1], 'lane', 5), ...tasks([2])]));
      rows.waiting.reverse();
      work(9);
      desk.offer(tasks([1, 2]));
      await expect.poll(claimedIds, SOON).toEqual([2, 1]);
    });

    it('does no harm with a task that is offered twice, or that is gone', async () => {
      work(9);
      desk.offer(tasks([7]));
      desk.offer(rows.insert(tasks([1])));
      desk.offer(tasks([1]));
      await expect.poll(claimedIds, SOON).toEqual([1]);
      desk.offer(rows.insert(tasks([8])));
      await expect.poll(claimedIds, SOON).toEqual([1, 8]);
    });

    it('calls another worker when one is full', async () => {
      const [full, free] = [work(1), work(9)];
      full.held = 1;
      desk.offer(rows.insert(tasks([1, 2, 3])));
      await expect.poll(() => free.held, SOON).toBe(3);
    });

    it('offers a task again that was claimed and put back', async () => {
      const worker = work(1);
      desk.offer(rows.insert(tasks([1])));
      await expect.poll(() => worker.held, SOON).toBe(1);
      await worker.end('lane');
      await expect
        .poll(() => {
          if (rows.claimed.length === 1 && rows.waiting.length === 0) rows.insert(tasks([1]));
          desk.offer(tasks([1]));
          return claimedIds();
        }, SOON)
        .toEqual([1, 1]);
    });
  });
}
