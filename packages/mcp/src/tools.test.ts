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

const MODERN = '2026-07-28';

async function listed(isModern = false): Promise<string> {
  const meta = {
    'io.modelcontextprotocol/protocolVersion': MODERN,
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const request = new Request('http://limner.example/mcp', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(isModern ? { 'mcp-protocol-version': MODERN, 'mcp-method': 'tools/list' } : {}),
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/list',
      params: isModern ? { _meta: meta } : {},
    }),
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

it.each([false, true])(
  'the list of tools is the same each time, and small (2026-07-28: %s)',
  async (isModern) => {
    const first = await listed(isModern);
    expect(await listed(isModern)).toBe(first);
    expect(first).toContain('"generate_image"');
    expect(Buffer.byteLength(first)).toBeLessThanOrEqual(12 * 1024);
  },
);

it('names are short and plain', () => {
  const names = TOOLS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[a-z_]{3,64}$/);
});
