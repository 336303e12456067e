/** Requests that wait for their task: streams, retries that join, clients that leave. */
import OpenAI from 'openai';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { untilAborted } from '../scripted-engine.ts';
import { startStudio, type TestStudio } from '../start-studio.ts';
import { OpenAiEngine, pictureOf } from './openai-engine.ts';

/** A gate that a script waits at. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

const PROMPT = 'a red dragon';
const preview = new Uint8Array(
  await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
    .jpeg()
    .toBuffer(),
);

let studio: TestStudio;
let engine: OpenAiEngine;
let first: ReturnType<typeof gate>;
let second: ReturnType<typeof gate>;

beforeEach(async () => {
  first = gate();
  second = gate();
  engine = new OpenAiEngine(
    async (frame, { frame: index, progress, preview: show, signal }) => {
      if (frame.prompt === 'fails' || (frame.prompt === 'fails once' && index === 1)) return null;
      if (frame.prompt === 'waits') return untilAborted(signal);
      progress(0.4);
      show(preview, 'image/jpeg');
      await first.opened;
      progress(1);
      show(preview, 'image/jpeg');
      await second.opened;
      return pictureOf(frame);
    },
    { tries: 1 },
  );
  studio = await startStudio({ engines: [engine] });
});
afterEach(async () => {
  first.open();
  second.open();
  await studio.close();
});

const clientWith = (options: object = {}) =>
  new OpenAI({ baseURL: `${studio.url}/v1`, apiKey: 'any word', maxRetries: 0, ...options });
const tasks = () => studio.client.call('listTasks', { query: {} });
const statusOf = async (index = 0) => (await tasks())[index]?.status;
const png = async () =>
  new File([new Uint8Array(await sharp(preview).png().toBuffer())], 'a.png', { type: 'image/png' });

describe('a stream', () => {
  it('brings partial pictures while it is painted, and ends with the picture', async () => {
    const order = {
      prompt: PROMPT,
      stream: true,
      partial_images: 2,
      size: '1536x1024',
      quality: 'low',
    } as const;
    const events = [];
    for await (const event of await clientWith().images.generate(order)) {
      events.push(event);
      if (events.length === 1) first.open();
      if (events.length === 2) second.open();
    }
    const partial = {
      type: 'image_generation.partial_image',
      b64_json: Buffer.from(preview).toString('base64'),
      output_format: 'jpeg',
      size: '1024x680',
      quality: 'low',
      background: 'auto',
      created_at: expect.any(Number),
    };
    expect(events).toMatchObject([
      { ...partial, partial_image_index: 0 },
      { ...partial, partial_image_index: 1 },
      {
        type: 'image_generation.completed',
        output_format: 'png',
        size: '1024x680',
        quality: 'low',
        usage: { total_tokens: 0, input_tokens: 0, output_tokens: 0 },
      },
    ]);
    const { width } = await sharp(Buffer.from(events.at(-1)?.b64_json ?? '', 'base64')).metadata();
    expect(width).toBe(1024);
  });

  it('brings only the pictures without partial ones, one event for each of n', async () => {
    first.open();
    second.open();
    const types = [];
    const order = { image: await png(), prompt: PROMPT, stream: true, n: 2 } as const;
    for await (const event of await clientWith().images.edit(order)) types.push(event.type);
    expect(types).toEqual(['image_edit.completed', 'image_edit.completed']);
  });

  it.each([0, 1])('brings %s partial pictures of more', async (count) => {
    const previewOf = async () => {
      const { frames } = await studio.client.call('getTask', {
        params: { id: engine.runs[0]?.task as number },
      });
      return frames[0]?.preview_url ?? null;
    };
    const types: string[] = [];
    const order = { prompt: PROMPT, stream: true, partial_images: count } as const;
    const reading = (async () => {
      for await (const { type } of await clientWith().images.generate(order)) types.push(type);
    })();
    await expect.poll(() => engine.runs.length).toBe(1);
    await expect.poll(previewOf, { timeout: 5_000 }).not.toBeNull();
    const shown = await previewOf();
    first.open();
    await expect.poll(previewOf, { timeout: 5_000 }).not.toBe(shown);
    second.open();
    await reading;
    const partials = Array(count).fill('image_generation.partial_image');
    expect(types).toEqual([...partials, 'image_generation.completed']);
  });

  it('ends with an error that the client throws, and refuses a bad field before it begins', async () => {
    const read = async (prompt: string, size?: 'auto') => {
      for await (const _ of await clientWith().images.generate({ prompt, size: size ?? null, stream: true }));
    };
    await expect(read('fails')).rejects.toMatchObject({ code: 'generation_failed', type: 'server_error' });
    await expect(read(PROMPT, '1x1' as 'auto')).rejects.toMatchObject({ status: 400, param: 'size' });
  });

  it('brings what was painted of a batch, and says how many failed and why', async () => {
    first.open();
    second.open();
    const order = { prompt: 'fails once', n: 3 } as const;
    const note = expect.stringMatching(/1 of 3 pictures failed: .* finished without a picture/);
    const events: object[] = [];
    for await (const event of await clientWith().images.generate({ ...order, stream: true }))
      events.push(event);
    const completed = { type: 'image_generation.completed', limner: { note } };
    expect(events).toMatchObject([completed, completed]);
    const whole = await clientWith({ defaultHeaders: { 'accept-language': 'zh' } }).images.generate(order);
    expect(whole.data).toHaveLength(2);
    expect(whole).toMatchObject({ limner: { note: expect.stringContaining('3 张图片中有 1 张失败：') } });
  });

  it('is not silent while its task waits', async () => {
    const answer = await fetch(`${studio.url}/v1/images/generations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ prompt: PROMPT, stream: true }),
    });
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    expect(answer.headers.get('x-request-id')).not.toBeNull();
    const reader = answer.body?.getReader();
    const { value } = (await reader?.read()) ?? {};
    expect(new TextDecoder().decode(value)).toBe(': keep-alive\n\n');
    await reader?.cancel();
    await expect.poll(() => statusOf()).toBe('cancelled');
  });
});

describe('a client that leaves', () => {
  it('cancels its task at once where it never retries', async () => {
    const leaving = new AbortController();
    const body = JSON.stringify({ prompt: 'waits' });
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body, signal: leaving.signal };
    const answer = fetch(`${studio.url}/v1/images/generations`, init).catch(() => 'left');
    await expect.poll(() => statusOf()).toBe('running');
    leaving.abort();
    expect(await answer).toBe('left');
    await expect.poll(() => statusOf()).toBe('cancelled');
  });

  it('cancels the task of the official client after a pause', async () => {
    const leaving = new AbortController();
    const { signal } = leaving;
    const answer = clientWith().images.generate({ prompt: 'waits' }, { signal });
    await expect.poll(() => statusOf()).toBe('running');
    leaving.abort();
    await expect(answer).rejects.toThrow('aborted');
    await expect.poll(() => statusOf(), { timeout: 20_000 }).toBe('cancelled');
  }, 30_000);
});

describe('a retry', () => {
  /** Counts the retries, and lets the task end at the first. */
  function retrying() {
    const retries: string[] = [];
    const counted: typeof fetch = (input, init) => {
      const retry = new Headers(init?.headers).get('x-stainless-retry-count');
      if (retry !== null) retries.push(retry);
      if (retry === '1') {
        first.open();
        second.open();
      }
      return fetch(input, init);
    };
    return { retries, client: clientWith({ maxRetries: 3, timeout: 2_000, fetch: counted }) };
  }

  it('joins the task of the request that ran out of time', async () => {
    const { retries, client } = retrying();
    const made = await client.images.generate({ prompt: PROMPT, n: 2 });
    expect(made.data).toHaveLength(2);
    expect(retries.slice(0, 2)).toEqual(['0', '1']);
    expect(await tasks()).toHaveLength(1);
  }, 30_000);

  it('of a form joins too, although its bytes differ', async () => {
    const { retries, client } = retrying();
    await client.images.edit({ image: await png(), prompt: PROMPT });
    expect(retries.slice(0, 2)).toEqual(['0', '1']);
    expect(await tasks()).toHaveLength(1);
  }, 30_000);

  const send = (retries: number, prompt = PROMPT) =>
    fetch(`${studio.url}/v1/images/generations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-stainless-retry-count': String(retries) },
      body: JSON.stringify({ prompt }),
    });

  it('gets the answer of a task that has ended meanwhile; the same request sent anew does not', async () => {
    first.open();
    second.open();
    const answers = [await send(0), await send(1), await send(0), await send(1, 'another')];
    const ids = answers.map((answer) => Number(answer.headers.get('x-limner-task')));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(ids[1]).toBe(ids[0]);
    expect(new Set(ids).size).toBe(3);
  });
});

describe('a server that stops', () => {
  it('asks its clients to try again, and keeps their tasks', async () => {
    const answer = clientWith().images.generate({ prompt: 'waits' });
    const streamed = await clientWith().images.generate({ prompt: 'waits', stream: true });
    await expect.poll(async () => (await tasks()).length).toBe(2);
    const refused = expect(answer).rejects.toMatchObject({ status: 503, code: 'shutting_down' });
    studio.studio.announceStop();
    await refused;
    await expect(
      (async () => {
        for await (const _ of streamed);
      })(),
    ).rejects.toMatchObject({ code: 'shutting_down' });
    expect((await tasks()).map(({ status }) => status)).not.toContain('cancelled');
  });
});
