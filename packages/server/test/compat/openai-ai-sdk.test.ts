/** The AI SDK against the images API, through its provider for OpenAI and the one for compatible servers. */
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, generateImage } from 'ai';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startStudio, type TestStudio } from '../start-studio.ts';
import { OpenAiEngine } from './openai-engine.ts';

const engine = new OpenAiEngine();
let studio: TestStudio;
let sent: unknown[] = [];

beforeAll(async () => {
  globalThis.AI_SDK_LOG_WARNINGS = false;
  studio = await startStudio({ engines: [engine] });
});
afterAll(() => studio.close());
beforeEach(() => {
  engine.runs.length = 0;
  sent = [];
});

const noting: typeof fetch = (input, init) => {
  if (typeof init?.body === 'string') sent.push(JSON.parse(init.body));
  return fetch(input, init);
};
const official = () => createOpenAI({ baseURL: `${studio.url}/v1`, apiKey: 'any', fetch: noting });
const compatible = () =>
  createOpenAICompatible({ name: 'limner', baseURL: `${studio.url}/v1`, apiKey: 'any', fetch: noting });
const PROMPT = 'a red dragon';
const picture = (alpha = 1) =>
  sharp({ create: { width: 64, height: 64, channels: 4, background: { r: 1, g: 2, b: 3, alpha } } })
    .png()
    .toBuffer();

describe('the provider for OpenAI', () => {
  it('reads base64 that it does not ask for', async () => {
    const model = official().image('gpt-image-1');
    const { image } = await generateImage({ model, prompt: PROMPT, size: '256x256' });
    expect(await sharp(image.uint8Array).metadata()).toMatchObject({ format: 'png', width: 256 });
    expect(sent[0]).not.toHaveProperty('response_format');
  });

  it('sends one request per picture of a model that it does not know', async () => {
    const model = official().image('painting');
    const { images, warnings } = await generateImage({ model, prompt: PROMPT, n: 3, seed: 5 });
    expect(new Set(images.map(({ base64 }) => base64)).size).toBe(3);
    expect(sent).toHaveLength(3);
    expect(warnings.length).toBeGreaterThan(0);
  });

  it('throws the reason of a refusal', async () => {
    const model = official().image('painting');
    const refused = generateImage({ model, prompt: PROMPT, size: '1x1', maxRetries: 0 });
    await expect(refused).rejects.toSatisfy(
      (error) => APICallError.isInstance(error) && error.statusCode === 400 && /^size:/.test(error.message),
    );
  });
});

describe('the provider for compatible servers', () => {
  it("passes Limner's own fields", async () => {
    const providerOptions = { limner: { seed: 9, steps: 7, negative_prompt: 'rain', quality: 'high' } };
    const model = compatible().imageModel('painting');
    const { images } = await generateImage({ model, prompt: PROMPT, n: 2, providerOptions });
    expect(images).toHaveLength(2);
    expect(sent[0]).toMatchObject({ response_format: 'b64_json', seed: 9, steps: 7 });
    expect(engine.runs.map(({ request }) => [request.seed, request.params.steps])).toEqual([
      [9, 7],
      [10, 7],
    ]);
  });

  it('edits pictures, and repaints within a mask', async () => {
    const model = compatible().imageModel('painting');
    const images = [await picture(), await picture()];
    const edited = await generateImage({
      model: compatible().imageModel('editing'),
      prompt: { text: PROMPT, images },
    });
    expect(edited.images).toHaveLength(1);
    const mask = await picture(0.2);
    await generateImage({ model, prompt: { text: PROMPT, images: images.slice(1), mask } });
    expect(engine.runs.map(({ request }) => [request.kind, request.type])).toEqual([
      ['edit', null],
      ['generation', 'inpaint'],
    ]);
  });

  it('gets base64 or an address of this server, whichever it asks for', async () => {
    const providerOptions = { limner: { response_format: 'url' } };
    const model = compatible().imageModel('painting');
    const { image } = await generateImage({ model, prompt: PROMPT, providerOptions });
    expect((await sharp(image.uint8Array).metadata()).format).toBe('png');
  });
});
