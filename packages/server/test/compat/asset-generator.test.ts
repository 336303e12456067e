/** The API of the asset generator, as a client written from its document asks. These are Limner's native routes. */
import type { TaskEvent } from '@limner/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { ScriptedEngine, tinyPng } from '../scripted-engine.ts';
import { startStudio, type TestStudio } from '../start-studio.ts';
import { ask } from './testing-document.ts';

const FINAL = ['completed', 'failed', 'partial', 'cancelled'];
let studio: TestStudio;

beforeAll(async () => {
  studio = await startStudio({ engines: [new ScriptedEngine()] });
});
afterAll(() => studio.close());

const get = async (path: string) => ask(studio.url, 'GET', path);
const post = async (path: string, sent: unknown) => ask(studio.url, 'POST', path, sent);

async function ended(id: number) {
  await expect.poll(async () => FINAL.includes((await get(`/api/tasks/${id}`)).body.status)).toBe(true);
  return (await get(`/api/tasks/${id}`)).body;
}

async function upload(): Promise<{ id: string; url: string }> {
  const form = new FormData();
  form.set('file', new Blob([new Uint8Array(tinyPng)], { type: 'image/png' }), '参考.png');
  const answer = await fetch(`${studio.url}/api/upload`, { method: 'POST', body: form });
  return (await answer.json()) as { id: string; url: string };
}

describe('the asset generator', () => {
  it('generates from text, with every field of the document', async () => {
    const made = await post('/api/generate', {
      style_id: null,
      type: 'txt2img',
      prompt: '一把红色的剑',
      negative_prompt: 'blurry',
      input_image: null,
      seed: 42,
      batch_size: 2,
      controlnet: null,
    });
    expect(made.body).toMatchObject({
      id: expect.any(Number),
      style_id: null,
      type: 'txt2img',
      prompt: '一把红色的剑',
      negative_prompt: 'blurry',
      input_image: null,
      seed: 42,
      batch_size: 2,
      controlnet_config: null,
      status: 'queued',
      output_paths: [],
      created_at: expect.stringMatching(/Z$/),
    });
    const { output_paths, status } = await ended(made.body.id);
    expect(status).toBe('completed');
    expect(output_paths).toEqual(
      [0, 1].map((index) => `${studio.base}/outputs/${made.body.id}_${index}.png`),
    );
    expect((await fetch(studio.origin + output_paths[0])).headers.get('content-type')).toBe('image/png');
  });

  it('uploads a picture and paints over it', async () => {
    const { url } = await upload();
    expect(url.slice(studio.base.length)).toMatch(/^\/uploads\/.+\.png$/);
    expect((await fetch(studio.origin + url)).status).toBe(200);
    const made = await post('/api/generate', { type: 'img2img', prompt: 'x', input_image: url });
    expect(await ended(made.body.id)).toMatchObject({ type: 'img2img', status: 'completed' });
  });

  it('refuses image to image without a picture', async () => {
    expect(await post('/api/generate', { type: 'img2img', prompt: 'x' })).toMatchObject({
      status: 422,
      body: { error: { field: 'input_image', message: expect.any(String) } },
    });
  });

  it('lists the tasks of every kind, newest first, and filters them', async () => {
    const { body } = await get('/api/tasks');
    const ids = body.map((task: { id: number }) => task.id);
    expect(ids).toEqual([...ids].sort((a, b) => b - a));
    expect(body[0]).toMatchObject({
      task_kind: 'generation',
      status: expect.any(String),
      progress: expect.any(Number),
      output_paths: expect.any(Array),
    });
    expect((await get('/api/tasks?kind=training')).body).toEqual([]);
    expect((await get('/api/tasks?kind=remove_bg&status=failed')).body).toEqual([]);
  });

  it('answers 404 in Chinese for an unknown task', async () => {
    for (const path of ['/api/remove-bg/999', '/api/tasks/999']) {
      const answer = await fetch(studio.url + path);
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({ error: { message: '任务 999 不存在。' } });
    }
    const sent = await post('/api/remove-bg', { input_image: 'u-none' });
    expect(sent).toMatchObject({
      status: 404,
      body: { error: { message: expect.stringMatching(/\p{Script=Han}/u) } },
    });
  });

  it.each([{ 'accept-language': 'en' }, { 'accept-language': 'de, en;q=0.5' }])(
    'answers it in English for %j',
    async (headers) => {
      const answer = await fetch(`${studio.url}/api/remove-bg/999`, { headers });
      expect(await answer.json()).toMatchObject({ error: { message: 'There is no task 999.' } });
    },
  );

  it('broadcasts progress with the fields of the document to a client that only connects', async () => {
    const socket = new WebSocket(`${studio.url.replace('http', 'ws')}/ws`);
    const events: TaskEvent[] = [];
    socket.on('message', (data) => events.push(JSON.parse(String(data))));
    await new Promise((resolve) => socket.once('open', resolve));
    const made = await post('/api/generate', { prompt: 'x', batch_size: 2 });
    const last = () => events.filter(({ id }) => id === made.body.id).at(-1);
    await expect.poll(() => last()?.status).toBe('completed');
    expect(last()).toMatchObject({
      kind: 'generation',
      id: made.body.id,
      status: 'completed',
      progress: 1,
      total_frames: 2,
      output_paths: [expect.any(String), expect.any(String)],
      error: null,
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    expect(last()).toHaveProperty('current_frame');
    expect(last()).toHaveProperty('frame_progress');
    socket.close();
  });

  it('has a base style, a health check, the documentation and no training yet', async () => {
    const styles = (await get('/api/styles')).body;
    expect(styles[0]).toMatchObject({ name: '基础风格', is_base: true, is_trained: false, lora_path: null });
    expect(styles[0]).toHaveProperty('trigger_words');
    expect(['ui', 'vfx']).toContain(styles[0].type);
    expect((await get('/health')).body.status).toBe('ok');
    expect((await fetch(`${studio.url}/docs`)).headers.get('content-type')).toContain('text/html');
  });
});

describe('cut-outs of the asset generator', () => {
  let cutting: TestStudio;
  beforeAll(async () => {
    cutting = await startStudio();
  });
  afterAll(() => cutting.close());

  it('cuts out a picture and links it to its source', async () => {
    const source = await ask(cutting.url, 'POST', '/api/generate', {
      prompt: 'a red sword',
      family: 'starter',
      width: 64,
      height: 64,
    });
    await cutting.ended(source.body.id);
    const made = await ask(cutting.url, 'POST', '/api/remove-bg', {
      input_image: `${source.body.id}_0`,
      model: 'birefnet',
      source_task_id: source.body.id,
    });
    expect(made.body).toMatchObject({
      input_image: `${source.body.id}_0`,
      output_image: null,
      model: 'birefnet',
      status: 'queued',
      source_task_id: source.body.id,
      completed_at: null,
    });
    await cutting.ended(made.body.id);
    expect((await ask(cutting.url, 'GET', `/api/remove-bg/${made.body.id}`)).body).toMatchObject({
      status: 'completed',
      output_image: `/outputs/rmbg_${made.body.id}.png`,
      completed_at: expect.any(String),
    });
  });
});
