import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { heldBody } from './body-gate.ts';

const MIB = 1024 ** 2;
const LIMIT = 48 * MIB;

/** A request that announces a body, and the time limits that its connection gets. */
function sender(bytes: number) {
  const limits: number[] = [];
  const raw = Object.assign(new EventEmitter(), { socket: { setTimeout: (ms: number) => limits.push(ms) } });
  const request = {
    headers: { 'content-length': String(bytes) },
    raw,
    server: { server: { timeout: 120_000 } },
  };
  const reply = { raw: Object.assign(new EventEmitter(), { closed: false }) };
  return { limits, raw, reply, enter: () => heldBody(request as never, reply as never, LIMIT) };
}

it('cuts off who holds room and sends nothing, but not who waits for room', async () => {
  const [holder, waiter] = [sender(LIMIT), sender(20 * MIB)];
  const leave = await holder.enter();
  expect(holder.limits).toEqual([0, 10_000]);

  const entered = waiter.enter();
  expect(waiter.limits).toEqual([0]);
  leave();
  const leaveNext = await entered;
  expect(waiter.limits).toEqual([0, 10_000]);

  // Its body is here: the usual limit again.
  waiter.raw.emit('end');
  expect(waiter.limits).toEqual([0, 10_000, 120_000]);
  leaveNext();
});

it('gives room back when the connection ends', async () => {
  const [holder, waiter] = [sender(LIMIT), sender(LIMIT)];
  await holder.enter();
  const entered = waiter.enter();
  holder.reply.raw.emit('close');
  (await entered)();
});

it('leaves small bodies alone', async () => {
  const small = sender(MIB);
  (await small.enter())();
  expect(small.limits).toEqual([]);
});
