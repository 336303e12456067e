import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { ErrorAnswer, Health, Task, TaskListItem } from '@limner/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ONE_PROCESS, skipped } from './process/skipping.ts';
import { ScriptedEngine, tinyPng } from './scripted-engine.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

let studio: TestStudio;

beforeAll(async () => {
  studio = await startStudio({ engines: [new ScriptedEngine()] });
});
afterAll(() => studio.close());

interface Sent {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

async function send(path: string, { method = 'GET', headers = {}, body }: Sent = {}) {
  const response = await fetch(studio.url + path, { method, headers, body });
  const text = await response.text();
  const json = text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : null;
  return { status: response.status, headers: response.headers, text, json };
}

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  send(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

const generate = (request: Record<string, unknown>, headers?: Record<string, string>) =>
  post('/api/generate', { prompt: 'a red dragon', family: 'scripted', ...request }, headers);

describe('a request that cannot be right', () => {
  const refused: [string, Record<string, unknown>, string][] = [
    ['an empty prompt', { prompt: '' }, 'prompt'],
    ['a prompt of spaces', { prompt: '  \n ' }, 'prompt'],
    ['a prompt of 100 kB', { prompt: 'x'.repeat(100_000) }, 'prompt'],
    ['no prompt', { prompt: undefined }, 'prompt'],
    ['a prompt with NUL in it', { prompt: 'a\0b' }, 'prompt'],
    ['a prompt with half an emoji', { prompt: 'a \ud83d key' }, 'prompt'],
    ['half an emoji deep inside', { params: { inputs: { a: '\udc09' } } }, 'params.inputs.a'],
    ['a batch of 0', { batch_size: 0 }, 'batch_size'],
    ['a batch of 33', { batch_size: 33 }, 'batch_size'],
    ['seed −1', { seed: -1 }, 'seed'],
    ['seed 2³²', { seed: 2 ** 32 }, 'seed'],
    ['seed 1.5', { seed: 1.5 }, 'seed'],
    ['seed "seven"', { seed: 'seven' }, 'seed'],
    ['seed 2⁶⁴', { seed: '18446744073709551616' }, 'seed'],
    ['width 0', { width: 0 }, 'width'],
    ['height 15', { height: 15 }, 'height'],
    ['width 100000', { width: 100_000 }, 'width'],
    ['a type nobody knows', { type: 'video' }, 'type'],
    ['a field nobody knows', { stepz: 4 }, 'stepz'],
    ['a parameter nobody knows', { params: { stepz: 4 } }, 'params.stepz'],
    ['style 0', { style_id: 0 }, 'style_id'],
    [
      'a strength out of range',
      { controlnet: { type: 'canny', image: 'u1', strength: 3 } },
      'controlnet.strength',
    ],
  ];

  it.each(refused)('%s is refused with its field and a reason', async (_what, request, field) => {
    const { status, json } = await generate(request);
    expect(status).toBe(400);
    expect(ErrorAnswer.parse(json).error).toMatchObject({ code: 'invalid_request', field });
    expect(json.error.message).toMatch(new RegExp(`^${field}: (must|is) `));
  });

  it.each([
    ['/api/styles', { name: 'ink \ud83d', type: 'ui', trigger_words: '' }, 'name'],
    ['/api/styles', { name: 'ink', type: 'ui', trigger_words: 'a\0b' }, 'trigger_words'],
    ['/api/presets', { name: '\ud83d', recipe: { kind: 'generation' } }, 'name'],
    ['/api/workflows', { name: 'x\udc09', workflow: {} }, 'name'],
    ['/api/webhooks', { url: 'https://example.com/\ud83d' }, 'url'],
  ])('half a character or NUL in a text of %s is refused', async (path, body, field) => {
    const { status, json } = await post(path, body);
    expect(status).toBe(400);
    expect(json.error).toMatchObject({ code: 'invalid_request', field });
    expect(json.error.message).toMatch(/(half of a character|character NUL)/);
  });

  it.each(['0x16', '1e1', '016', '%2016'])('%j is no id of a task', async (id) => {
    const { status } = await send(`/api/tasks/${id}`);
    expect(status).toBe(400);
    // Clients of these documents may ask for ids of any form.
    for (const path of [`/api/task/${id}`, `/api/v1/generation/status/${id}`]) {
      const { status } = await send(path);
      expect([path, status]).toEqual([path, 404]);
    }
  });

  it('gives the reason in the requested language', async () => {
    const chinese = await generate({ batch_size: 33 }, { 'accept-language': 'zh-CN,zh;q=0.9,en;q=0.8' });
    expect(chinese.json.error.message).toBe('batch_size：最多为 32');
    const asked = await post('/api/generate?lang=zh', { prompt: '' }, { 'accept-language': 'en' });
    expect(asked.json.error.message).toBe('prompt：不能为空');
    const english = await generate({ batch_size: 33 }, { 'accept-language': 'fr, *;q=0.1' });
    expect(english.json.error.message).toBe('batch_size: must be at most 32');
  });

  it('says what was expected if a pattern does not match', async () => {
    const from = await send('/api/tasks?created_from=yesterday');
    expect(from.json.error).toMatchObject({ field: 'created_from' });
    expect(from.json.error.message).toMatch(
      /^created_from: must be a date such as \S+ or a time such as \S+$/,
    );
    const output = await post('/api/outputs/zip?lang=zh', { outputs: ['x'] });
    expect(output.json.error.message).toBe('outputs.0：必须是任务号和图片序号，例如 12_0');
    const server = await post('/api/engines', { url: 'ftp://gpu' });
    expect(server.json.error.message).toBe('url: must be an address that begins with http:// or https://');
    const zero = await send('/api/tasks/0');
    expect(zero.json.error.message).toBe('id: must be greater than 0');
  });

  it('refuses a style, a picture and a family that are not here', async () => {
    expect((await generate({ style_id: 4711 })).json.error).toMatchObject({
      code: 'style_not_found',
      field: 'style_id',
    });
    expect((await generate({ family: 'nobody' })).json.error).toMatchObject({ code: 'family_not_found' });
    const picture = await generate({ type: 'img2img', input_image: '../../etc/passwd' });
    expect(picture.status).toBe(404);
    expect(picture.json.error).toMatchObject({ code: 'image_not_found', field: 'input_image' });
  });

  it('refuses a cut-out of a task that is not here', async () => {
    const sent = new FormData();
    sent.set('file', new Blob([new Uint8Array(tinyPng)]), 'a.png');
    const upload = await fetch(`${studio.url}/api/upload`, { method: 'POST', body: sent });
    const { id: input_image } = (await upload.json()) as { id: string };
    const refused = await post('/api/remove-bg', { input_image, source_task_id: 4711 });
    expect(refused.json.error).toMatchObject({ code: 'task_not_found', field: 'source_task_id' });
  });

  it.each([
    [
      '9007199254740992',
      'seed: must be at most 9007199254740991 as a number; larger seeds, up to 18446744073709551615, are sent as text',
    ],
    [
      '18446744073709551616',
      'seed: must be at most 9007199254740991 as a number; larger seeds, up to 18446744073709551615, are sent as text',
    ],
    ['"18446744073709551616"', 'seed: must be a whole number from 0 to 18446744073709551615'],
    ['"7 million"', 'seed: must be a whole number from 0 to 18446744073709551615'],
    ['-9007199254740993', 'seed: must be at least 0'],
    ['1.5', 'seed: must be a whole number'],
  ])('says of the seed %s what is allowed', async (seed, sentence) => {
    const asked = await post('/api/generate', `{"prompt": "x", "family": "scripted", "seed": ${seed}}`);
    expect(asked.json.error.message).toBe(sentence);
  });

  it('says in Chinese how a large seed is sent', async () => {
    const asked = await post('/api/generate', { prompt: 'x', seed: 2 ** 60 }, { 'accept-language': 'zh' });
    expect(asked.json.error.message).toContain(
      '最多为 9007199254740991；更大的种子（最多 18446744073709551615）须以文本发送',
    );
    const text = await post(
      '/api/generate',
      { prompt: 'x', seed: '9'.repeat(20) },
      { 'accept-language': 'zh' },
    );
    expect(text.json.error.message).toContain('必须是 0 到 18446744073709551615 之间的整数');
  });

  it('refuses what is not JSON', async () => {
    expect((await post('/api/generate', '{"prompt": ')).json.error.code).toBe('invalid_json');
    for (const key of ['{"__proto__": {"x": 1}}', '{"constructor": {"prototype": {}}}']) {
      const { error } = (await post('/api/generate', key)).json;
      expect(error).toMatchObject({ code: 'invalid_request', field: 'body' });
      expect(error.message).toContain('must not have the key "__proto__"');
    }
    expect((await post('/api/generate', '')).json.error).toMatchObject({
      code: 'invalid_request',
      field: 'body',
    });
    expect((await post('/api/generate', '[]')).json.error).toMatchObject({
      code: 'invalid_request',
      field: 'body',
    });
    expect((await send('/api/generate', { method: 'POST' })).json.error).toMatchObject({ field: 'body' });
  });

  it('takes no body where none is asked for, also when its type is named', async () => {
    expect((await post('/api/tasks/99999/cancel', '')).json.error.code).toBe('task_not_found');
  });

  it('refuses other kinds of bodies and too large ones', async () => {
    const form = await post('/api/generate', 'prompt=x', {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(form).toMatchObject({ status: 415, json: { error: { code: 'unsupported_body' } } });
    const text = await post('/api/generate', '{}', { 'content-type': 'text/plain' });
    expect(text.status).toBe(415);
    const large = await generate({ negative_prompt: 'x'.repeat(1_100_000) });
    expect(large).toMatchObject({ status: 413, json: { error: { code: 'body_too_large' } } });
  });
});

describe('an address', () => {
  it('that does not exist differs from a method that is not allowed', async () => {
    expect(await send('/api/nothing')).toMatchObject({
      status: 404,
      json: { error: { code: 'route_not_found' } },
    });
    const wrong = await send('/api/generate');
    expect(wrong).toMatchObject({ status: 405, json: { error: { code: 'method_not_allowed' } } });
    expect(wrong.headers.get('allow')).toBe('POST');
    expect((await send('/api/tasks/5', { method: 'PUT' })).headers.get('allow')).toContain('DELETE');
  });

  it.each([
    '/api/tasks/x',
    '/api/tasks/0',
    '/api/tasks/1.5',
    '/api/tasks/-1',
    '/api/tasks?limit=0',
    '/api/tasks?status=odd',
  ])('%s is refused with its field', async (path) => {
    expect(await send(path)).toMatchObject({ status: 400, json: { error: { code: 'invalid_request' } } });
  });

  it('that is no address at all is refused like any other mistake', async () => {
    expect(await send('/api/tasks/%')).toMatchObject({
      status: 400,
      json: { error: { code: 'invalid_request' } },
    });
    expect((await send(`/api/tasks/${'9'.repeat(400)}`)).status).toBe(400);
  });

  it('of a task that is not here answers 404 in the asked language', async () => {
    const { status, json } = await send('/api/tasks/99999', { headers: { 'accept-language': 'zh' } });
    expect(status).toBe(404);
    expect(json.error).toMatchObject({ code: 'task_not_found', message: '任务 99999 不存在。' });
  });
});

describe('an answer', () => {
  it('has the shape the contract promises', async () => {
    const made = await generate({ batch_size: 2 });
    expect(made.status).toBe(201);
    const { id } = Task.parse(made.json);
    await studio.ended(id);
    Task.parse((await send(`/api/tasks/${id}`)).json);
    z.array(TaskListItem).parse((await send('/api/tasks?status=completed')).json);
    expect(Health.parse((await send('/health')).json)).toMatchObject({ status: 'ok' });
  });

  it('pages through the list with the header of the next page', async () => {
    for (let i = 0; i < 3; i++) await generate({});
    const first = await studio.client.tasks({ limit: 2 });
    expect(first.items).toHaveLength(2);
    expect(first.nextBefore).toBe(first.items[1]?.id);
    const second = await studio.client.tasks({ limit: 2, before: first.nextBefore ?? 0 });
    expect(second.items[0]?.id).toBeLessThan(first.nextBefore ?? 0);
  });

  it('gives the errors of a task in the language of the request', async () => {
    const failing = await startStudio({ engines: [new ScriptedEngine(() => null)] });
    const { id } = await failing.client.call('generate', { body: { prompt: 'x', family: 'scripted' } });
    await failing.ended(id);
    const read = async (language: string) => {
      const response = await fetch(`${failing.url}/api/tasks/${id}`, {
        headers: { 'accept-language': language },
      });
      return Task.parse(await response.json());
    };
    const [english, chinese] = [await read('en'), await read('zh')];
    await failing.close();
    expect(english.frames[0]?.error).toMatchObject({
      code: 'no_image',
      message: expect.stringContaining('without a picture'),
    });
    expect(chinese.frames[0]?.error).toMatchObject({
      code: 'no_image',
      message: expect.stringContaining('没有产出图片'),
    });
    expect(chinese.error?.message).not.toBe(english.error?.message);
  });

  it('to a deletion is empty', async () => {
    const { json } = await generate({});
    await studio.ended(json.id);
    const gone = await send(`/api/tasks/${json.id}`, { method: 'DELETE' });
    expect(gone).toMatchObject({ status: 204, text: '' });
    expect((await send(`/api/tasks/${json.id}`)).status).toBe(404);
  });

  it('to an internal failure gives an id and no details', async () => {
    const list = studio.studio.tasks.list;
    studio.studio.tasks.list = () => Promise.reject(new Error('secret: /etc/limner'));
    const { status, json, text } = await send('/api/tasks');
    studio.studio.tasks.list = list;
    expect(status).toBe(500);
    expect(json.error).toMatchObject({ code: 'internal', data: { id: expect.any(String) } });
    expect(text).not.toMatch(/secret|stack|\.ts/);
  });
});

describe('styles', () => {
  const style = { name: '像素', trigger_words: 'pixel art', type: 'vfx' } as const;

  it('begin with the base style, which cannot be changed or deleted', async () => {
    const [base] = await studio.client.call('listStyles', {});
    expect(base).toMatchObject({ name: '基础风格', is_base: true, is_trained: false, lora_path: null });
    const id = base?.id ?? 0;
    await expect(
      studio.client.call('updateStyle', { params: { id }, body: { name: 'x' } }),
    ).rejects.toMatchObject({ code: 'style_protected' });
    await expect(studio.client.call('deleteStyle', { params: { id } })).rejects.toMatchObject({
      code: 'style_protected',
    });
  });

  it('are made, read, changed and deleted', async () => {
    const made = await studio.client.call('createStyle', { body: style });
    expect(made).toMatchObject({ ...style, is_base: false, lora_path: null });
    const params = { id: made.id };
    const changed = await studio.client.call('updateStyle', { params, body: { trigger_words: '8 bit' } });
    expect(changed).toEqual({ ...made, trigger_words: '8 bit' });
    expect(await studio.client.call('getStyle', { params })).toEqual(changed);
    await studio.client.call('deleteStyle', { params });
    await expect(studio.client.call('getStyle', { params })).rejects.toMatchObject({
      code: 'style_not_found',
    });
  });

  it('have names of their own', async () => {
    const { id } = await studio.client.call('createStyle', { body: { name: 'one' } });
    const other = await studio.client.call('createStyle', { body: { name: 'two' } });
    const taken = { code: 'style_name_taken', field: 'name' };
    await expect(studio.client.call('createStyle', { body: { name: ' one ' } })).rejects.toMatchObject(taken);
    await expect(
      studio.client.call('updateStyle', { params: { id: other.id }, body: { name: 'one' } }),
    ).rejects.toMatchObject(taken);
    await expect(studio.client.call('createStyle', { body: { name: '基础风格' } })).rejects.toMatchObject(
      taken,
    );
    expect(await studio.client.call('updateStyle', { params: { id }, body: { name: 'one' } })).toMatchObject({
      name: 'one',
    });
  });
});

describe('a studio that stops', () => {
  it('notifies every open connection', async () => {
    if (!ONE_PROCESS) skipped('needs to know the moment at which the server stops');
    const stopping = await startStudio({ engines: [new ScriptedEngine()] });
    const socket = connect(Number(new URL(stopping.url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write('GET /api/tasks HTTP/1.1\r\nHost: localhost\r\n');
    // Something else on the same server, so that the half request has arrived before it closes.
    await stopping.client.call('health', {});
    const closed = stopping.close();
    socket.write('\r\n');
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1.1 503 /);
    expect(answer).toContain('"code":"shutting_down"');
    await closed;
  });
});
