/** The text in a picture of the first version, which does not name the pictures that it was made from. */
import type { Task } from '@limner/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ScriptedEngine, tinyPng } from './scripted-engine.ts';
import { startStudio, type TestStudio } from './start-studio.ts';
import { testDialects } from './test-database.ts';

describe.each(await testDialects())('the text of an earlier picture, on %s', (_, dialect) => {
  let studio: TestStudio;
  beforeEach(async () => {
    studio = await startStudio({ dialect, engines: [new ScriptedEngine()] });
  });
  afterEach(() => studio.close());

  const upload = async () =>
    (await studio.client.call('upload', { file: new Blob([new Uint8Array(tinyPng)]), fileName: 'a.png' })).id;
  const paint = async (input_image: string, seed: number): Promise<Task> => {
    const body = { prompt: 'a brass key', family: 'scripted', type: 'img2img' as const, input_image, seed };
    return studio.ended((await studio.client.call('generate', { body })).id);
  };
  /** As the first version wrote it. */
  const textOf = ({ recipe }: Task, changes: object = {}) => {
    const { kind, family, type, prompt, negative_prompt, seed, width, height, params, style } = recipe;
    const { controlnet, loras } = recipe;
    const said = {
      kind,
      family,
      type,
      prompt,
      negative_prompt,
      seed,
      width,
      height,
      params,
      controlnet,
      loras,
    };
    return JSON.stringify({ limner: 1, ...said, style: style?.name ?? null, provenance: {}, ...changes });
  };
  const read = (text: string) => studio.client.call('readRecipe', { body: { text } });

  it('gets them from its task', async () => {
    const [one, other] = [await upload(), await upload()];
    const first = await paint(one, 5);
    const second = await paint(other, 6);
    expect(await read(textOf(first))).toMatchObject({ type: 'img2img', input_image: one, seed: 5 });
    expect(await read(textOf(second))).toMatchObject({ type: 'img2img', input_image: other, seed: 6 });
  });

  it('gets none where no task has this recipe, or two have it with different pictures', async () => {
    const [one, other] = [await upload(), await upload()];
    const first = await paint(one, 5);
    expect(await read(textOf(first, { seed: 9 }))).toMatchObject({ input_image: null });
    expect(await read(textOf(first, { width: 4096 }))).toMatchObject({ input_image: null });
    await paint(other, 5);
    expect(await read(textOf(first))).toMatchObject({ type: 'img2img', input_image: null });
  });
});
