/** Entry of the thread that makes the fine part of pictures. It keeps nothing and is safe to end at any line. */
import { type MessagePort, parentPort } from 'node:worker_threads';
import { type DetailKind, detailHere } from './detail.ts';

export interface DetailOrder {
  kind: DetailKind;
  rgba: Uint8Array;
  sidePx: number;
  /** Where the planes go. */
  reply: MessagePort;
}

parentPort?.on('message', async ({ kind, rgba, sidePx, reply }: DetailOrder) => {
  const planes = await detailHere(kind, rgba, sidePx);
  reply.postMessage(planes, [planes.buffer as ArrayBuffer]);
  reply.close();
});
