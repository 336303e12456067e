/** Each dialect refuses whoever has no account, in its own form, before it reads anything of the request. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createServer } from '../src/http/server.ts';
import { ScriptedEngine } from './scripted-engine.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

let studio: TestStudio;
let app: Awaited<ReturnType<typeof createServer>>;
let url: string;
beforeAll(async () => {
  studio = await startStudio({ engines: [new ScriptedEngine()] });
  app = await createServer(studio.studio, { identify: async () => null });
  url = await app.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(async () => {
  await app?.close();
  await studio.close();
});

const SIGN_IN = expect.stringContaining('account');
const openai = {
  error: { message: SIGN_IN, type: 'invalid_request_error', param: null, code: 'invalid_api_key' },
};
const document = { detail: SIGN_IN, code: 'account_needed' };
const native = {
  error: expect.objectContaining({ code: 'account_needed', message: SIGN_IN }),
  request_id: expect.any(String),
};

it.each([
  ['POST', '/v1/images/generations', openai],
  ['POST', '/v1/images/edits', openai],
  ['GET', '/v1/models', openai],
  ['POST', '/generate-image', document],
  ['GET', '/api/task-status/1', document],
  ['GET', '/api/image/1', document],
  ['POST', '/api/generate-image', document],
  ['GET', '/api/task/1', document],
  ['GET', '/api/history', document],
  ['POST', '/api/v1/generation/create', document],
  ['GET', '/api/v1/generation/status/1', document],
  ['GET', '/api/v1/generation/result/1', document],
  ['GET', '/api/v1/generation/history', document],
  ['DELETE', '/api/v1/generation/1', document],
  ['POST', '/api/generate', native],
  ['POST', '/api/remove-bg', native],
  ['GET', '/api/remove-bg/1', native],
  ['GET', '/api/tasks', native],
] as const)('%s %s', async (method, path, refusal) => {
  const answer = await fetch(url + path, {
    method,
    headers: {
      'accept-language': 'en',
      ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
    },
    body: method === 'POST' ? '{}' : null,
  });
  expect([answer.status, await answer.json()]).toEqual([401, refusal]);
  expect(answer.headers.get('www-authenticate')).toBe(refusal === openai ? 'Bearer' : null);
});
