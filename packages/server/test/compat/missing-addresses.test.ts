/** Each dialect answers for every address below its own ones, and for other methods of these, in its own form. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ScriptedEngine } from '../scripted-engine.ts';
import { startStudio, type TestStudio } from '../start-studio.ts';

let studio: TestStudio;
beforeAll(async () => {
  studio = await startStudio({ engines: [new ScriptedEngine()] });
});
afterAll(() => studio.close());

const HAN = expect.stringMatching(/\p{Script=Han}/u);
const openai = (code: string) => ({
  error: { message: HAN, type: 'invalid_request_error', param: null, code },
});
const a1111 = (error: string) => ({ error, detail: HAN, body: '', errors: HAN });
const document = (code: string) => ({ detail: HAN, code });

const CODES = { 404: 'route_not_found', 405: 'method_not_allowed' } as const;

it.each([
  [404, 'POST', '/v1/chat/completions', openai],
  [404, 'GET', '/images/none', openai],
  [404, 'POST', '/openai/deployments/x/chat/completions', openai],
  [405, 'GET', '/v1/images/generations', openai],
  [405, 'GET', '/images/edits', openai],
  [405, 'DELETE', '/v1/models/x', openai],
  [404, 'GET', '/sdapi/v1/nothing', a1111],
  [404, 'POST', '/sdapi/v1/server-kill', a1111],
  [404, 'GET', '/controlnet/nothing', a1111],
  [405, 'GET', '/sdapi/v1/txt2img', a1111],
  [405, 'GET', '/rembg', a1111],
  [405, 'GET', '/generate-image', document],
  [404, 'GET', '/api/task-status', document],
  [405, 'DELETE', '/api/image/1', document],
  [405, 'GET', '/api/generate-image', document],
  [405, 'POST', '/api/task/1', document],
  [405, 'DELETE', '/api/history', document],
  [404, 'POST', '/api/v1/generation/cancel/1', document],
  [405, 'POST', '/api/v1/generation/status/1', document],
] as const)('%s for %s %s', async (status, method, path, refusal) => {
  const answer = await fetch(studio.url + path, { method, headers: { 'accept-language': 'zh' } });
  expect([answer.status, await answer.json()]).toEqual([status, refusal(CODES[status])]);
  expect(answer.headers.has('allow')).toBe(status === 405);
  expect(answer.headers.has('x-request-id')).toBe(true);
});
