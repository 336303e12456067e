/** The official client against the images API: what its users send, and what it makes of the answers. */
import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Family } from '@limner/contract';
import OpenAI, { AzureOpenAI, toFile } from 'openai';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { untilAborted } from '../scripted-engine.ts';
import { startStudio, type TestStudio, type TestStudioOptions } from '../start-studio.ts';
import { FAMILIES, OpenAiEngine, pictureOf } from './openai-engine.ts';

let studio: TestStudio;
let engine: OpenAiEngine;
let client: OpenAI;

async function start(options: TestStudioOptions = {}) {
  studio = await startStudio({ engines: [engine], ...options });
  client = new OpenAI({ baseURL: `${studio.url}/v1`, apiKey: 'any word', maxRetries: 0 });
}

async function startAgain(next: OpenAiEngine, options: TestStudioOptions = {}) {
  await studio.close();
  engine = next;
  await start(options);
}

beforeEach(async () => {
  engine = new OpenAiEngine();
  await start();
});
afterEach(() => studio.close());

const PROMPT = 'a red dragon';
const bytesOf = (b64: string | undefined) => Buffer.from(b64 ?? '', 'base64');
const measured = (b64: string | undefined) => sharp(bytesOf(b64)).metadata();
const requests = () => engine.runs.map(({ request }) => request);

const solid = (width: number, height: number, alpha = 1) =>
  sharp({ create: { width, height, channels: 4, background: { r: 9, g: 99, b: 199, alpha } } });
const png = async (width = 64, height = 48) =>
  toFile(await solid(width, height).png().toBuffer(), 'picture.png', { type: 'image/png' });

async function refusedBy(promise: Promise<unknown>) {
  const error = await promise.then(
    () => {
      throw new Error('was not refused');
    },
    (refused: unknown) => refused,
  );
  if (error instanceof OpenAI.APIError) return error;
  throw error;
}

describe('generations with the official client', () => {
  it('answers base64 of the asked size, or an address that can be fetched', async () => {
    const made = await client.images.generate({ prompt: PROMPT, model: 'gpt-image-1', size: '256x256' });
    expect(await measured(made.data?.[0]?.b64_json)).toMatchObject({
      format: 'png',
      width: 256,
      height: 256,
    });
    expect(made).toMatchObject({ size: '256x256', output_format: 'png', created: expect.any(Number) });
    expect(made.data?.[0]).not.toHaveProperty('url');

    const linked = await client.images.generate({ prompt: PROMPT, response_format: 'url', size: '256x256' });
    const url = linked.data?.[0]?.url ?? '';
    expect(url).toMatch(new RegExp(`^${studio.url}/outputs/`));
    expect(linked.data?.[0]).not.toHaveProperty('b64_json');
    const fetched = await fetch(url, { headers: { authorization: 'Bearer any word' } });
    expect(fetched.headers.get('content-type')).toBe('image/png');
  });

  it('draws another seed for each of n pictures, and the same picture of the same seed', async () => {
    const three = await client.images.generate({ prompt: PROMPT, n: 3 });
    expect(new Set(three.data?.map(({ b64_json }) => b64_json)).size).toBe(3);
    expect(new Set(requests().map(({ seed }) => seed)).size).toBe(3);

    const own = { prompt: PROMPT, seed: 7 } as OpenAI.ImageGenerateParamsNonStreaming;
    const [one, two] = [await client.images.generate(own), await client.images.generate(own)];
    expect(one.data?.[0]?.b64_json).toBe(two.data?.[0]?.b64_json);
  });

  it.each([
    ['auto', 64, 64],
    [null, 64, 64],
    ['1000x1000', 1000, 1000],
    ['1001x333', 1000, 336],
    // Beyond the family: smaller, in the same shape.
    ['1792x1024', 1024, 584],
    ['1024x1792', 584, 1024],
  ] as const)('makes of the size %s what the family can, and reports it', async (size, width, height) => {
    const made = await client.images.generate({ prompt: PROMPT, size: size as 'auto' });
    expect(await measured(made.data?.[0]?.b64_json)).toMatchObject({ width, height });
    expect(made.size).toBe(`${width}x${height}`);
  });

  it('refuses a size that no family can make', async () => {
    for (const size of ['10x10', '9000x9000', 'large', '64'])
      expect(await refusedBy(client.images.generate({ prompt: PROMPT, size: size as 'auto' }))).toMatchObject(
        { status: 400, param: 'size', type: 'invalid_request_error', code: 'invalid_value' },
      );
  });

  it.each([
    ['low', 10],
    ['medium', undefined],
    ['standard', undefined],
    ['auto', undefined],
    ['of a later version', undefined],
    ['hd', 30],
    ['max', 30],
  ])('paints the quality %s with fitting steps', async (quality, steps) => {
    await client.images.generate({ prompt: PROMPT, quality: quality as 'auto' });
    expect(requests()[0]?.params.steps).toBe(steps);
  });

  it('converts to the asked format', async () => {
    const jpeg = { prompt: PROMPT, output_format: 'jpeg', output_compression: 60 } as const;
    const made = await client.images.generate(jpeg);
    expect(made).toMatchObject({ output_format: 'jpeg', background: 'opaque' });
    expect((await measured(made.data?.[0]?.b64_json)).format).toBe('jpeg');
    const webp = await client.images.generate({ prompt: PROMPT, output_format: 'webp' });
    expect((await measured(webp.data?.[0]?.b64_json)).format).toBe('webp');
  });

  it('paints with a family that is named as the model, and with the best one for every other name', async () => {
    const other = { ...FAMILIES[0], id: 'other' } as (typeof FAMILIES)[0];
    await startAgain(new OpenAiEngine(undefined, { families: [...FAMILIES, other] }));
    for (const model of ['other', 'gpt-image-2.6-flare', 'dall-e-3', 'editing', ''])
      await client.images.generate({ prompt: PROMPT, model });
    expect(requests().map(({ family }) => family)).toEqual(['other', ...Array(4).fill('painting')]);
  });

  it("takes Limner's own fields", async () => {
    const own = {
      prompt: PROMPT,
      seed: '18446744073709551615',
      steps: 9,
      negative_prompt: 'rain',
      loras: [{ name: 'ink', weight: 0.5 }],
      guidance: 3.5,
      family: 'painting',
    };
    expect((await refusedBy(client.images.generate(own as never))).param).toBe('seed');
    await client.images.generate({ ...own, seed: 5 } as never);
    expect(requests()[0]).toMatchObject({
      seed: 5,
      params: { steps: 9, guidance: 3.5 },
      negative_prompt: 'rain',
      loras: [{ name: 'ink', weight: 0.5 }],
    });
    expect(await refusedBy(client.images.generate({ ...own, family: 'none' } as never))).toMatchObject({
      status: 400,
      param: 'family',
    });
  });
});

describe('edits with the official client', () => {
  it('edits one picture, two pictures, and a WebP without a name', async () => {
    await client.images.edit({ prompt: PROMPT, image: await png() });
    await client.images.edit({ prompt: PROMPT, image: [await png(), await png(32, 32)], n: 2 });
    const webp = await toFile(await solid(40, 40).webp().toBuffer(), 'blob', {
      type: 'application/octet-stream',
    });
    const made = await client.images.edit({ prompt: PROMPT, image: webp, size: '256x256' });
    expect(await measured(made.data?.[0]?.b64_json)).toMatchObject({ width: 256, height: 256 });
    expect(requests().map(({ kind, references }) => [kind, references.length])).toEqual([
      ['edit', 1],
      ['edit', 2],
      ['edit', 2],
      ['edit', 1],
    ]);
  });

  it('repaints what is transparent in the mask', async () => {
    const half = await solid(64, 48)
      .composite([{ input: await solid(32, 48).png().toBuffer(), left: 0, top: 0, blend: 'dest-out' }])
      .png()
      .toBuffer();
    let white: number[] = [];
    await startAgain(
      new OpenAiEngine(async (frame, context) => {
        const mask = await (await context.openInput(frame.mask_image as string)).read();
        const { data } = await sharp(mask).greyscale().raw().toBuffer({ resolveWithObject: true });
        white = [data[0] as number, data[63] as number];
        return pictureOf(frame);
      }),
    );
    const mask = await toFile(half, 'mask.png', { type: 'image/png' });
    const made = await client.images.edit({ prompt: PROMPT, image: await png(), mask });
    expect(made.data).toHaveLength(1);
    expect(requests()[0]).toMatchObject({ kind: 'generation', type: 'inpaint', prompt: PROMPT });
    expect(white).toEqual([255, 0]);
  });

  it('refuses a mask without alpha, of another size, or where no family repaints', async () => {
    const flat = await toFile(await solid(64, 48).jpeg().toBuffer(), 'mask.jpg', { type: 'image/jpeg' });
    const image = () => png();
    const refused = async (mask: File) =>
      refusedBy(client.images.edit({ prompt: PROMPT, image: await image(), mask }));
    expect(await refused(flat)).toMatchObject({ status: 400, param: 'mask' });
    expect(await refused(await png(32, 32))).toMatchObject({ status: 400, param: 'mask' });
    const two = { prompt: PROMPT, image: [await image(), await image()], mask: await png() };
    expect(await refusedBy(client.images.edit(two))).toMatchObject({ status: 400, param: 'image' });
    const plain = { ...FAMILIES[0], types: ['txt2img'] } as (typeof FAMILIES)[0];
    await startAgain(new OpenAiEngine(undefined, { families: [plain] }));
    expect(await refused(await png())).toMatchObject({ param: 'mask', code: 'engine_unavailable' });
    expect(engine.runs).toEqual([]);
  });

  it('paints over the picture where no family edits, and says so', async () => {
    await startAgain(new OpenAiEngine(undefined, { families: FAMILIES.slice(0, 1) }));
    const made = await client.images.edit({ prompt: PROMPT, image: await png() });
    expect(requests()[0]).toMatchObject({ kind: 'generation', type: 'img2img' });
    expect(made).toMatchObject({ limner: { note: expect.stringContaining('image to image') } });
    const two = await client.images.edit({ prompt: PROMPT, image: [await png(), await png()] });
    expect(two).toMatchObject({ limner: { note: expect.stringContaining('Only the first picture') } });
  });

  it('names a model that is not here, but none of those that clients offer by themselves', async () => {
    const noteFor = async (model: string) => {
      const made = await client.images.generate({ model, prompt: PROMPT });
      return (made as unknown as { limner: { note: string } }).limner.note;
    };
    expect(await noteFor('some/unknown-model')).toContain('There is no model "some/unknown-model" here');
    expect(await noteFor('gpt-image-1')).not.toContain('There is no model');
    expect(await noteFor(FAMILIES[0]?.id ?? '')).not.toContain('There is no model');
  });

  it('takes a picture from a stream, and refuses one that is too large or none', async () => {
    const file = path.join(studio.dataDir, 'sent.png');
    await writeFile(file, await solid(64, 64).png().toBuffer());
    const streamed = await client.images.edit({ prompt: PROMPT, image: createReadStream(file) });
    expect(streamed.data).toHaveLength(1);

    const large = await toFile(Buffer.alloc(20 * 1024 ** 2, 1), 'large.png');
    const tooLarge = await refusedBy(client.images.edit({ prompt: PROMPT, image: large }));
    expect(tooLarge).toMatchObject({ status: 413, code: 'invalid_image', param: 'image' });
    expect(tooLarge.message).toContain('10 MiB');
    const text = await toFile(Buffer.from('no picture'), 'text.png');
    expect(await refusedBy(client.images.edit({ prompt: PROMPT, image: text }))).toMatchObject({
      status: 400,
      code: 'invalid_image',
      param: 'image',
    });
  });

  it('makes variations without a prompt', async () => {
    const made = await client.images.createVariation({ image: await png(), n: 2, size: '256x256' });
    expect(made.data).toHaveLength(2);
    expect(requests()[0]).toMatchObject({ type: 'img2img', params: { denoise: 0.65 }, width: 256 });
    expect(made).toMatchObject({ limner: { note: expect.not.stringContaining('edits') } });
  });
});

describe('transparent backgrounds', () => {
  const alphaOf = async (b64: string | undefined) => (await sharp(bytesOf(b64)).stats()).isOpaque;

  it('cuts an opaque picture out in a task that names its source', async () => {
    await startAgain(new OpenAiEngine((frame) => pictureOf(frame, frame.kind === 'remove_bg' ? 0.4 : 1)));
    const order = { prompt: PROMPT, background: 'transparent', n: 2 } as const;
    const made = await client.images.generate(order);
    expect(made.background).toBe('transparent');
    expect(await Promise.all((made.data ?? []).map(({ b64_json }) => alphaOf(b64_json)))).toEqual([
      false,
      false,
    ]);
    const tasks = await studio.client.call('listTasks', { query: {} });
    expect(tasks.map(({ task_kind }) => task_kind)).toEqual(['remove_bg', 'remove_bg', 'generation']);
    const cut = await studio.client.call('getTask', { params: { id: tasks[0]?.id as number } });
    expect(cut.source_task_id).toBe(tasks[2]?.id);
  });

  it('keeps the alpha of a family that paints it', async () => {
    await startAgain(new OpenAiEngine((frame) => pictureOf(frame, 0.4)));
    const made = await client.images.generate({ prompt: PROMPT, background: 'transparent' });
    expect(await alphaOf(made.data?.[0]?.b64_json)).toBe(false);
    expect(requests().map(({ kind }) => kind)).toEqual(['generation']);
    const opaque = await client.images.generate({ prompt: PROMPT, background: 'opaque' });
    expect(await alphaOf(opaque.data?.[0]?.b64_json)).toBe(true);
  });

  it('is refused in JPEG', async () => {
    const order = { prompt: PROMPT, background: 'transparent', output_format: 'jpeg' } as const;
    expect(await refusedBy(client.images.generate(order))).toMatchObject({
      status: 400,
      param: 'background',
    });
  });

  it('fails with the reason of the cut-out', async () => {
    await startAgain(new OpenAiEngine((frame) => (frame.kind === 'remove_bg' ? null : pictureOf(frame))));
    const order = { prompt: PROMPT, background: 'transparent' } as const;
    expect(await refusedBy(client.images.generate(order))).toMatchObject({
      status: 500,
      code: 'generation_failed',
    });
  });
});

describe('models', () => {
  it('lists the families that paint and the names that clients have built in', async () => {
    const models = [];
    for await (const model of client.models.list()) models.push(model.id);
    expect(models).toEqual(expect.arrayContaining(['painting', 'editing', 'gpt-image-1', 'dall-e-3']));
    expect(models).not.toContain('remove-background');
    expect(await client.models.retrieve('painting')).toMatchObject({ object: 'model', owned_by: 'limner' });
    expect(await refusedBy(client.models.retrieve('none'))).toMatchObject({ status: 404 });
  });
});

describe('files of a model', () => {
  const painting = FAMILIES[0] as Family;
  const files = ['small.safetensors', 'art/large.safetensors'];
  const choices = files.map((value) => ({ value, label: { en: value, zh: value } }));
  const choice = { key: 'model', type: 'choice', default: files[0] ?? null, choices, effect: true } as const;

  beforeEach(() => {
    const several = { ...painting, params: [...painting.params, choice] };
    return startAgain(new OpenAiEngine(undefined, { families: [several] }));
  });

  it('are listed beside their family, and paint', async () => {
    const models = [];
    for await (const model of client.models.list()) models.push(model.id);
    expect(models.slice(0, 3)).toEqual([
      'painting',
      'painting:small.safetensors',
      'painting:art/large.safetensors',
    ]);
    const [, , large = ''] = models;
    expect(await client.models.retrieve(large)).toMatchObject({ id: large });
    await client.images.generate({ prompt: PROMPT, model: large });
    const image = await png();
    await client.images.edit({ prompt: PROMPT, model: large, image });
    await client.images.generate({ prompt: PROMPT, model: 'painting' });
    expect(requests().map(({ params }) => params.model)).toEqual([files[1], files[1], undefined]);
  });
});

describe('refusals', () => {
  /** A client that tries again, and the number of requests it sent. */
  function counting() {
    const seen: Request[] = [];
    const counted: typeof fetch = (input, init) => {
      seen.push(new Request(input, init));
      return fetch(input, init);
    };
    const apiKey = 'any word';
    return {
      seen,
      client: new OpenAI({ baseURL: `${studio.url}/v1`, apiKey, maxRetries: 2, fetch: counted }),
    };
  }

  it('names the request, and is not repeated where that would end the same', async () => {
    engine.obstacles.push({ what: 'weights', name: 'x', cure: { en: 'Install x.', zh: '安装 x。' } });
    const { seen, client } = counting();
    const refused = await refusedBy(client.images.generate({ prompt: PROMPT }));
    expect(refused).toMatchObject({
      status: 503,
      code: 'engine_unavailable',
      type: 'server_error',
      requestID: expect.stringMatching(/^[\w-]{36}$/),
    });
    expect(refused.message).toContain('Install x.');
    expect(seen).toHaveLength(1);
  });

  it('fails a task once, with its reason', async () => {
    await startAgain(new OpenAiEngine(() => null, { tries: 1 }));
    const { seen, client } = counting();
    const refused = await refusedBy(client.images.generate({ prompt: PROMPT }));
    expect(refused).toMatchObject({ status: 500, code: 'generation_failed' });
    expect(refused.message).toContain('without a picture');
    expect(seen).toHaveLength(1);
  });

  it('reports a cancelled task', async () => {
    await startAgain(new OpenAiEngine((_, { signal }) => untilAborted(signal)));
    const refused = refusedBy(counting().client.images.generate({ prompt: PROMPT }));
    await expect.poll(() => engine.runs.length).toBe(1);
    await studio.client.call('cancelTask', { params: { id: engine.runs[0]?.task as number } });
    expect(await refused).toMatchObject({ status: 409, code: 'cancelled' });
  });

  it('says when a full queue may be asked again', async () => {
    await startAgain(new OpenAiEngine((_, { signal }) => untilAborted(signal)), {
      environ: { MAX_QUEUED_TASKS: '1', MAX_CONCURRENT_TASKS: '1' },
    });
    const waiting = new AbortController();
    onTestFinished(() => waiting.abort());
    for (let running = 0; running < 3; running += 1) {
      const { signal } = waiting;
      client.images.generate({ prompt: PROMPT }, { signal }).catch(() => undefined);
    }
    const tasks = () => studio.client.call('listTasks', { query: { status: 'queued' } });
    await expect.poll(async () => (await tasks()).length).toBeGreaterThan(0);
    const ask = () => client.images.generate({ prompt: PROMPT }, { timeout: 500 }).catch((error) => error);
    const refused: { headers: Headers }[] = [];
    const statusOf = async () => {
      const answered = await ask();
      refused.unshift(answered);
      return answered;
    };
    const full = { status: 429, code: 'rate_limit_exceeded' };
    await expect.poll(statusOf, { timeout: 8_000 }).toMatchObject(full);
    expect(refused[0]?.headers.get('retry-after')).toBe('10');
  });
});

describe('the client for Azure', () => {
  it('reaches the deployments of its resource', async () => {
    const azure = new AzureOpenAI({
      endpoint: studio.url,
      apiKey: 'any word',
      apiVersion: '2025-04-01-preview',
      maxRetries: 0,
    });
    const made = await azure.images.generate({ prompt: PROMPT, model: 'painting' });
    expect(made.data).toHaveLength(1);
    const edited = await azure.images.edit({ prompt: PROMPT, image: await png(), model: 'gpt-image-1' });
    expect(edited.data).toHaveLength(1);
  });
});
