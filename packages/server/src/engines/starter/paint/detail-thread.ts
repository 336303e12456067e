/** Entry of the thread that computes the detail of pictures. It keeps no state and can be ended at any line. */
import { type MessagePort, parentPort } from 'node:worker_threads';
import { type DetailKind, detailHere } from './detail.ts';

export interface DetailOrder {
  kind: DetailKind;
  rgba: Uint8Array;
  sidePx: number;
  /** The port that receives the planes. */
  reply: MessagePort;
}

parentPort?.on('message', async ({ kind, rgba, sidePx, reply }: DetailOrder) => {
  const planes = await detailHere(kind, rgba, sidePx);
  reply.postMessage(planes, [planes.buffer as ArrayBuffer]);
  reply.close();
});
