import { EventEmitter, getEventListeners, setMaxListeners } from 'node:events';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { expect, it } from 'vitest';
import { untilGone } from './waiting.ts';

const request = { raw: { socket: { setTimeout: () => undefined } } } as unknown as FastifyRequest;
const replyOf = (more: object = {}) => {
  const raw = Object.assign(new EventEmitter(), { closed: false, writableFinished: false }, more);
  return { raw, reply: { raw } as unknown as FastifyReply };
};

it('is over when the client goes before its answer, or when the server stops', () => {
  const stopping = new AbortController();
  const [left, answered, stopped] = [replyOf(), replyOf({ writableFinished: true }), replyOf()];
  const signals = [left, answered, stopped].map(({ reply }) => untilGone(request, reply, stopping.signal));
  const aborted = () => signals.map((signal) => signal.aborted);
  left.raw.emit('close');
  answered.raw.emit('close');
  expect(aborted()).toEqual([true, false, false]);
  stopping.abort(new Error('the server stops'));
  expect(aborted()).toEqual([true, false, true]);
  expect(signals[2]?.reason).toEqual(new Error('the server stops'));
  expect(untilGone(request, replyOf().reply, stopping.signal).aborted).toBe(true);
  expect(untilGone(request, replyOf({ closed: true }).reply, new AbortController().signal).aborted).toBe(
    true,
  );
});

it('leaves nothing at the signal of the server once a request is over', () => {
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  const waiting = Array.from({ length: 20 }, () => replyOf());
  for (const { reply } of waiting) untilGone(request, reply, signal);
  expect(getEventListeners(signal, 'abort')).toHaveLength(20);
  for (const { raw } of waiting) raw.emit('close');
  untilGone(request, replyOf({ closed: true }).reply, signal);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});
