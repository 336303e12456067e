/**
 * Dispatch by BullMQ on Redis: each lane is a queue, each waiting task a job `t-<id>`, and each job is heard by one
 * worker. If that one has no place, it calls the others over the bus. A job stands for one claim, not for its task: the
 * rows decide the order, which a move or a change of priority alters after the job was added.
 *
 * While Redis is away, tasks are offered over the bus, which every worker also hears.
 */
import type { Queue, Worker } from 'bullmq';
import type { Redis as Connection } from 'ioredis';
import type { Bus } from '../bus/bus.ts';
import type { Redis } from '../redis/redis.ts';
import { BusDispatch } from './bus-dispatch.ts';
import type { Claimer, Dispatch, Waiting } from './dispatch.ts';

type BullMq = typeof import('bullmq');

/** Of tasks: −100…100, higher first. Of jobs: 1…, lower first; 0 would come before all others. */
const jobPriority = (priority: number): number => 101 - priority;
const RETRY_MS = 1_000;
const GOODBYE_MS = 1_000;

export class BullmqDispatch implements Dispatch {
  readonly #redis: Redis;
  readonly #bus: Bus;
  readonly #over: BusDispatch;
  readonly #bullmq: BullMq;
  readonly #queues = new Map<string, Queue>();
  readonly #offering = new Set<Promise<void>>();
  #connection: Connection | null = null;
  #isClosed = false;

  private constructor(redis: Redis, bus: Bus, bullmq: BullMq) {
    this.#redis = redis;
    this.#bus = bus;
    this.#over = new BusDispatch(bus);
    this.#bullmq = bullmq;
  }

  static async open(redis: Redis, bus: Bus): Promise<BullmqDispatch> {
    return new BullmqDispatch(redis, bus, await import('bullmq'));
  }

  offer(waiting: readonly Waiting[]): void {
    if (this.#isClosed || waiting.length === 0) return;
    if (this.#redis.state === 'away') this.#over.offer(waiting);
    else this.#offerJobs(waiting);
  }

  #offerJobs(waiting: readonly Waiting[]): void {
    const offering = this.#add(waiting).catch(() => this.#over.offer(waiting));
    this.#offering.add(offering);
    void offering.then(() => this.#offering.delete(offering));
  }

  follow(lanes: readonly string[], claimer: Claimer): () => Promise<void> {
    const workers = lanes.map((lane) => this.#worker(lane, claimer));
    const stop = this.#over.follow(lanes, claimer);
    return async () => {
      await stop();
      // Without waiting for jobs: their tasks are rows.
      await withinGoodbye(workers.map((worker) => worker.close(true)));
    };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await withinGoodbye([...this.#offering]);
    await withinGoodbye([...this.#queues.values()].map((queue) => queue.close()));
    this.#connection?.disconnect();
  }

  async #add(waiting: readonly Waiting[]): Promise<void> {
    for (const lane of new Set(waiting.map((task) => task.lane))) {
      const jobs = waiting
        .filter((task) => task.lane === lane)
        .map(({ id, priority }) => ({
          name: 'task',
          data: {},
          opts: {
            // A job that waits already stays as it is. BullMQ refuses ids of digits alone.
            jobId: `t-${id}`,
            priority: jobPriority(priority),
            attempts: 1,
            removeOnComplete: true,
            removeOnFail: true,
          },
        }));
      await this.#queue(lane).addBulk(jobs);
    }
  }

  #queue(lane: string): Queue {
    const known = this.#queues.get(lane);
    if (known) return known;
    const { prefix, commands: connection } = this.#redis;
    const queue = new this.#bullmq.Queue(lane, { prefix, connection });
    queue.on('error', () => undefined);
    this.#queues.set(lane, queue);
    return queue;
  }

  #worker(lane: string, claimer: Claimer): Worker {
    // Waits for Redis while it is away, and for jobs without a limit.
    this.#connection ??= this.#redis.connect({ maxRetriesPerRequest: null, enableOfflineQueue: true });
    const worker = new this.#bullmq.Worker(
      lane,
      async () => {
        if (claimer.hasPlace(lane)) await claimer.claim(lane);
        // Another worker may have one. A worker without a place is not paused, because a task that ends is followed by a claim
        // from the rows: the jobs that had waited meanwhile would each be a claim of nothing.
        else this.#bus.publish({ type: 'wake', lane });
      },
      { prefix: this.#redis.prefix, connection: this.#connection, concurrency: 1, runRetryDelay: RETRY_MS },
    );
    worker.on('error', () => undefined);
    return worker;
  }
}

/** Closing waits for answers of a Redis that may be away. */
async function withinGoodbye(closings: Promise<unknown>[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise((resolve) => {
    timer = setTimeout(resolve, GOODBYE_MS);
  });
  await Promise.race([Promise.allSettled(closings), over]);
  clearTimeout(timer);
}
