/** The generation API of the third plan, as a client written from its document asks. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ScriptedEngine, untilAborted } from '../scripted-engine.ts';
import { startStudio, type TestStudio } from '../start-studio.ts';
import { ask, base64, mediaTypeAt, untilEnded } from './testing-document.ts';

const ROOT = '/api/v1/generation';
let studio: TestStudio;
let engine: ScriptedEngine;

beforeEach(async () => {
  engine = new ScriptedEngine();
  studio = await startStudio({ engines: [engine] });
});
afterEach(() => studio.close());

const create = (sent: unknown) => ask(studio.url, 'POST', `${ROOT}/create`, sent);

describe('the generation API', () => {
  it('creates, tells the status and gives the pictures', async () => {
    const made = await create({
      prompt: 'a red dragon',
      model_name: 'Scripted',
      parameters: { width: 256, height: 128, seed: 5, count: 2, negative_prompt: 'blur' },
    });
    expect(made).toMatchObject({ status: 200, body: { status: 'pending' } });
    const id = made.body.task_id;
    expect(await untilEnded(studio.url, `${ROOT}/status/${id}`)).toEqual({
      task_id: id,
      status: 'completed',
      progress: 100,
      error: null,
      note: null,
    });
    const { images } = (await ask(studio.url, 'GET', `${ROOT}/result/${id}`)).body;
    expect(images).toHaveLength(2);
    expect(await mediaTypeAt(images[1].image_url)).toBe('image/png');
    expect(engine.runs.map(({ request: { seed, width, height } }) => [seed, width, height])).toEqual([
      [5, 256, 128],
      [6, 256, 128],
    ]);
  });

  it('uses the best model for an unknown name, and says so', async () => {
    const { body } = await create({ prompt: 'a dragon', model_name: 'sd-9' });
    expect(body.message).toContain('sd-9');
    expect((await untilEnded(studio.url, `${ROOT}/status/${body.task_id}`)).status).toBe('completed');
  });

  it('says which fields have no effect', async () => {
    const { body } = await create({ prompt: 'a dragon', count: 9, width: 64 });
    expect(body.message).toContain('count, width');
  });

  it('changes a reference picture', async () => {
    const { body } = await create({ prompt: 'a dragon', reference_image: base64, model_name: 'scripted' });
    expect(await untilEnded(studio.url, `${ROOT}/status/${body.task_id}`)).toMatchObject({
      status: 'completed',
      note: expect.stringContaining('图生图'),
    });
    expect(engine.runs[0]?.request).toMatchObject({ type: 'img2img', family: 'scripted' });
  });

  it('lists the history in full pages, without tasks of other kinds', async () => {
    for (const prompt of ['one', 'two', 'three']) {
      const { body } = await create({ prompt });
      await untilEnded(studio.url, `${ROOT}/status/${body.task_id}`);
    }
    const first = (await ask(studio.url, 'GET', `${ROOT}/history?limit=2`)).body;
    expect(first.tasks.map((task: { prompt: string }) => task.prompt)).toEqual(['three', 'two']);
    const rest = (await ask(studio.url, 'GET', `${ROOT}/history?limit=2&before=${first.next_before}`)).body;
    expect(rest).toMatchObject({ tasks: [{ prompt: 'one', model_name: 'scripted' }], next_before: null });
  });

  it('deletes a task that runs: it stops and lies in the bin', async () => {
    await studio.close();
    let stopped = false;
    engine = new ScriptedEngine(async (_, { signal }) =>
      untilAborted(signal).catch((reason) => {
        stopped = true;
        throw reason;
      }),
    );
    studio = await startStudio({ engines: [engine] });
    const { body } = await create({ prompt: 'a dragon' });
    await expect.poll(() => engine.runs.length).toBe(1);
    expect(await ask(studio.url, 'DELETE', `${ROOT}/${body.task_id}`)).toEqual({
      status: 200,
      body: { task_id: body.task_id, deleted: true },
    });
    await expect.poll(() => stopped).toBe(true);
    expect((await ask(studio.url, 'GET', `${ROOT}/status/${body.task_id}`)).status).toBe(404);
    expect((await studio.client.call('listBin', { query: {} })).items).toHaveLength(1);
  });

  it('tells why a task failed', async () => {
    await studio.close();
    engine = new ScriptedEngine(() => null);
    studio = await startStudio({ engines: [engine] });
    const { body } = await create({ prompt: 'a dragon' });
    const status = await untilEnded(studio.url, `${ROOT}/status/${body.task_id}`);
    expect(status).toMatchObject({ status: 'failed', error: expect.stringMatching(/\p{Script=Han}/u) });
    expect((await ask(studio.url, 'GET', `${ROOT}/result/${body.task_id}`)).body.images).toEqual([]);
  });

  it('refuses what is wrong and names the field', async () => {
    for (const [sent, field] of [
      [{}, 'prompt'],
      [{ prompt: 'x', parameters: { width: 5 } }, 'parameters.width'],
      [{ prompt: 'x', parameters: { count: 33 } }, 'parameters.count'],
      [{ prompt: 'x', parameters: { style_id: 99 } }, 'parameters.style_id'],
      [{ prompt: 'x', parameters: { colour: 'red' } }, 'parameters.colour'],
      [{ prompt: 'x', reference_image: '?' }, 'reference_image'],
      [{ prompt: 'x', model_name: 7 }, 'model_name'],
      [{ prompt: '', reference_image: base64 }, 'prompt'],
    ] as const)
      expect(await create(sent), JSON.stringify(sent)).toMatchObject({
        body: { field, detail: expect.any(String) },
      });
    expect((await ask(studio.url, 'DELETE', `${ROOT}/999`)).status).toBe(404);
    for (const name of ['0', 'nope', '0f8fad5b-d9cb-469f-a165-70867728950e'])
      expect(await ask(studio.url, 'GET', `${ROOT}/result/${name}`)).toMatchObject({
        status: 404,
        body: { detail: `任务 ${name} 不存在。`, field: 'task_id' },
      });
  });
});
