/** The API of the reference picture plan, as a client written from its document asks. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ONE_PROCESS } from '../process/skipping.ts';
import { ScriptedEngine } from '../scripted-engine.ts';
import { startStudio, type TestStudio } from '../start-studio.ts';
import { ask, base64, mediaTypeAt, untilEnded } from './testing-document.ts';

let studio: TestStudio;
let engine: ScriptedEngine;
let errors: string[];

beforeEach(async () => {
  engine = new ScriptedEngine();
  errors = [];
  studio = await startStudio({
    engines: [engine],
    ...(ONE_PROCESS ? { errors } : {}),
    environ: { BASE_PATH: '/studio' },
  });
});
afterEach(() => studio.close());

const post = (sent: unknown) => ask(studio.url, 'POST', '/api/generate-image', sent);

describe('the reference picture plan', () => {
  it('makes a picture of a base64 reference and answers with links', async () => {
    const made = await post({
      reference_image: base64,
      description: '蓝色的剑',
      parameters: { steps: 8, cfg: 1, guidance: 3, seed: 11 },
    });
    expect(made).toMatchObject({ status: 200, body: { status: 'pending', message: expect.any(String) } });

    const status = await untilEnded(studio.url, `/api/task/${made.body.task_id}`);
    expect(status).toMatchObject({
      task_id: made.body.task_id,
      status: 'completed',
      progress: 100,
      error: null,
    });
    expect(status.result.image_url).toBe(`${studio.url}/outputs/${made.body.task_id}_0.png`);
    expect(await mediaTypeAt(status.result.image_url)).toBe('image/png');
    expect(await mediaTypeAt(status.result.preview_url)).toBe('image/webp');
    expect(engine.runs[0]?.request.seed).toBe(11);
  });

  it('takes a data URL, and the address of a picture that Limner gave out', async () => {
    const first = await post({ reference_image: `data:image/png;base64,${base64}`, description: 'a' });
    const { result } = await untilEnded(studio.url, `/api/task/${first.body.task_id}`);
    const second = await post({ reference_image: result.image_url, description: 'b' });
    expect(second.status).toBe(200);
    await untilEnded(studio.url, `/api/task/${second.body.task_id}`);
    expect(engine.runs[1]?.request.input_image).toBe(`${first.body.task_id}_0`);
  });

  it('lists the history newest first, in pages', async () => {
    for (const description of ['one', 'two', 'three']) {
      const { body } = await post({ reference_image: base64, description });
      await untilEnded(studio.url, `/api/task/${body.task_id}`);
    }
    const all = (await ask(studio.url, 'GET', '/api/history')).body.tasks;
    expect(all.map((task: { description: string }) => task.description)).toEqual(['three', 'two', 'one']);
    expect(all[0]).toMatchObject({ status: 'completed', created_at: expect.any(String) });
    expect(await mediaTypeAt(all[0].result_url)).toBe('image/png');
    const older = (await ask(studio.url, 'GET', `/api/history?limit=1&before=${all[0].task_id}`)).body.tasks;
    expect(older.map((task: { description: string }) => task.description)).toEqual(['two']);
  });

  it('refuses what is wrong and names the field', async () => {
    for (const [sent, field] of [
      [{ description: 'x' }, 'reference_image'],
      [{ reference_image: 'no picture at all!', description: 'x' }, 'reference_image'],
      [{ reference_image: Buffer.from('text').toString('base64'), description: 'x' }, 'reference_image'],
      [{ reference_image: 'http://127.0.0.1:1/a.png', description: 'x' }, 'reference_image'],
      [{ reference_image: base64, description: '' }, 'description'],
      [{ reference_image: base64, description: 'x', parameters: { steps: 0 } }, 'parameters.steps'],
      [{ reference_image: base64, description: 'x', parameters: { cfg: 'high' } }, 'parameters.cfg'],
      [{ reference_image: base64, description: 'x', parameters: { seed: -1 } }, 'parameters.seed'],
    ] as const) {
      const refused = await post(sent);
      expect(refused.status, JSON.stringify(sent).slice(0, 80)).toBeGreaterThanOrEqual(400);
      expect(refused.status).toBeLessThan(500);
      expect(refused.body).toMatchObject({ field, detail: expect.stringMatching(/\p{Script=Han}/u) });
    }
    expect(await ask(studio.url, 'GET', '/api/task/999')).toMatchObject({
      status: 404,
      body: { detail: '任务 999 不存在。' },
    });
    expect(await ask(studio.url, 'GET', '/api/task/b6f7-foreign')).toMatchObject({
      status: 404,
      body: { detail: '任务 b6f7-foreign 不存在。' },
    });
  });

  it('takes a reference as large as an upload may be, and no larger', async () => {
    const large = Buffer.alloc(10 * 1024 ** 2 + 1).toString('base64');
    const tooLarge = await post({ reference_image: large, description: 'x' });
    expect([tooLarge.status, errors]).toEqual([413, []]);
    const refused = await post({ reference_image: `${large}${large}`, description: 'x' });
    expect(refused).toMatchObject({ status: 413, body: { detail: expect.any(String) } });
  });
});
