/** A1111's API from other callers, other sites and below a base path. */
import { OWNER } from '@limner/contract';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createServer } from '../../src/http/server.ts';
import { ScriptedEngine, tinyPng, untilAborted } from '../scripted-engine.ts';
import { startStudio, type TestStudio } from '../start-studio.ts';
import { ask } from './a1111-asking.ts';

const PAGE = 'https://www.photopea.com';

describe('another caller', () => {
  let studio: TestStudio;
  let app: Awaited<ReturnType<typeof createServer>>;
  let url: string;
  const engine = new ScriptedEngine(({ prompt }, { signal }) =>
    prompt === 'slow' ? untilAborted(signal) : tinyPng,
  );

  beforeEach(async () => {
    engine.runs.length = 0;
    studio = await startStudio({ engines: [engine] });
    app = await createServer(studio.studio, {
      identify: async ({ headers }) => {
        if (headers['x-account'] === 'nobody') return null;
        return headers['x-account'] === 'ann' ? { id: 'ann', role: 'user' } : OWNER;
      },
    });
    url = await app.listen({ port: 0, host: '127.0.0.1' });
  });
  afterEach(async () => {
    await app?.close();
    await studio.close();
  });

  const as = (account: string) => ({ 'x-account': account });

  it('stops nothing, sees no progress, and selects no model for others', async () => {
    const waiting = ask(url, 'POST', 'txt2img', { prompt: 'slow' }, as('owner'));
    await expect.poll(() => engine.runs.length).toBe(1);
    for (const path of ['interrupt', 'skip', 'stop-generating'])
      expect(await ask(url, 'POST', path, {}, as('ann'))).toEqual({ status: 200, body: {} });
    expect((await ask(url, 'GET', 'progress', undefined, as('ann'))).body.state.job_count).toBe(0);
    expect((await ask(url, 'GET', 'progress', undefined, as('owner'))).body.state.job_count).toBe(1);
    expect((await studio.client.call('getTask', { params: { id: engine.runs[0]?.task ?? 0 } })).status).toBe(
      'running',
    );
    await ask(url, 'POST', 'interrupt', undefined, as('owner'));
    expect(await waiting).toMatchObject({ status: 200, body: { images: [] } });
  });

  it('is another client of the account too, by the credentials that it sends', async () => {
    const [anna, bert] = ['YW5uYTp4', 'YmVydDp5'].map((credentials) => ({
      authorization: `Basic ${credentials}`,
    }));
    const waiting = ask(url, 'POST', 'txt2img', { prompt: 'slow' }, anna);
    await expect.poll(() => engine.runs.length).toBe(1);
    await ask(url, 'POST', 'interrupt', undefined, bert);
    expect((await ask(url, 'GET', 'progress', undefined, bert)).body.state.job_count).toBe(0);
    expect((await ask(url, 'GET', 'progress', undefined, anna)).body.state.job_count).toBe(1);
    await ask(url, 'POST', 'interrupt', undefined, anna);
    expect(await waiting).toMatchObject({ status: 200, body: { images: [] } });
  });

  it('without an account is refused in the words of A1111', async () => {
    for (const [method, path] of [
      ['GET', 'sd-models'],
      ['POST', 'interrupt'],
      ['POST', 'txt2img'],
    ] as const) {
      const answer = await ask(
        url,
        method,
        path,
        method === 'POST' ? { prompt: 'x' } : undefined,
        as('nobody'),
      );
      expect(answer).toEqual({
        status: 401,
        body: { error: 'account_needed', detail: expect.any(String), body: '', errors: answer.body.detail },
      });
    }
  });
});

describe('without accounts', () => {
  let studio: TestStudio;
  beforeAll(async () => {
    studio = await startStudio({ engines: [new ScriptedEngine()] });
  });
  afterAll(() => studio.close());

  it('any credentials pass: right, wrong, empty, or none', async () => {
    for (const authorization of ['Basic dXNlcjpwYXNz', 'Basic !', 'Basic ', '', 'Bearer x'])
      expect((await ask(studio.url, 'GET', 'options', undefined, { authorization })).status).toBe(200);
  });

  it('a page of another site is refused', async () => {
    const refused = await ask(studio.url, 'GET', 'sd-models', undefined, { origin: PAGE });
    expect(refused.status).toBe(403);
    const preflight = await fetch(`${studio.url}/sdapi/v1/txt2img`, {
      method: 'OPTIONS',
      headers: { origin: PAGE, 'access-control-request-method': 'POST' },
    });
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
    expect(preflight.status).toBe(403);
  });
});

describe.each([
  { setting: PAGE, allowed: PAGE },
  { setting: '*', allowed: PAGE },
])('with CORS_ORIGINS=$setting and a base path', ({ setting, allowed }) => {
  let studio: TestStudio;
  beforeAll(async () => {
    studio = await startStudio({
      engines: [new ScriptedEngine()],
      environ: { CORS_ORIGINS: setting, BASE_PATH: '/limner' },
    });
  });
  afterAll(() => studio.close());

  it.each(['', '/limner'])('a page of that site paints at "%s/sdapi/v1"', async (base) => {
    const address = `${studio.url.replace(/\/limner\/?$/, '')}${base}`;
    const preflight = await fetch(`${address}/sdapi/v1/txt2img`, {
      method: 'OPTIONS',
      headers: {
        origin: PAGE,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe(allowed);
    expect(preflight.headers.get('access-control-allow-headers')).toBe('authorization,content-type');
    expect(preflight.headers.get('access-control-allow-methods')).toContain('POST');

    const painted = await ask(address, 'POST', 'txt2img', { prompt: 'x' }, { origin: PAGE });
    expect(painted).toMatchObject({ status: 200, body: { images: [expect.any(String)] } });
    const wrong = await fetch(`${address}/sdapi/v1/img2img`, {
      method: 'POST',
      headers: { origin: PAGE, 'content-type': 'application/json' },
      body: '{}',
    });
    expect([wrong.status, wrong.headers.get('access-control-allow-origin')]).toEqual([404, allowed]);
  });
});
