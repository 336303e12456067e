import { createClient } from '@limner/contract';
import { expect, it } from 'vitest';
import { answerMcp } from './http.ts';
import type { Studio } from './studio.ts';
import { TOOLS } from './tools.ts';

const studio: Studio = {
  client: createClient({ fetch: async () => Response.error() }),
  read: async () => Response.error(),
  address: (url) => new URL(url, 'http://limner.example').href,
  leaving: new AbortController().signal,
};

async function listed(): Promise<string> {
  const request = new Request('http://limner.example/mcp', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }),
  });
  const answer = await answerMcp(request, {
    version: '1.0.0',
    language: 'en',
    studioOf: () => studio,
    maxBodyBytes: 1_000_000,
    onError: (error) => {
      throw error;
    },
  });
  return answer.text();
}

it('the list of tools is the same each time, and small', async () => {
  const first = await listed();
  expect(await listed()).toBe(first);
  expect(first).toContain('"generate_image"');
  expect(Buffer.byteLength(first)).toBeLessThanOrEqual(12 * 1024);
});

it('names are short and plain', () => {
  const names = TOOLS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[a-z_]{3,64}$/);
});
