import { describe, expect, it } from 'vitest';
import { createClient } from './client.ts';

const answering = (body: string, init: ResponseInit) =>
  createClient({ fetch: async () => new Response(body, init) });
const html = { 'content-type': 'text/html' };
const refusal = (client: ReturnType<typeof createClient>) =>
  client.call('listStyles', {}).then(
    () => null,
    ({ code, data }) => ({ code, data }),
  );

describe('an answer that is not from Limner', () => {
  it.each([200, 401, 404, 502, 503])('is reported as the proxy’s: HTTP %i', async (status) => {
    const client = answering('<h1>nginx</h1>', { status, headers: html });
    expect(await refusal(client)).toEqual({ code: 'proxy_answered', data: { status } });
  });

  it('names the limit when an upload is too large for the proxy', async () => {
    const client = answering('<h1>413 Request Entity Too Large</h1>', { status: 413, headers: html });
    expect((await refusal(client))?.code).toBe('proxy_too_large');
  });

  it('is not assumed where Limner itself refuses', async () => {
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    const limner = (code: string) =>
      answering(JSON.stringify({ error: { code, message: '', data: { limit: '1 MiB' } } }), {
        status: 413,
        headers,
      });
    expect(await refusal(limner('body_too_large'))).toEqual({
      code: 'body_too_large',
      data: { limit: '1 MiB' },
    });
    expect((await refusal(limner('of_a_newer_version')))?.code).toBe('internal');
  });
});
