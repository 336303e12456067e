/** The reference picture service as a client knows it from its document: multipart in, status words, pictures by index. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ScriptedEngine, tinyPng, untilAborted } from '../scripted-engine.ts';
import { startStudio, type TestStudio } from '../start-studio.ts';

let studio: TestStudio;
let engine: ScriptedEngine;
let base: string;

beforeEach(async () => {
  engine = new ScriptedEngine();
  studio = await startStudio({ engines: [engine] });
  base = studio.url;
});
afterEach(() => studio.close());

const picture = () => new Blob([new Uint8Array(tinyPng)], { type: 'image/png' });

function form(fields: Record<string, string>, reference: Blob | null = picture()): FormData {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  if (reference) body.set('referenceImage', reference, 'reference.png');
  return body;
}

interface Created {
  task_id: string;
  message: string;
  field?: string;
}

interface Status {
  status: string;
  result_path: string;
}

const statusOf = async (id: string) =>
  (await (await fetch(`${base}/api/task-status/${id}`)).json()) as Status;

async function send(body: FormData, headers: Record<string, string> = {}) {
  const answer = await fetch(`${base}/generate-image`, { method: 'POST', body, headers });
  return { status: answer.status, body: (await answer.json()) as Created };
}

async function ended(id: string) {
  for (;;) {
    const status = await statusOf(id);
    if (status.status === 'completed' || status.status === 'failed') return status;
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

describe('the reference picture service', () => {
  it('makes pictures of a reference and a description', async () => {
    const made = await send(form({ description: '一条红色的龙', count: '3', size: '256x128', seed: '7' }));
    expect(made).toMatchObject({ status: 200, body: { status: 'pending', task_id: expect.any(String) } });

    const status = await ended(made.body.task_id);
    expect(status).toMatchObject({
      status: 'completed',
      description: '一条红色的龙',
      progress: 100,
      image_count: 3,
      error_message: null,
    });
    const addresses = JSON.parse(status.result_path);
    expect(addresses).toHaveLength(3);
    for (const address of addresses) {
      const answer = await fetch(studio.origin + address);
      expect(answer.headers.get('content-type')).toBe('image/png');
      expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(50);
    }
    expect(engine.runs.map(({ request }) => [request.seed, request.width, request.height])).toEqual([
      [7, 256, 128],
      [8, 256, 128],
      [9, 256, 128],
    ]);
  });

  it('paints over the reference where no model for edits is ready, and says so', async () => {
    const { body } = await send(form({ description: 'a dragon' }), { 'accept-language': 'en' });
    expect(body.message).toContain('image to image');
    expect(await ended(body.task_id)).toMatchObject({ note: expect.stringContaining('图生图') });
    expect(engine.runs[0]?.request).toMatchObject({
      type: 'img2img',
      input_image: expect.stringMatching(/^u/),
    });
  });

  it('tells a running task as processing, in whole percent', async () => {
    await studio.close();
    engine = new ScriptedEngine((_, { signal }) => untilAborted(signal));
    studio = await startStudio({ engines: [engine] });
    base = studio.url;
    const { body } = await send(form({ description: 'a dragon' }));
    await expect.poll(async () => (await statusOf(body.task_id)).status).toBe('processing');
  });

  it('refuses in Chinese what is unknown or wrong, and names the field', async () => {
    const missing = await fetch(`${base}/api/task-status/999`);
    expect(missing.status).toBe(404);
    expect(await missing.json()).toMatchObject({ detail: '任务 999 不存在。' });
    const foreign = await fetch(`${base}/api/task-status/0f8fad5b-d9cb-469f-a165-70867728950e`);
    expect(foreign.status).toBe(404);
    expect(await foreign.json()).toMatchObject({
      detail: '任务 0f8fad5b-d9cb-469f-a165-70867728950e 不存在。',
      field: 'task_id',
    });
    expect((await fetch(`${base}/api/image/nope?index=0`)).status).toBe(404);

    for (const [fields, field] of [
      [{ description: '' }, 'description'],
      [{ description: 'x', count: '5' }, 'count'],
      [{ description: 'x', count: '0' }, 'count'],
      [{ description: 'x', count: 'two' }, 'count'],
      [{ description: 'x', size: '1024' }, 'size'],
      [{ description: 'x', size: '8x99999' }, 'size'],
      [{ description: 'x', steps: '-1' }, 'steps'],
      [{ description: 'x', seed: '1.5' }, 'seed'],
    ] as const)
      expect(await send(form(fields))).toMatchObject({
        status: 400,
        body: { field, detail: expect.any(String) },
      });

    expect(await send(form({ description: 'x' }, null))).toMatchObject({
      status: 400,
      body: { field: 'referenceImage', detail: 'referenceImage：为必填项' },
    });
    const text = new Blob(['no picture'], { type: 'image/png' });
    expect(await send(form({ description: 'x' }, text))).toMatchObject({ body: { field: 'referenceImage' } });
    expect(engine.runs).toEqual([]);
  });

  it('refuses forms that no client sends, and goes on', async () => {
    const many = form({ description: 'x' });
    for (let field = 0; field < 70; field += 1) many.append('field', 'x');
    expect(await send(many)).toMatchObject({ status: 400, body: { code: 'invalid_request', field: 'body' } });
    const headers = { 'content-type': 'multipart/form-data' };
    const unbounded = await fetch(`${base}/generate-image`, { method: 'POST', headers, body: 'x' });
    expect(unbounded.status).toBe(415);
    const reserved = form({ description: 'x', constructor: 'x' });
    expect(await send(reserved)).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', field: 'body' },
    });
    const damaged = form({ description: 'x' });
    damaged.set('seed', new Blob(['{'], { type: 'application/json' }));
    expect((await send(damaged)).status).toBeLessThan(500);
    expect((await send(form({ description: 'a red dragon' }))).status).toBe(200);
  });

  it('has no picture behind the last index', async () => {
    const { body } = await send(form({ description: 'a dragon' }));
    await ended(body.task_id);
    const behind = await fetch(`${base}/api/image/${body.task_id}?index=1`);
    expect(behind.status).toBe(404);
    expect(await behind.json()).toMatchObject({ detail: `任务 ${body.task_id} 没有第 1 张图。` });
    expect((await fetch(`${base}/api/image/${body.task_id}?index=-1`)).status).toBe(400);
  });
});
