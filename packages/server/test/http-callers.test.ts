import { type Caller, OWNER, routes, StudioError } from '@limner/contract';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bind } from '../src/http/bind.ts';
import { addCallers } from '../src/http/caller.ts';
import { refusalOf } from '../src/http/errors.ts';
import { createServer } from '../src/http/server.ts';
import { ScriptedEngine } from './scripted-engine.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

let studio: TestStudio;
let app: FastifyInstance;
const callers: Record<string, Caller> = { owner: OWNER, ann: { id: 'ann', role: 'user' } };

beforeAll(async () => {
  studio = await startStudio({ engines: [new ScriptedEngine()] });
  app = await createServer(studio.studio, {
    identify: async ({ headers }) => callers[String(headers['x-account'])] ?? null,
  });
});
afterAll(async () => {
  await app.close();
  await studio.close();
});

const ask = (account: string, method: 'GET' | 'POST', url: string, payload?: object) =>
  app.inject({ method, url, headers: { host: 'localhost', 'x-account': account }, payload });
const codeOf = (answer: { json(): { error?: { code: string } } }) => answer.json().error?.code;

describe('who may call a route', () => {
  it('is refused without an account, but for what anyone may read', async () => {
    for (const url of [
      '/api/tasks',
      '/api/engines',
      '/outputs/1_0.png',
      '/uploads/x.png',
      '/api/tasks/1/zip',
    ]) {
      const answer = await ask('nobody', 'GET', url);
      expect([url, answer.statusCode, codeOf(answer)]).toEqual([url, 401, 'account_needed']);
    }
    expect((await ask('nobody', 'GET', '/health')).statusCode).toBe(200);
    expect((await ask('nobody', 'GET', '/docs/json')).statusCode).toBe(200);
  });

  it('changes the installation only as an administrator', async () => {
    expect((await ask('ann', 'GET', '/api/tasks')).statusCode).toBe(200);
    const refused = await ask('ann', 'POST', '/api/storage/cleanup', { older_than_days: 30 });
    expect([refused.statusCode, codeOf(refused)]).toEqual([403, 'not_allowed']);
    expect((await ask('owner', 'POST', '/api/storage/cleanup', { older_than_days: 30 })).statusCode).toBe(
      200,
    );
  });

  it('must be said by every route: the server does not start with one that does not', async () => {
    const bare = Fastify();
    addCallers(bare, async () => OWNER);
    expect(() => bare.get('/open', async () => 'hello')).toThrow('GET /open does not say who may call it');
  });
});

describe('a plugin with an interface of another program', () => {
  it('answers every refusal in its own shape, the common ones included', async () => {
    const server = await createServer(studio.studio, {
      identify: async ({ headers }) => callers[String(headers['x-account'])] ?? null,
    });
    await server.register(
      async (scope) => {
        scope.setErrorHandler((thrown, request, reply) => {
          const { status, code } = refusalOf(thrown, request);
          reply.status(status).send({ detail: code });
        });
        bind(scope, { ...routes.generate, path: '/txt2img' }, async () => {
          throw new StudioError('queue_full', { data: { count: 1 } });
        });
      },
      { prefix: '/another/v1' },
    );
    const post = (payload: object | string, headers: Record<string, string> = {}) =>
      server.inject({
        method: 'POST',
        url: '/another/v1/txt2img',
        headers: { host: 'localhost', 'x-account': 'ann', 'content-type': 'application/json', ...headers },
        payload,
      });
    const said = async (answer: ReturnType<typeof post>) => (await answer).json();
    expect(await said(post({ prompt: 'a key' }))).toEqual({ detail: 'queue_full' });
    expect(await said(post({}))).toEqual({ detail: 'invalid_request' });
    expect(await said(post('{'))).toEqual({ detail: 'invalid_json' });
    expect(await said(post({ prompt: 'a key' }, { 'x-account': 'nobody' }))).toEqual({
      detail: 'account_needed',
    });
    expect(await said(post({ prompt: 'a key' }, { host: 'evil.example' }))).toEqual({
      detail: 'host_refused',
    });
    await server.close();
  });
});
