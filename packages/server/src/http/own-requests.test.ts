import type { Caller } from '@limner/contract';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { OwnRequests } from './own-requests.ts';

const ann: Caller = { id: 'ann', role: 'user' };
let app: FastifyInstance;
let own: OwnRequests;
let release: () => void;
/** The header of the request that waits. */
let seen: unknown;

beforeEach(() => {
  seen = undefined;
  own = new OwnRequests();
  app = Fastify();
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.post('/who', async (request) => ({
    caller: own.callerOf(request)?.id ?? null,
    host: request.headers.host,
    type: request.headers['content-type'],
    bytes: (request.body as Buffer | undefined)?.length ?? 0,
    query: request.query,
  }));
  app.get('/nothing', async (_request, reply) => reply.status(204).header('x-a', ['1', '2']).send());
  app.get('/bytes', async (_request, reply) => reply.type('image/png').send(Buffer.from([0, 255, 1])));
  app.get('/slow', async (request) => {
    seen = request.headers['x-limner-own-request'];
    await held;
    return {};
  });
});
afterEach(async () => {
  release();
  await app.close();
});

const ask = () => own.fetchFor(app, ann, 'studio.example:8080');

it('asks for its caller, with the host, query and body', async () => {
  const form = new FormData();
  form.set('file', new Blob(['a picture']), 'a.png');
  const answer = await ask()('/who?a=1', { method: 'POST', body: form });
  expect(await answer.json()).toMatchObject({
    caller: 'ann',
    host: 'studio.example:8080',
    type: expect.stringMatching(/^multipart\/form-data; boundary=/),
    query: { a: '1' },
  });
});

it('gives bytes, and answers without a body with all values of their headers', async () => {
  expect([...new Uint8Array(await (await ask()('/bytes')).arrayBuffer())]).toEqual([0, 255, 1]);
  const nothing = await ask()('/nothing');
  expect([nothing.status, nothing.headers.get('x-a')]).toEqual([204, '1, 2']);
});

it('knows no caller of a request from elsewhere, nor of one that has been answered', async () => {
  const running = ask()('/slow');
  await expect.poll(() => seen).toEqual(expect.any(String));
  const headers = { 'x-limner-own-request': String(seen) };
  expect(own.callerOf({ headers })).toEqual(ann);
  release();
  await running;
  expect(own.callerOf({ headers })).toBeUndefined();
  expect(own.callerOf({ headers: {} })).toBeUndefined();
  const sent = { method: 'POST', url: '/who', headers: { 'x-limner-own-request': 'guessed' } } as const;
  expect((await app.inject(sent)).json()).toMatchObject({ caller: null });
});

it('ends the wait when it is aborted, before and while it is answered', async () => {
  const reason = new Error('cancelled');
  await expect(ask()('/slow', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  const abort = new AbortController();
  const running = ask()('/slow', { signal: abort.signal });
  await expect.poll(() => seen).toEqual(expect.any(String));
  abort.abort(reason);
  await expect(running).rejects.toBe(reason);
});
