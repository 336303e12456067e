import { EventEmitter } from 'node:events';
import type { Caller } from '@limner/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { beforeEach, expect, it } from 'vitest';
import { MemoryBus } from '../bus/memory-bus.ts';
import { CallsInFlight } from './calls-in-flight.ts';

const ann: Caller = { id: 'ann', role: 'user' };
const ben: Caller = { id: 'ben', role: 'user' };
const call = { jsonrpc: '2.0', id: 5, method: 'tools/call' };
const cancellation = { method: 'notifications/cancelled', params: { requestId: 5 } };

const request = (session?: string) =>
  ({ headers: session === undefined ? {} : { 'mcp-session-id': session } }) as unknown as FastifyRequest;
const reply = () => {
  const raw = new EventEmitter();
  return { raw, header: () => raw } as unknown as FastifyReply & { raw: EventEmitter };
};

/** Two processes. */
let calls: CallsInFlight;
let elsewhere: CallsInFlight;
beforeEach(() => {
  const bus = new MemoryBus();
  calls = new CallsInFlight(bus);
  elsewhere = new CallsInFlight(bus);
});

it('cancels a call of the same caller and session, and no other', () => {
  const own = calls.signalOf(request('s1'), reply(), ann, call);
  const otherSession = calls.signalOf(request('s2'), reply(), ann, call);
  const otherCaller = calls.signalOf(request('s1'), reply(), ben, call);
  calls.notice(request('s1'), reply(), ann, cancellation);
  expect([own, otherSession, otherCaller].map((signal) => signal?.aborted)).toEqual([true, false, false]);
});

it('cancels a call that runs in another process', () => {
  const signal = calls.signalOf(request('s1'), reply(), ann, call);
  elsewhere.notice(request('s1'), reply(), ben, cancellation);
  expect(signal?.aborted).toBe(false);
  elsewhere.notice(request('s1'), reply(), ann, cancellation);
  expect(signal?.aborted).toBe(true);
});

it('knows no call without a session, and none that was answered', () => {
  expect(calls.signalOf(request(), reply(), ann, call)).toBeNull();
  const answered = reply();
  const signal = calls.signalOf(request('s1'), answered, ann, call);
  answered.raw.emit('close');
  calls.notice(request('s1'), reply(), ann, cancellation);
  expect(signal?.aborted).toBe(false);
});

it.each([null, 7, 'text', [], {}, { method: 'tools/call' }, { ...cancellation, params: {} }])(
  'ignores the message %j',
  (message) => {
    expect(calls.signalOf(request('s1'), reply(), ann, message)).toBeNull();
    expect(() => calls.notice(request('s1'), reply(), ann, message)).not.toThrow();
  },
);
