import { Readable, Writable } from 'node:stream';
import Fastify from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { readMultipart } from '../multipart.ts';
import { bindWork, type WorkSteps } from './bind-work.ts';
import { dialectRoute } from './dialect.ts';
import { untilGone } from './waiting.ts';

const route = dialectRoute({
  method: 'POST',
  path: '/work',
  tag: 'tests',
  summary: 'Work',
  allowed: 'user',
  body: z.object({ word: z.string() }),
  status: 201,
  response: z.unknown(),
});

/** The answer of the route, and what the server logs as a mistake. */
async function answered(answer: WorkSteps<typeof route, string>['answer']) {
  const logged: string[] = [];
  const stream = new Writable({
    write(line, _encoding, done) {
      logged.push(String(line));
      done();
    },
  });
  const app = Fastify({ logger: { level: 'warn', stream } });
  onTestFinished(() => app.close());
  await readMultipart(app, { fileSizeBytes: 1024, files: 1, fields: 1, fieldBytes: 1024 });
  bindWork(app, route, { read: async ({ body }) => body.word, answer });
  const { statusCode, body } = await app.inject({
    method: 'POST',
    url: '/work',
    payload: { word: 'dragon' },
  });
  return { statusCode, body, logged };
}

it('lifts the silence limit of the connection only while its work is waited for', async () => {
  const limits: (number | undefined)[] = [];
  const app = Fastify({ connectionTimeout: 5_000 });
  onTestFinished(() => app.close());
  await readMultipart(app, { fileSizeBytes: 1024, files: 1, fields: 1, fieldBytes: 1024 });
  app.addHook('onSend', async ({ raw }) => void limits.push(raw.socket.timeout));
  bindWork(app, route, {
    read: async ({ body }) => body.word,
    answer: async (word, { request, reply }) => {
      untilGone(request, reply, new AbortController().signal);
      limits.push(request.raw.socket.timeout);
      return { word };
    },
  });
  const url = await app.listen({ port: 0 });
  await fetch(`${url}/work`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"word":"dragon"}',
  });
  expect(limits).toEqual([0, 5_000]);
});

describe('the answer of a route that makes work', () => {
  it('is sent with the status of the route', async () => {
    const made = await answered(async (word) => ({ word }));
    expect(made).toEqual({ statusCode: 201, body: '{"word":"dragon"}', logged: [] });
  });

  it('may be sent by the route itself, at once or as a stream', async () => {
    const sent = await answered(async (word, { reply }) => reply.type('text/plain').send(word));
    expect(sent).toEqual({ statusCode: 200, body: 'dragon', logged: [] });
    const parts = Readable.from(['a ', 'dragon']);
    const streamed = await answered(async (_, { reply }) => reply.type('text/plain').send(parts));
    expect(streamed).toEqual({ statusCode: 200, body: 'a dragon', logged: [] });
  });
});
