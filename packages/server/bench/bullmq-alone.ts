/** BullMQ without Limner: jobs that are nothing but queue entries, and workers that do nothing. */
import { Queue, Worker } from 'bullmq';
import { timedAll } from './measure.ts';

interface Jobs {
  /** Of a Redis on this machine. */
  port: number;
  tasks: number;
  /** Jobs that are added at once. */
  senders: number;
  workers: number;
  /** Jobs of one worker at once. */
  concurrency: number;
}

/** Jobs per second, from the first that is added to the last that is done. */
export async function bullmqAlone({ port, tasks, senders, workers, concurrency }: Jobs): Promise<number> {
  const connection = { host: '127.0.0.1', port, maxRetriesPerRequest: null };
  const name = `alone-${workers}`;
  const queue = new Queue(name, { connection });
  let done = 0;
  let finish = () => {};
  const all = new Promise<void>((resolve) => (finish = resolve));
  const work = async () => (++done === tasks ? finish() : undefined);
  const running = Array.from({ length: workers }, () => new Worker(name, work, { connection, concurrency }));
  try {
    await Promise.all([queue, ...running].map((each) => each.waitUntilReady()));
    const since = performance.now();
    const options = { removeOnComplete: true, priority: 101 };
    await timedAll(tasks, senders, (index) => queue.add('task', { index }, options));
    await all;
    return tasks / ((performance.now() - since) / 1000);
  } finally {
    for (const each of [...running, queue]) await each.close();
  }
}
