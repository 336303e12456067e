/** A recipe on its way: asked for, stored, painted, written into the picture, read back. */
import { setTimeout as pause } from 'node:timers/promises';
import {
  Family,
  Frame,
  type FrameRecipe,
  type GenerateInput,
  MAX_REFERENCES,
  MAX_SEED,
  Recipe,
  type RecipeInput,
  readRecipe,
  Task,
} from '@limner/contract';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import versionZero from '../../contract/src/fixtures/version-0.json' with { type: 'json' };
import { textOf } from '../src/images/png-text.ts';
import { planOf } from '../src/tasks/plan.ts';
import { ScriptedEngine } from './scripted-engine.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

const family = (id: string, rest: Partial<Family>) =>
  Family.parse({
    id,
    kind: 'generation',
    label: { en: id, zh: id },
    description: { en: '', zh: '' },
    size: { default: 512, min: 64, max: 2048, step: 8 },
    types: [],
    controls: ['canny', 'depth'],
    references: 4,
    style_images: 2,
    loras: true,
    ...rest,
  });

/** Does everything, and takes every seed there is. */
class AllRound extends ScriptedEngine {
  override families = () => [
    family('scripted', {
      types: ['txt2img', 'img2img', 'inpaint'],
      outpaint: true,
      max_seed: String(MAX_SEED),
    }),
    family('scripted-small', { types: ['txt2img'] }),
    family('scripted-edit', { kind: 'edit' }),
    family('remove-background', { kind: 'remove_bg', size: null }),
    family('scripted-upscale', { kind: 'upscale', size: null }),
    family('scripted-preview', { kind: 'control_preview' }),
  ];
}

let engine: AllRound;
let studio: TestStudio;

beforeEach(async () => {
  engine = new AllRound();
  studio = await startStudio({ engines: [engine] });
});
afterEach(() => studio.close());

async function upload(red: number): Promise<string> {
  const background = { r: red, g: 40, b: 200, alpha: 1 };
  const png = await sharp({ create: { width: 16, height: 12, channels: 4, background } })
    .png()
    .toBuffer();
  const file = new Blob([new Uint8Array(png)], { type: 'image/png' });
  return (await studio.client.call('upload', { file, fileName: `${red}.png` })).id;
}

const paint = (recipe: RecipeInput, order: { batch_size?: number } = {}) =>
  studio.client.call('createTask', { body: { recipe: recipe as never, ...order } });

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

async function rowOf(id: number) {
  return studio.studio.db.read.selectFrom('tasks').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
}

async function textIn(url: string): Promise<unknown> {
  return JSON.parse(textOf(await studio.stored.read(studio.keyAt(url)), 'limner') ?? 'null');
}

/** Every field has a value that is not its default. */
async function fullRecipe() {
  const style = await studio.client.call('createStyle', {
    body: { name: 'Ink', type: 'vfx', trigger_words: 'inky', lora_path: 'ink.safetensors' },
  });
  const pictures = [await upload(1), await upload(2), await upload(3), await upload(4), await upload(5)];
  const [input = '', mask = '', control = '', first = '', second = ''] = pictures;
  return Recipe.parse({
    kind: 'generation',
    type: 'inpaint',
    family: 'scripted',
    prompt: '红色的龙 a red dragon',
    negative_prompt: 'fog',
    style: {
      id: style.id,
      name: 'Ink',
      trigger_words: 'inky',
      lora_path: 'ink.safetensors',
      family: null,
    },
    loras: [{ name: 'a.safetensors', weight: 0.5 }, { name: 'b.safetensors' }],
    input_image: input,
    mask_image: mask,
    outpaint: { left: 64, bottom: 32 },
    references: [first, second],
    style_images: [{ image: second, strength: 0.3 }],
    controlnet: { type: 'depth', image: control, strength: 0.7, start: 0.1, end: 0.8 },
    width: 640,
    height: 768,
    params: { steps: 8, cfg: 3.5, denoise: 0.6, sampler: 'euler', inputs: { key: 'x', on: true } },
    seed: '18446744073709551615',
    template: { prompt: '{红|蓝}色的龙 a red dragon', choices: [{ token: '{红|蓝}', value: '红' }] },
  });
}

describe('a recipe', () => {
  it('reaches task, row, engine and picture with every field, and comes back out of the picture', async () => {
    const recipe = await fullRecipe();
    const unset = Recipe.parse({ kind: 'generation' });
    const same = Object.entries(recipe).filter(([key, value]) => value === unset[key as keyof Recipe]);
    expect(same.map(([key]) => key)).toEqual(['version', 'kind', 'video', 'animation', 'training']);

    const made = await paint(recipe, { batch_size: 2 });
    expect(made.recipe).toEqual(recipe);
    const { output_paths, ...task } = await studio.ended(made.id);
    expect(task.recipe).toEqual(recipe);
    expect(planOf(await rowOf(made.id)).recipe).toEqual(recipe);

    const frames: FrameRecipe[] = [
      { ...recipe, family: 'scripted', seed: '18446744073709551615' },
      { ...recipe, family: 'scripted', seed: 0 },
    ];
    expect(engine.runs.map(({ request }) => request)).toEqual(frames);
    for (const [index, frame] of frames.entries()) {
      const text = await textIn(output_paths[index] ?? '');
      expect(text).toMatchObject({ limner: 2, recipe: frame, provenance: { engine: 'scripted' } });
      expect(readRecipe(text)).toEqual(frame);
    }
    expect((await paint(readRecipe(await textIn(output_paths[1] ?? '')) as Recipe)).recipe).toEqual(
      frames[1],
    );
  });

  it('is the same whichever route asks for it', async () => {
    const { style, references: _, training: __, version: ___, kind: ____, ...rest } = await fullRecipe();
    const { template: _____, video: ______, animation: _______, ...asked } = rest;
    const { style_images, ...shown } = asked;
    const body = { ...asked, style_id: style?.id } as GenerateInput;
    const task = await studio.client.call('generate', { body });
    expect(task.recipe).toEqual({ ...(await paint(task.recipe)).recipe, references: [] });
    expect(task.recipe.style_images).toEqual(style_images);
    const { controlnet: controlnet_config, ...same } = shown;
    expect(task).toMatchObject({ ...same, controlnet_config, style_id: style?.id });
  });

  it('of every kind is stored as it is asked for', async () => {
    const [a, b] = [await upload(1), await upload(2)];
    const { client } = studio;
    const asked = [
      await client.call('edit', { body: { prompt: 'make it snow', images: [a, b], seed: 3 } }),
      await client.call('upscale', { body: { input_image: a, factor: 4, model: 'slim' } }),
      await client.call('controlPreview', { body: { image: a, type: 'canny', width: 256, height: 128 } }),
      await client
        .call('removeBg', { body: { input_image: a, model: 'x' } })
        .then(({ id }) => client.call('getTask', { params: { id } })),
    ];
    expect(asked.map(({ recipe }) => recipe)).toMatchObject([
      { kind: 'edit', prompt: 'make it snow', references: [a, b], seed: 3, width: null, type: null },
      { kind: 'upscale', input_image: a, params: { factor: 4, model: 'slim' } },
      { kind: 'control_preview', controlnet: { type: 'canny', image: a }, width: 256, height: 128 },
      { kind: 'remove_bg', family: 'remove-background', input_image: a, params: { model: 'x' } },
    ]);
    for (const { recipe } of asked) expect((await paint(recipe)).recipe).toEqual(recipe);
  });

  it('keeps nothing that its kind does not read', async () => {
    const image = await upload(1);
    const controlnet = { enabled: false, type: 'canny', image: 'gone' } as const;
    const { recipe } = await paint({
      kind: 'generation',
      prompt: 'x',
      input_image: 'gone',
      mask_image: 'gone',
      controlnet,
    });
    expect(recipe).toMatchObject({ type: 'txt2img', input_image: null, mask_image: null, controlnet: null });
    const cutOut = await paint({ kind: 'remove_bg', type: 'img2img', input_image: image, mask_image: null });
    expect(cutOut.recipe.type).toBeNull();
  });

  it.each(['remove_bg', 'upscale', 'control_preview'] as const)(
    'of the kind %s reads one picture, and needs no other',
    async (kind) => {
      const image = await upload(1);
      const controlnet = { type: 'canny', image } as const;
      const { id, recipe } = await paint({
        kind,
        input_image: kind === 'control_preview' ? 'gone' : image,
        mask_image: 'gone',
        references: ['gone'],
        controlnet: kind === 'control_preview' ? controlnet : { ...controlnet, image: 'gone' },
      });
      expect(recipe).toMatchObject({ mask_image: null, references: [] });
      const { db } = studio.studio;
      const inputs = await db.read
        .selectFrom('task_inputs')
        .select('image')
        .where('task_id', '=', id)
        .execute();
      expect(inputs).toEqual([{ image }]);
    },
  );

  it('with more references than its family takes is refused with their number', async () => {
    const references = await Promise.all([1, 2, 3, 4, 5].map(upload));
    const error = await refusal(paint({ kind: 'generation', family: 'scripted', prompt: 'x', references }));
    expect(error).toMatchObject({ code: 'unsupported', field: 'recipe.references' });
    expect((error as Error).message).toBe('scripted cannot do this: it takes at most 4 reference pictures.');
  });

  it('keeps the pictures whose style it takes, for as long as the task', async () => {
    const [first, second] = [await upload(1), await upload(2)];
    const { id, recipe } = await paint({
      kind: 'generation',
      prompt: 'a cat',
      style_images: [{ image: first }, { image: `/uploads/${second}.png`, strength: 0.3 }],
    });
    expect(recipe.style_images).toEqual([
      { image: first, strength: null },
      { image: second, strength: 0.3 },
    ]);
    const inputs = studio.studio.db.read.selectFrom('task_inputs').select('image').where('task_id', '=', id);
    expect((await inputs.execute()).map(({ image }) => image).toSorted()).toEqual([first, second].toSorted());
    const lost = await refusal(paint({ ...recipe, style_images: [{ image: first }, { image: 'gone' }] }));
    expect(lost).toMatchObject({ code: 'image_not_found', field: 'recipe.style_images.1.image' });
    const cutOut = await paint({ kind: 'remove_bg', input_image: first, style_images: [{ image: 'gone' }] });
    expect(cutOut.recipe.style_images).toEqual([]);
  });

  it('takes its style by id, or else by name, and reads the rest of it anew', async () => {
    const { id } = await studio.client.call('createStyle', {
      body: { name: 'Ink', type: 'ui', trigger_words: 'inky' },
    });
    const { recipe } = await paint({ kind: 'generation', prompt: 'a cat', style: { name: 'Ink' } });
    expect(recipe.style).toEqual({ id, name: 'Ink', trigger_words: 'inky', lora_path: null, family: null });
    await studio.client.call('updateStyle', {
      params: { id },
      body: { name: 'Pen', trigger_words: 'penned' },
    });
    expect((await paint(recipe)).recipe.style).toMatchObject({ id, name: 'Pen', trigger_words: 'penned' });
    const lost = await refusal(paint({ kind: 'generation', prompt: 'a cat', style: { name: 'Ink' } }));
    expect(lost).toMatchObject({ code: 'style_not_found', field: 'recipe.style' });
  });

  it.each([
    [{ kind: 'generation', prompt: '  ' }, 'invalid_request', 'recipe.prompt'],
    [{ kind: 'generation', prompt: 'x', type: 'img2img' }, 'input_image_missing', 'recipe.input_image'],
    [{ kind: 'generation', prompt: 'x', type: 'inpaint' }, 'mask_missing', 'recipe.mask_image'],
    [{ kind: 'generation', prompt: 'x', outpaint: { left: 8 } }, 'invalid_request', 'recipe.outpaint'],
    [
      { kind: 'generation', prompt: 'x', type: 'inpaint', outpaint: {} },
      'invalid_request',
      'recipe.outpaint',
    ],
    [
      { kind: 'generation', prompt: 'x', type: 'inpaint', outpaint: { left: 4097 } },
      'invalid_request',
      'recipe.outpaint.left',
    ],
    [
      { kind: 'generation', prompt: 'x', type: 'inpaint', outpaint: { left: 8 } },
      'mask_missing',
      'recipe.mask_image',
    ],
    [{ kind: 'edit', prompt: 'x' }, 'invalid_request', 'recipe.references'],
    [
      { kind: 'edit', prompt: 'x', references: Array(MAX_REFERENCES + 1).fill('a') },
      'invalid_request',
      'recipe.references',
    ],
    [{ kind: 'edit', prompt: 'x', references: ['u1'] }, 'image_not_found', 'recipe.references.0'],
    [{ kind: 'remove_bg' }, 'input_image_missing', 'recipe.input_image'],
    [{ kind: 'control_preview' }, 'invalid_request', 'recipe.controlnet'],
    [{ kind: 'generation', prompt: 'x', family: 'none' }, 'family_not_found', 'recipe.family'],
    [
      { kind: 'generation', prompt: 'x', seed: 2 ** 32, family: 'scripted-small' },
      'invalid_request',
      'recipe.seed',
    ],
    [{ kind: 'generation', prompt: 'x', seed: '18446744073709551616' }, 'invalid_request', 'recipe.seed'],
    [{ kind: 'training', prompt: 'x' }, 'invalid_request', 'recipe.kind'],
    [{ kind: 'generation', prompt: 'x', stepz: 3 }, 'invalid_request', 'recipe.stepz'],
    [{ kind: 'generation', prompt: 'x', version: 2 }, 'invalid_request', 'recipe.version'],
  ])('%j is refused with its field', async (recipe, code, field) => {
    expect(await refusal(paint(recipe as RecipeInput))).toMatchObject({ code, field });
  });

  it('is refused under the names of the route that was asked', async () => {
    const { client } = studio;
    const edit = client.call('edit', { body: { prompt: 'x', images: ['u1'] } });
    expect(await refusal(edit)).toMatchObject({ code: 'image_not_found', field: 'images.0' });
    const styled = client.call('generate', { body: { prompt: 'x', style_id: 4711 } });
    expect(await refusal(styled)).toMatchObject({ code: 'style_not_found', field: 'style_id' });
    const preview = client.call('controlPreview', { body: { image: 'u1', type: 'canny' } });
    expect(await refusal(preview)).toMatchObject({ code: 'image_not_found', field: 'image' });
    engine.obstacles = [{ what: 'model_file', name: 'x', cure: { en: '', zh: '' } }];
    const cutOut = client.call('removeBg', { body: { input_image: await upload(1), model: 'x' } });
    expect(await refusal(cutOut)).toMatchObject({ code: 'models_missing', field: 'model' });
  });
});

describe('the text of a picture', () => {
  const read = (text: string) => studio.client.call('readRecipe', { body: { text } });

  it('is read by the server, of whichever version, for pages that have no schemas', async () => {
    const { id } = await studio.ended((await paint({ kind: 'generation', prompt: 'a cat', seed: 3 })).id);
    const text = await textIn(`/outputs/${id}_0.png`);
    expect(await read(JSON.stringify(text))).toMatchObject({ kind: 'generation', prompt: 'a cat', seed: 3 });
    for (const { kind, text } of versionZero)
      expect(await read(JSON.stringify(text))).toMatchObject({ kind, seed: text.seed });
  });

  it.each(['', 'no JSON', 'null', '[]', '{"limner":3,"recipe":{"version":2}}', '{"__proto__":{"limner":1}}'])(
    'that is %j has no recipe',
    async (text) => expect(await read(text)).toBeNull(),
  );
});

describe('what a recipe names', () => {
  /** Deletes while a request is on its way, and commits when it has had time to read what was there before. */
  async function deleting(table: 'uploads' | 'styles', id: string | number, ask: () => Promise<unknown>) {
    let asked: Promise<unknown> = Promise.resolve();
    await studio.studio.db.write(async (trx) => {
      await trx
        .deleteFrom(table)
        .where('id', '=', id as never)
        .execute();
      asked = refusal(ask());
      await pause(200);
    });
    return asked;
  }

  it('is not used once it is deleted, not even in the same moment', async () => {
    const image = await upload(1);
    const { id } = await studio.client.call('createStyle', { body: { name: 'Ink', type: 'ui' } });
    const cutOut = () => studio.client.call('removeBg', { body: { input_image: image } });
    expect(await deleting('uploads', image, cutOut)).toMatchObject({ code: 'image_not_found' });
    const styled = () => studio.client.call('generate', { body: { prompt: 'a cat', style_id: id } });
    expect(await deleting('styles', id, styled)).toMatchObject({ code: 'style_not_found' });
    expect(await studio.client.call('listTasks', { query: {} })).toEqual([]);
  });

  it('is answered with address and size, or null if it does not exist', async () => {
    const image = await upload(1);
    const { id } = await studio.ended((await paint({ kind: 'generation', prompt: 'a cat' })).id);
    const refs = [image, 'gone', `/outputs/${id}_0.png`, `${id}_9`, `/uploads/${image}.png`];
    const here = {
      id: image,
      url: `${studio.base}/uploads/${image}.png`,
      media_type: 'image/png',
      width: 16,
      height: 12,
    };
    const output = {
      id: `${id}_0`,
      url: `${studio.base}/outputs/${id}_0.png`,
      media_type: 'image/png',
      width: 8,
      height: 8,
    };
    expect(await studio.client.call('resolvePictures', { body: { refs } })).toEqual([
      here,
      null,
      output,
      null,
      here,
    ]);
  });
});

describe('a task stored before recipes had versions', () => {
  async function stored({ kind, plan }: (typeof versionZero)[number]): Promise<number> {
    const { id } = await paint({ kind: 'generation', prompt: plan.prompt || 'x' });
    await studio.ended(id);
    await studio.studio.db.write(async (trx) => {
      const change = {
        kind: kind as Task['task_kind'],
        plan: JSON.stringify(plan),
        family: plan.choice.family,
      };
      await trx.updateTable('tasks').set(change).where('id', '=', id).execute();
      await trx.deleteFrom('outputs').where('task_id', '=', id).execute();
      await trx
        .updateTable('frames')
        .set({ status: 'failed', seed: '7' })
        .where('task_id', '=', id)
        .execute();
    });
    return id;
  }

  it.each(versionZero.map((sample) => [sample.kind, sample] as const))(
    'is refused like any other: %s',
    async (_kind, sample) => {
      const id = await stored(sample);
      const task = await studio.client.call('getTask', { params: { id } });
      expect(Task.parse(task)).toEqual(task);
      const { plan } = sample;
      expect(task).toMatchObject({
        type: plan.type,
        negative_prompt: plan.negativePrompt,
        input_image: plan.inputImage,
        mask_image: plan.maskImage,
        references: plan.references,
        loras: plan.loras,
        controlnet_config: plan.controlnet,
        width: plan.width,
        height: plan.height,
        params: plan.params,
        seed: plan.seed,
        choice: plan.choice,
        recipe: { version: 1, kind: sample.kind, family: plan.choice.family },
      });
    },
  );

  it('is painted when it is tried again', async () => {
    const [inpainting] = versionZero;
    const id = await stored(inpainting as (typeof versionZero)[number]);
    engine.runs.length = 0;
    await studio.client.call('retryTask', { params: { id } });
    const task = await studio.ended(id);
    expect(Frame.parse(task.frames[0])).toMatchObject({ status: 'completed', seed: 7 });
    expect(engine.runs[0]?.request).toEqual({ ...task.recipe, seed: 7 });
    expect(engine.runs[0]?.request).toMatchObject({
      style: { trigger_words: 'inky' },
      input_image: task.input_image,
    });
  });
});
