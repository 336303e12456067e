/** Requests as other programs write them, and as nobody should: through fetch alone. */
import { MAX_REFERENCES } from '@limner/contract';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startStudio, type TestStudio } from '../start-studio.ts';
import { FAMILIES, OpenAiEngine } from './openai-engine.ts';

const engine = new OpenAiEngine();
let studio: TestStudio;
let bytes: Buffer;

beforeAll(async () => {
  studio = await startStudio({ engines: [engine], environ: { CORS_ORIGINS: 'https://app.example' } });
  bytes = await sharp({ create: { width: 64, height: 64, channels: 4, background: '#123456' } })
    .png()
    .toBuffer();
});
afterAll(() => studio.close());
beforeEach(() => {
  engine.runs.length = 0;
});

interface Answer {
  status: number;
  headers: Headers;
  body: {
    data: { b64_json?: string; url?: string }[];
    error: { message: string; type: string; param: string | null; code: string | null };
    size?: string;
  };
}

async function send(address: string, init: RequestInit): Promise<Answer> {
  const answer = await fetch(`${studio.url}${address}`, init);
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Answer['body'] };
}

const json = (address: string, body: unknown, headers: Record<string, string> = {}) =>
  send(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

const file = (type = 'image/png') => new Blob([new Uint8Array(bytes)], { type });

function form(fields: Record<string, string | Blob | Blob[]>): FormData {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields))
    for (const item of [value].flat()) body.append(name, item as Blob);
  return body;
}

const post = (address: string, body: FormData) => send(address, { method: 'POST', body });
const GENERATIONS = '/v1/images/generations';
const EDITS = '/v1/images/edits';
const PROMPT = 'a red dragon';
const requests = () => engine.runs.map(({ request }) => request);

describe('what programs send', () => {
  it('Open WebUI: generations, edits of one and several pictures', async () => {
    const generated = await json(
      GENERATIONS,
      { model: 'dall-e-3', prompt: PROMPT, n: 1, size: '512x512', response_format: 'b64_json' },
      { authorization: 'Bearer sk-1', 'x-openwebui-user-name': 'ann' },
    );
    expect(generated.body.data[0]?.b64_json).not.toContain(',');
    expect(generated.body.size).toBe('512x512');
    const one = {
      model: 'gpt-image-1',
      prompt: PROMPT,
      n: '1',
      size: 'auto',
      background: 'auto',
      image: file(),
    };
    const { image: _, ...rest } = one;
    const several = { ...rest, 'image[]': [file(), file()] };
    for (const fields of [one, several]) expect((await post(EDITS, form(fields))).status).toBe(200);
    expect(requests().map(({ references }) => references.length)).toEqual([0, 1, 2]);
  });

  it('a quality that is no name of one changes nothing', async () => {
    for (const quality of ['auto', 'constructor', 'toString'])
      expect((await json(GENERATIONS, { prompt: PROMPT, quality })).status).toBe(200);
    expect(new Set(requests().map(({ params }) => JSON.stringify(params))).size).toBe(1);
  });

  it('LibreChat: an Azure key, auto values, repeated pictures', async () => {
    const order = {
      model: 'gpt-image-1',
      prompt: PROMPT,
      n: 1,
      size: 'auto',
      quality: 'auto',
      background: 'auto',
      output_format: 'webp',
      output_compression: 80,
      user: '65f0c0ffee',
    };
    const address = `${GENERATIONS}?api-version=2025-04-01-preview`;
    const made = await json(address, order, { 'api-key': 'any', authorization: '' });
    const [picture] = made.body.data;
    expect((await sharp(Buffer.from(picture?.b64_json ?? '', 'base64')).metadata()).format).toBe('webp');
    const { n: _, output_compression, ...texts } = order;
    const edit = form({
      ...texts,
      output_compression: String(output_compression),
      'image[]': [file(), file()],
    });
    expect((await post(EDITS, edit)).status).toBe(200);
  });

  it('LiteLLM and others: without /v1, fields of newer models, null for what is not set', async () => {
    const order = {
      prompt: PROMPT,
      model: 'openai-image',
      n: null,
      size: null,
      quality: null,
      response_format: null,
      background: null,
      output_compression: null,
      stream: null,
      partial_images: null,
      style: 'vivid',
      moderation: 'low',
      complexity: 'high',
      input_fidelity: null,
      extra_body: {},
    };
    expect((await json('/images/generations', order)).status).toBe(200);
    const fields = { prompt: PROMPT, n: '', stream: 'false', image: file() };
    expect((await post('/images/edits', form(fields))).status).toBe(200);
    expect((await post('/images/variations', form({ image: file() }))).status).toBe(200);
  });

  it('edits in JSON: data URLs, ids of uploads and outputs, addresses of this server', async () => {
    const url = `data:image/png;base64,${bytes.toString('base64')}`;
    const made = await json(GENERATIONS, { prompt: PROMPT, response_format: 'url' });
    const { id } = made.body.data[0] as { id: string };
    const images = [{ image_url: url }, { file_id: id }, { image_url: made.body.data[0]?.url }];
    expect((await json(EDITS, { prompt: PROMPT, images })).status).toBe(200);
    expect(requests().at(-1)?.references).toEqual([expect.stringMatching(/^u/), id, id]);
    const masked = { prompt: PROMPT, images: [{ image_url: url }], mask: { image_url: url } };
    expect((await json(EDITS, masked)).status).toBe(200);
    expect(requests().at(-1)).toMatchObject({ type: 'inpaint' });
  });

  it('refuses a picture whose address does not answer, for good', async () => {
    const images = [{ image_url: 'http://nowhere.invalid/a.png' }];
    const answer = await fetch(`${studio.url}/v1/images/edits`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ prompt: PROMPT, images }),
    });
    expect([answer.status, answer.headers.get('x-should-retry')]).toEqual([400, 'false']);
    expect(await answer.json()).toMatchObject({
      error: { code: 'invalid_image', message: expect.stringContaining('nowhere.invalid') },
    });
  });

  it('forms with their fields after the files, and files of any type and name', async () => {
    const body = new FormData();
    body.append('image[0]', file('application/octet-stream'), 'unknown_file');
    body.append('image[1]', file(''), 'blob');
    body.append('n', '2');
    body.append('loras', '[{"name":"ink"}]');
    body.append('seed', '11');
    body.append('prompt', PROMPT);
    expect((await post(EDITS, body)).body.data).toHaveLength(2);
    expect(requests()[0]).toMatchObject({ seed: 11, loras: [{ name: 'ink', weight: 1 }] });
    expect(requests()[0]?.references).toHaveLength(2);
  });

  it('pages of other sites that are allowed may ask with every header of the client', async () => {
    const answer = await fetch(`${studio.url}${GENERATIONS}`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://app.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,x-stainless-retry-count',
      },
    });
    expect(answer.headers.get('access-control-allow-headers')).toContain('x-stainless-retry-count');
    const headers = { origin: 'https://app.example' };
    const listed = await fetch(`${studio.url}/v1/models`, { headers });
    const bare = await fetch(`${studio.url}/models`, { headers });
    expect(await bare.text()).toBe(await listed.clone().text());
    expect(listed.headers.get('access-control-expose-headers')).toContain('x-should-retry');
  });
});

describe('what is refused', async () => {
  const wrong: [string, unknown, string | null][] = [
    ['no prompt', {}, 'prompt'],
    ['an empty prompt', { prompt: '  ' }, 'prompt'],
    ['a prompt beyond the limit', { prompt: 'x'.repeat(8_001) }, 'prompt'],
    ['a prompt that is no text', { prompt: ['x'] }, 'prompt'],
    ['a prompt with NUL', { prompt: 'x\0' }, 'prompt'],
    ['n of 0', { prompt: 'x', n: 0 }, 'n'],
    ['n of 11', { prompt: 'x', n: 11 }, 'n'],
    ['n of 1.5', { prompt: 'x', n: 1.5 }, 'n'],
    ['n in words', { prompt: 'x', n: 'two' }, 'n'],
    ['a model that is no name', { prompt: 'x', model: 5 }, 'model'],
    ['a size that is none', { prompt: 'x', size: '64 by 64' }, 'size'],
    ['a size that is a number', { prompt: 'x', size: 64 }, 'size'],
    ['a quality that is a number', { prompt: 'x', quality: 5 }, 'quality'],
    ['a form of answer', { prompt: 'x', response_format: 'binary' }, 'response_format'],
    ['SVG', { prompt: 'x', output_format: 'svg' }, 'output_format'],
    ['GIF', { prompt: 'x', output_format: 'gif' }, 'output_format'],
    ['compression of 101', { prompt: 'x', output_compression: 101 }, 'output_compression'],
    ['a background', { prompt: 'x', background: 'green' }, 'background'],
    ['a switch', { prompt: 'x', stream: 'yes' }, 'stream'],
    ['4 partial pictures', { prompt: 'x', partial_images: 4 }, 'partial_images'],
    ['a seed', { prompt: 'x', seed: -1 }, 'seed'],
    ['steps', { prompt: 'x', steps: 0 }, 'steps'],
    ['guidance', { prompt: 'x', guidance: 'much' }, 'guidance'],
    ['a sampler', { prompt: 'x', sampler: 'x'.repeat(61) }, 'sampler'],
    ['a negative prompt', { prompt: 'x', negative_prompt: {} }, 'negative_prompt'],
    ['a style', { prompt: 'x', style_id: 999 }, 'style_id'],
    ['a style that is no number', { prompt: 'x', style_id: 'ink' }, 'style_id'],
    ['LoRAs', { prompt: 'x', loras: 'ink' }, 'loras'],
    ['nine LoRAs', { prompt: 'x', loras: Array(9).fill({ name: 'x' }) }, 'loras'],
    ['a family', { prompt: 'x', family: 'none' }, 'family'],
    ['a list', [], 'body'],
    ['broken JSON', '{"prompt":', null],
  ];

  it.each(wrong)('%s', async (_, body, param) => {
    const { status, body: answer, headers } = await json(GENERATIONS, body);
    expect([status, answer.error.param, answer.error.type]).toEqual([400, param, 'invalid_request_error']);
    expect(answer.error.message).toMatch(/\w/);
    expect(headers.get('x-request-id')).not.toBeNull();
    expect(engine.runs).toEqual([]);
  });

  const url = 'data:image/png;base64,AAAA';
  const opaque = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#123456' } })
    .png()
    .toBuffer();
  const picture = { image_url: `data:image/png;base64,${opaque.toString('base64')}` };
  it.each([
    ['no picture', { prompt: 'x' }, 'images'],
    ['no picture in the list', { prompt: 'x', images: [] }, 'images'],
    [
      'too many pictures',
      { prompt: 'x', images: Array(MAX_REFERENCES + 1).fill({ file_id: 'u' }) },
      'images',
    ],
    ['a picture that is none', { prompt: 'x', images: [{ image_url: url }] }, 'images[0].image_url'],
    ['a picture of nobody', { prompt: 'x', images: [{ file_id: 'file-abc' }] }, 'images[0].file_id'],
    [
      'a second picture of nobody',
      { prompt: 'x', images: [picture, { file_id: '9_9' }] },
      'images[1].file_id',
    ],
    ['a mask of nobody', { prompt: 'x', images: [picture], mask: { file_id: 'file-abc' } }, 'mask.file_id'],
    ['a mask without alpha', { prompt: 'x', images: [picture], mask: picture }, 'mask.image_url'],
    [
      'a second picture beside a mask',
      { prompt: 'x', images: [picture, picture], mask: picture },
      'images[1].image_url',
    ],
    ['a picture that is a number', { prompt: 'x', images: [5] }, 'images[0]'],
    [
      'a private address',
      { prompt: 'x', images: [{ image_url: 'http://169.254.169.254/x' }] },
      'images[0].image_url',
    ],
    ['no prompt', { images: [{ file_id: 'file-abc' }] }, 'prompt'],
  ])('in the JSON of an edit: %s', async (_, body, param) => {
    const { status, body: answer } = await json(EDITS, body);
    expect([status, answer.error.param]).toEqual([400, param]);
    expect(engine.runs).toEqual([]);
  });

  it('a number beyond its limit, with the limit of the field', async () => {
    const { body } = await json(GENERATIONS, { prompt: 'x', n: 1e99 });
    expect(body.error.message).toBe('n: must be at most 10');
  });

  it('forms without a picture, with too many, or of another type', async () => {
    const paramOf = async (body: FormData) => (await post(EDITS, body)).body.error.param;
    expect(await paramOf(form({ prompt: 'x' }))).toBe('image');
    expect(await paramOf(form({ prompt: 'x', image: Array(MAX_REFERENCES + 1).fill(file()) }))).toBe('image');
    expect(await paramOf(form({ image: file() }))).toBe('prompt');
    expect(await paramOf(form({ prompt: 'x', image: file(), n: 'two' }))).toBe('n');
    expect(await paramOf(form({ prompt: 'x', image: file(), loras: '[{' }))).toBe('loras');
    const text = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' };
    expect((await send(EDITS, text)).status).toBe(400);
    expect((await json('/v1/images/variations', { prompt: 'x' })).status).toBe(400);
    expect((await post(GENERATIONS, form({ prompt: 'x' }))).status).toBe(400);
  });

  it('bodies beyond the limit, with the limit', async () => {
    const image_url = `data:image/png;base64,${'A'.repeat(30 * 1024 ** 2)}`;
    const { status, body } = await json(EDITS, { prompt: 'x', images: [{ image_url }] });
    expect([status, body.error.message]).toEqual([413, 'The request is larger than 27.7 MiB.']);
  });

  it('in Chinese for those who ask for it', async () => {
    const { body } = await json(GENERATIONS, { prompt: 'x', n: 11 }, { 'accept-language': 'zh-CN' });
    expect(body.error.message).toBe('n：最多为 10');
  });

  it('unknown addresses and methods below /v1, in the same form', async () => {
    const error = { type: 'invalid_request_error', message: expect.any(String) };
    const unknown = await json('/v1/chat/completions', {});
    expect(unknown).toMatchObject({ status: 404, body: { error: { ...error, code: 'route_not_found' } } });
    expect(unknown.headers.get('x-request-id')).not.toBeNull();
    const method = await send(GENERATIONS, { method: 'GET' });
    expect(method).toMatchObject({ status: 405, body: { error: { ...error, code: 'method_not_allowed' } } });
    const model = await send('/v1/models/none', { method: 'GET' });
    expect(model).toMatchObject({ status: 404, body: { error: { ...error, code: 'family_not_found' } } });
  });

  it('names no family as the fault that the client did not name', async () => {
    engine.obstacles.push({ what: 'weights', name: 'x', cure: { en: 'Install x.', zh: '安装 x。' } });
    const { status, body } = await json(GENERATIONS, { prompt: 'x' });
    engine.obstacles.length = 0;
    expect([status, body.error.param, body.error.code]).toEqual([503, 'model', 'engine_unavailable']);
    expect(FAMILIES).toHaveLength(3);
  });
});
