/**
 * Computes the detail in a thread beside the networks, because ONNX Runtime blocks the calling thread and seldom uses
 * all cores.
 */
import { MessageChannel, Worker } from 'node:worker_threads';
import type { DetailMaker } from './detail.ts';
import type { DetailOrder } from './detail-thread.ts';

/** `entry`: the built `detail-thread.ts`. The thread starts with the first request, and again after it died. */
export function detailBeside(entry: URL): DetailMaker {
  let thread: Worker | null = null;
  const begin = () => {
    const begun = new Worker(entry, { execArgv: [] });
    begun.unref();
    begun.on('exit', () => {
      thread = null;
    });
    // The caller is rejected when the port closes.
    begun.on('error', () => undefined);
    return begun;
  };
  return (kind, rgba, sidePx) =>
    new Promise((resolve, reject) => {
      const { port1, port2: reply } = new MessageChannel();
      port1.once('message', resolve);
      port1.once('close', () => reject(new Error('The thread that makes fine parts has ended.')));
      thread ??= begin();
      thread.postMessage({ kind, rgba, sidePx, reply } satisfies DetailOrder, [reply]);
    });
}
