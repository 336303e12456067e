/** Grids over HTTP: axes become ordinary tasks, refusals name the axis, the sheet shows what became of each cell. */
import { type Family, type GridInput, labGrid, StudioError } from '@limner/contract';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ScriptedEngine, untilAborted } from './scripted-engine.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

/** Paints one colour for each number of steps. */
class StepsEngine extends ScriptedEngine {
  override families(): Family[] {
    return super.families().map((family) => ({
      ...family,
      params: [
        { key: 'steps', type: 'integer', default: 20, min: 1, max: 60, effect: true },
        {
          key: 'sampler',
          type: 'choice',
          default: 'euler',
          choices: ['euler', 'dpmpp_2m'].map((value) => ({ value, label: { en: value, zh: value } })),
          effect: true,
        },
      ],
    }));
  }
}

const painted = (steps: number) =>
  sharp({ create: { width: 64, height: 64, channels: 3, background: { r: 0, g: 10 * steps, b: 0 } } })
    .png()
    .toBuffer();

let studio: TestStudio;

beforeAll(async () => {
  const engine = new StepsEngine(({ prompt, params }, { signal }) => {
    if (prompt.includes('slow')) return untilAborted(signal);
    if (prompt.includes('broken')) throw new StudioError('invalid_request', { field: 'prompt' });
    return painted(params.steps ?? 20);
  });
  studio = await startStudio({ engines: [engine], environ: { MAX_QUEUED_TASKS: '60' } });
});
afterAll(() => studio.close());
beforeEach(async () => {
  await studio.client.call('cancelQueue', {});
});

const recipe = { kind: 'generation' as const, prompt: 'a red dragon', family: 'scripted' };
const create = (axes: GridInput['axes'], change: Partial<GridInput> = {}) =>
  studio.client.call('createGrid', { body: { recipe, axes, ...change } });
const get = (id: number) => studio.client.call('getGrid', { params: { id } });
const task = (id: number) => studio.client.call('getTask', { params: { id } });
const refused = (axes: unknown, change: Partial<GridInput> = {}) =>
  create(axes as GridInput['axes'], change).then(
    () => null,
    ({ code, field, data, message }: StudioError) => ({ code, field, data, message }),
  );
const counts = async () => (await studio.client.tasks({ limit: 200 })).items.length;

describe('a grid', () => {
  it('makes an ordinary task of every cell, with one seed for all', async () => {
    const grid = await create({
      x: { field: 'steps', values: '5-15 (+5)' },
      y: { field: 'sampler', values: 'euler, DPM++ 2M' },
    });
    expect(grid.cells.map(({ x, y, z }) => [x, y, z])).toEqual([
      [0, 0, 0],
      [1, 0, 0],
      [2, 0, 0],
      [0, 1, 0],
      [1, 1, 0],
      [2, 1, 0],
    ]);
    expect(grid.axes.y).toEqual({
      field: 'sampler',
      label: { en: 'Sampler', zh: '采样器' },
      values: [{ value: 'euler' }, { value: 'dpmpp_2m' }],
    });
    const tasks = await Promise.all(grid.cells.map(({ task_id }) => studio.ended(task_id)));
    expect(tasks.map(({ params }) => [params.steps, params.sampler])).toEqual([
      [5, 'euler'],
      [10, 'euler'],
      [15, 'euler'],
      [5, 'dpmpp_2m'],
      [10, 'dpmpp_2m'],
      [15, 'dpmpp_2m'],
    ]);
    expect(new Set(tasks.map(({ frames }) => frames[0]?.seed))).toEqual(new Set([grid.recipe.seed]));
    expect(tasks[5]?.grid).toEqual({ id: grid.id, x: 2, y: 1, z: 0 });
    const after = await get(grid.id);
    expect(after.cells.map(({ status, output_path }) => [status, output_path])).toEqual(
      grid.cells.map(({ task_id }) => ['completed', `${studio.base}/outputs/${task_id}_0.png`]),
    );
  });

  it('of prompts has one task for each line, as typed', async () => {
    const { cells, recipe: kept } = await create(
      { x: { field: 'prompt', values: 'a cat, red\n\n  一条红色的龙，飞\n' } },
      { recipe: { ...recipe, prompt: '', seed: 5 }, batch_size: 2 },
    );
    const tasks = await Promise.all(cells.map(({ task_id }) => studio.ended(task_id)));
    expect(tasks.map(({ prompt, frames }) => [prompt, frames.map(({ seed }) => seed)])).toEqual([
      ['a cat, red', [5, 6]],
      ['一条红色的龙，飞', [5, 6]],
    ]);
    expect(kept.seed).toBe(5);
  });

  it('over seeds, sizes, styles and models reaches the recipe', async () => {
    await studio.client.call('createStyle', { body: { name: 'Ink', type: 'ui', trigger_words: 'inkwash' } });
    const { cells } = await create({
      x: { field: 'size', values: '64x128' },
      y: { field: 'seed', values: [3] },
      z: { field: 'style', values: 'ink' },
    });
    const made = await studio.ended(cells[0]?.task_id ?? 0);
    expect([made.width, made.height, made.frames[0]?.seed, made.recipe.style?.trigger_words]).toEqual([
      64,
      128,
      3,
      'inkwash',
    ]);
    const families = await create(
      { x: { field: 'family', values: 'Scripted' } },
      { recipe: { ...recipe, family: null } },
    );
    expect(families.axes.x?.values).toEqual([{ value: 'scripted', label: { en: 'Scripted', zh: '脚本' } }]);
  });

  it('is listed, newest first, and its deletion leaves the tasks', async () => {
    const { id, cells } = await create({ x: { field: 'steps', values: '1, 2' } });
    for (const { task_id } of cells) await studio.ended(task_id);
    const [newest] = await studio.client.call('listGrids', { query: { limit: 1 } });
    expect(newest).toMatchObject({ id, prompt: 'a red dragon', cells: 2, ended: 2 });
    expect(await studio.client.call('listGrids', { query: { before: id, limit: 1 } })).not.toContainEqual(
      newest,
    );
    await studio.client.call('deleteGrid', { params: { id } });
    await expect(get(id)).rejects.toMatchObject({ code: 'grid_not_found' });
    expect((await task(cells[0]?.task_id ?? 0)).grid).toBeNull();
  });

  it('keeps the cell of a deleted task, which comes back with it', async () => {
    const { id, cells } = await create({ x: { field: 'steps', values: '1, 2' } });
    const gone = cells[0]?.task_id ?? 0;
    for (const { task_id } of cells) await studio.ended(task_id);
    await studio.client.call('deleteTask', { params: { id: gone } });
    expect((await get(id)).cells[0]).toMatchObject({ task_id: gone, status: 'deleted', output_path: null });
    const { items } = await studio.client.call('listBin', {});
    await studio.client.call('restoreFromBin', { body: { items: items.slice(0, 1).map((item) => item.id) } });
    expect((await get(id)).cells[0]).toMatchObject({ task_id: gone, status: 'completed' });
    expect((await task(gone)).grid).toEqual({ id, x: 0, y: 0, z: 0 });
  });
});

describe('refusals', () => {
  it.each<[string, unknown, string]>([
    ['no axis', {}, 'axes: must have an axis x, y or z'],
    [
      'an unknown field',
      { x: { field: 'stepz', values: '1' } },
      'Axis x: there is no field "stepz" here. There are: prompt, prompt_replace, seed, steps, sampler, size, width, height, style, style.strength, style.step, family.',
    ],
    [
      'a value out of range',
      { y: { field: 'steps', values: '20, 61' } },
      'Axis y: 61 is outside the range of Steps, 1 to 60.',
    ],
    ['no values', { x: { field: 'steps', values: '' } }, 'Axis x: it has no values.'],
    ['the same value', { z: { field: 'steps', values: '2, 2' } }, 'Axis z: "2" is there twice.'],
    [
      'one field on two axes',
      { x: { field: 'steps', values: '2' }, y: { field: 'params.steps', values: '3' } },
      'Axis y: it has the field of axis x.',
    ],
    [
      'words that the prompt lacks',
      { x: { field: 'prompt_replace', values: 'green, blue' } },
      'Axis x: "green" is not in the prompt "a red dragon".',
    ],
    [
      '10,000 cells',
      {
        x: { field: 'seed', values: '1-100' },
        y: { field: 'width', values: Array.from({ length: 100 }, (_, at) => 64 + at) },
      },
      'This grid would have 10000 cells. The limit is 500. Use fewer values.',
    ],
    [
      '10,000 prompts',
      { x: { field: 'prompt', values: 'a\n'.repeat(10_000) } },
      'This grid would have 10000 cells. The limit is 500. Use fewer values.',
    ],
    [
      'a billion seeds',
      { x: { field: 'seed', values: '1-1000000000' } },
      'This grid would have 1000000000 cells. The limit is 500. Use fewer values.',
    ],
  ])('name what is wrong: %s', async (_, axes, sentence) => {
    expect((await refused(axes))?.message).toBe(sentence);
  });

  it('list the models there are', async () => {
    expect((await refused({ x: { field: 'family', values: 'nope' } }))?.message).toMatch(
      /^Axis x: "nope" is not a value of Model\. There are: .*scripted\.$/,
    );
  });

  it('are in the language of the request, with the axis as field', async () => {
    const answer = await fetch(`${studio.url}/api/grids`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'accept-language': 'zh-CN' },
      body: JSON.stringify({ recipe, axes: { y: { field: 'steps', values: '61' } } }),
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      error: { code: 'grid_axis', field: 'axes.y', message: 'y 轴：61 超出步数的范围 1 至 60。' },
    });
  });

  it('of one cell make no task at all', async () => {
    const before = await counts();
    const answer = await refused({
      x: { field: 'style', values: ['基础风格'] },
      y: { field: 'prompt', values: ['a', ' '] },
    });
    expect(answer).toMatchObject({ code: 'invalid_request', field: 'recipe.prompt' });
    expect(await counts()).toBe(before);
  });

  it('keep the limit of the queue', async () => {
    const answer = await refused({ x: { field: 'seed', values: '1-100' } });
    expect(answer).toMatchObject({ code: 'queue_short', data: { tasks: 100, limit: 60 } });
  });

  it('end when the queue has room again', async () => {
    const forty = { x: { field: 'prompt', values: Array.from({ length: 40 }, (_, at) => `slow ${at}`) } };
    await create(forty);
    expect(await refused(forty)).toMatchObject({ code: 'queue_short' });
    await studio.client.call('cancelQueue', {});
    await expect(create(forty)).resolves.toMatchObject({ cells: { length: 40 } });
  });
});

describe('a sheet', () => {
  const sheet = async (id: number, query = '') => {
    const answer = await fetch(`${studio.url}/api/grids/${id}/sheet${query}`);
    return {
      status: answer.status,
      type: answer.headers.get('content-type'),
      body: Buffer.from(await answer.arrayBuffer()),
    };
  };
  const pixels = async (png: Buffer) => {
    const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
    return {
      ...info,
      at: (x: number, y: number) => [
        ...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3),
      ],
    };
  };

  it('has a column for each x and a row for each y, with labels', async () => {
    const { id, cells } = await create({
      x: { field: 'steps', values: '5, 10, 15' },
      y: { field: 'prompt', values: 'a cat\n一只猫' },
    });
    for (const { task_id } of cells) await studio.ended(task_id);
    const { type, body } = await sheet(id, '?cell=64');
    expect(type).toBe('image/png');
    const image = await pixels(body);
    // The lower right corners of the cells, from the right and the bottom.
    const corner = (column: number, row: number) =>
      image.at(image.width - 12 - column * 72, image.height - 20 - row * 72);
    expect([corner(2, 0), corner(1, 0), corner(0, 1)]).toEqual([
      [0, 50, 0],
      [0, 100, 0],
      [0, 150, 0],
    ]);
    const ink = (left: number, top: number, width: number, height: number) =>
      Array.from({ length: width * height }, (_, at) =>
        image.at(left + (at % width), top + Math.floor(at / width)),
      ).filter(([grey]) => (grey ?? 255) < 100).length;
    expect(ink(0, 0, image.width, 24)).toBeGreaterThan(50);
    expect(ink(0, image.height - 90, 40, 80)).toBeGreaterThan(20);
  });

  it('shows cells that wait, failed or are deleted as such', async () => {
    const { id, cells } = await create({ x: { field: 'prompt', values: 'a cat\nbroken\ngone\nslow' } });
    for (const { task_id } of cells.slice(0, 3)) await studio.ended(task_id);
    await studio.client.call('deleteTask', { params: { id: cells[2]?.task_id ?? 0 } });
    const image = await pixels((await sheet(id, '?cell=128')).body);
    const greys = cells.map((_, at) =>
      image.at(12 + (at % 2) * 136, image.height - 24 - ((at < 2 ? 1 : 0) * (image.height - 8)) / 2),
    );
    expect(greys.map(([red, green]) => (red === green ? 'grey' : 'picture'))).toEqual([
      'picture',
      'grey',
      'grey',
      'grey',
    ]);
  });

  it('is refused beyond the limit, with its size', async () => {
    const { id } = await create({ x: { field: 'seed', values: '1-40' }, y: { field: 'steps', values: '1' } });
    const { status, body } = await sheet(id, '?cell=1024');
    expect(status).toBe(422);
    expect(JSON.parse(String(body)).error).toMatchObject({
      code: 'grid_sheet_too_large',
      data: { width: expect.any(Number), height: expect.any(Number), limit: 32, side: 16384 },
    });
    expect((await sheet(id)).status).toBe(200);
    expect((await sheet(id, '?cell=9')).status).toBe(400);
    expect((await sheet(999_999)).status).toBe(404);
  });
});

describe('a lab', () => {
  it('has the same picture without the LoRA and at each strength, and what is chosen becomes the style', async () => {
    const { client } = studio;
    const made = await client.call('createStyle', {
      body: { name: 'Ink brush', lora_path: 'ink.safetensors' },
    });
    expect(made.strength).toBe(1);
    const body = labGrid({ styles: [made], strengths: [0.6, 1], prompts: ['a cat', 'a dog'] });
    const lab = await client.call('createGrid', { body });
    const tasks = await Promise.all(lab.cells.map(({ task_id }) => task(task_id)));
    const styled = tasks.map(({ recipe: of }) => [of.prompt, of.style?.id, of.style?.strength]);
    expect(styled).toEqual([
      ...[0, 0.6, 1].map((strength) => ['a cat', made.id, strength]),
      ...[0, 0.6, 1].map((strength) => ['a dog', made.id, strength]),
    ]);
    expect(new Set(tasks.map(({ frames }) => frames[0]?.seed)).size).toBe(1);
    expect(lab.axes.x?.values[0]?.label).toEqual({ en: 'without its LoRA', zh: '不用 LoRA' });

    const chosen = await client.call('updateStyle', { params: { id: made.id }, body: { strength: 0.6 } });
    expect(chosen.strength).toBe(0.6);
    const next = await client.call('createTask', { body: { recipe: { ...recipe, style: { id: made.id } } } });
    expect((await task(next.id)).recipe.style).toMatchObject({ strength: 0.6, lora_path: 'ink.safetensors' });
    // Old pictures keep what they were made with.
    expect((await task(lab.cells[2]?.task_id ?? 0)).recipe.style?.strength).toBe(1);
  });

  it('refuses a strength that no LoRA takes', async () => {
    const { id } = await studio.client.call('createStyle', {
      body: { name: 'Oil paint', lora_path: 'oil.safetensors' },
    });
    const styledRecipe = { ...recipe, style: { id } };
    const sentence = await refused(
      { x: { field: 'style.strength', values: '1, 9' } },
      { recipe: styledRecipe },
    );
    expect(sentence).toMatchObject({ code: 'grid_axis', field: 'axes.x' });
    const change = studio.client.call('updateStyle', { params: { id }, body: { strength: 9 } });
    await expect(change).rejects.toMatchObject({ code: 'invalid_request', field: 'strength' });
  });
});
