/** The images API below a base path and behind proxies: its addresses and its streams. */
import OpenAI from 'openai';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startProxy } from '../proxy.ts';
import { startStudio } from '../start-studio.ts';
import { OpenAiEngine } from './openai-engine.ts';

const PROMPT = 'a red dragon';

async function studioBelow(environ: Record<string, string> = {}) {
  const studio = await startStudio({
    engines: [new OpenAiEngine()],
    environ: { BASE_PATH: '/limner', ...environ },
  });
  onTestFinished(() => studio.close());
  return studio;
}

const clientAt = (address: string, defaultHeaders: Record<string, string> = {}) =>
  new OpenAI({ baseURL: `${address}/v1`, apiKey: 'any word', maxRetries: 0, defaultHeaders });

const FORWARDED = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'studio.example' };

async function addressOf(client: OpenAI) {
  const made = await client.images.generate({ prompt: PROMPT, response_format: 'url' });
  return made.data?.[0]?.url ?? '';
}

describe('behind a proxy', () => {
  it.each([true, false])(
    'that strips the base path (%s): addresses can be fetched, streams arrive',
    async (strips) => {
      const studio = await studioBelow();
      const proxy = await startProxy({ target: studio.url, path: '/limner', strips });
      onTestFinished(() => proxy.close());
      const client = clientAt(proxy.url);

      const address = await addressOf(client);
      expect(address).toMatch(new RegExp(`^${proxy.url}/outputs/`));
      expect((await fetch(address)).headers.get('content-type')).toBe('image/png');
      const types = [];
      for await (const event of await client.images.generate({ prompt: PROMPT, stream: true }))
        types.push(event.type);
      expect(types).toEqual(['image_generation.completed']);
      expect(await (await fetch(`${proxy.url}/v1/none`)).json()).toMatchObject({
        error: { code: 'route_not_found' },
      });
    },
  );

  it('that is trusted: addresses are those that the client sees', async () => {
    const { url } = await studioBelow({ TRUSTED_PROXIES: '127.0.0.1,::1', ALLOWED_HOSTS: 'studio.example' });
    const client = clientAt(`${new URL(url).origin}/limner`, FORWARDED);
    expect(await addressOf(client)).toMatch(/^https:\/\/studio\.example\/limner\/outputs\/\d+_0\.png/);
  });

  it.each(['javascript', 'https://evil.example/#', 'HTTP'])(
    'that is trusted and passes on the protocol %j: addresses begin with http',
    async (proto) => {
      const { url } = await studioBelow({ TRUSTED_PROXIES: '127.0.0.1,::1' });
      const client = clientAt(`${new URL(url).origin}/limner`, { 'x-forwarded-proto': proto });
      expect(await addressOf(client)).toMatch(/^http:\/\/[^/]+\/limner\/outputs\/\d+_0\.png/);
    },
  );

  it('that is not trusted: its headers change nothing', async () => {
    const { origin } = new URL((await studioBelow()).url);
    const client = clientAt(`${origin}/limner`, FORWARDED);
    expect(await addressOf(client)).toMatch(new RegExp(`^${origin}/limner/outputs/`));
  });
});
