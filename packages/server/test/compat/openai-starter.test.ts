/** The images API on the built-in engines, as on a machine where nothing else is installed. */
import OpenAI from 'openai';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startStudio, type TestStudio } from '../start-studio.ts';

let studio: TestStudio;
let client: OpenAI;

beforeAll(async () => {
  studio = await startStudio();
  client = new OpenAI({ baseURL: `${studio.url}/v1`, apiKey: 'any word', maxRetries: 0 });
});
afterAll(() => studio.close());

const pictureOf = (made: OpenAI.ImagesResponse) =>
  sharp(Buffer.from(made.data?.[0]?.b64_json ?? '', 'base64'));
const tasks = () => studio.client.call('listTasks', { query: {} });

describe('the built-in engines behind the images API', () => {
  it('paint a thing with alpha of their own, within their largest size', async () => {
    const order = { prompt: 'a red dragon', background: 'transparent', size: '1536x1024' } as const;
    const made = await client.images.generate({ ...order, model: 'gpt-image-1' });
    expect(made).toMatchObject({ size: '1024x683', background: 'transparent' });
    expect((await pictureOf(made).stats()).isOpaque).toBe(false);
    expect((await tasks()).map(({ task_kind }) => task_kind)).toEqual(['generation']);
  }, 60_000);

  it('vary a picture, repaint it by words, and fill a mask of it', async () => {
    const red = await sharp({ create: { width: 128, height: 128, channels: 3, background: '#c33' } })
      .png()
      .toBuffer();
    const image = () => new File([new Uint8Array(red)], 'red.png', { type: 'image/png' });
    const varied = await client.images.createVariation({ image: image() });
    expect(await pictureOf(varied).metadata()).toMatchObject({ format: 'png' });
    const edited = await client.images.edit({ image: image(), prompt: 'a red apple' });
    expect(edited).toMatchObject({ limner: { note: expect.stringContaining('image to image') } });
    const clear = await sharp(red).ensureAlpha(0.1).png().toBuffer();
    const mask = new File([new Uint8Array(clear)], 'mask.png', { type: 'image/png' });
    const filled = await client.images.edit({ image: image(), prompt: 'a key', mask });
    expect(await pictureOf(filled).metadata()).toMatchObject({ format: 'png' });
  }, 60_000);

  it.each([
    ['loras', { loras: [{ name: 'nowhere', weight: 1 }] }],
    ['model', { model: 'flux-schnell' }],
    ['family', { family: 'flux-schnell' }],
    ['loras', { model: 'flux-schnell', loras: [{ name: 'nowhere', weight: 1 }] }],
  ])('refuse %s that nothing here has as its fault: %j', async (param, named) => {
    const before = await tasks();
    const answer = await fetch(`${studio.url}/v1/images/generations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ prompt: 'a red dragon', ...named }),
    });
    expect([answer.status, await answer.json()]).toEqual([
      400,
      {
        error: {
          type: 'invalid_request_error',
          code: 'invalid_value',
          param,
          message: expect.stringContaining(`${param}: nothing here can paint with it`),
        },
      },
    ]);
    expect(answer.headers.get('x-should-retry')).toBe('false');
    expect(answer.headers.get('retry-after')).toBeNull();
    expect(await tasks()).toEqual(before);
  });

  it('say which words of a prompt they do not know, as a fault of the prompt', async () => {
    await expect(client.images.generate({ prompt: 'qwxzv' })).rejects.toMatchObject({
      status: 400,
      type: 'invalid_request_error',
      param: 'prompt',
      message: expect.stringContaining('qwxzv'),
    });
  }, 60_000);
});
