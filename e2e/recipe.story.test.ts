import type { GenerateInput, TaskInput } from '@limner/contract';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { discPng } from './picture.ts';
import { eventually, type Studio, story } from './studio.ts';

const WIDE = { viewport: { width: 1440, height: 900 } };

const painted = async (studio: Studio, recipe: TaskInput['recipe']) =>
  studio.ended((await studio.api.call('createTask', { body: { recipe } })).id);

/** Presses Generate and waits for what it asks of the server, and for the task that comes of it. */
async function sentBy(page: Page): Promise<TaskInput & { task: number }> {
  const answered = page.waitForResponse(
    (answer) => answer.request().method() === 'POST' && answer.url().endsWith('/api/tasks'),
  );
  await page.getByRole('button', { name: /^Generate/ }).click();
  const answer = await answered;
  return { ...answer.request().postDataJSON(), task: (await answer.json()).id };
}

async function useRecipe(studio: Studio, id: number): Promise<Page> {
  const page = await studio.open(`/history?task=${id}`, WIDE);
  await page.getByRole('button', { name: 'Use this recipe' }).click();
  await page.getByText('The studio uses this recipe now.').waitFor();
  return page;
}

story('A recipe used again', (studio) => {
  test('paints the same picture: control picture, type, strength, range, family, size and seed', async () => {
    const generate = async (body: GenerateInput) =>
      studio.ended((await studio.api.call('generate', { body })).id);
    await generate({ prompt: 'a red dragon', seed: 7, family: 'starter' });
    const { id, recipe } = await generate({
      prompt: 'a blue dragon',
      seed: 9,
      family: 'starter-paint',
      width: 512,
      height: 512,
      controlnet: { type: 'canny', image: '1_0', strength: 0.9, start: 0.1, end: 0.8 },
    });
    const page = await useRecipe(studio, id);
    expect(await page.getByRole('switch', { name: 'ControlNet' }).isChecked()).toBe(true);
    await page.getByRole('img', { name: 'Your picture' }).waitFor();
    const sent = await sentBy(page);
    // The form always names a style; the base style adds nothing.
    const { style, negative_prompt: _, ...decided } = recipe;
    expect(style).toBeNull();
    expect(sent.recipe).toMatchObject({ ...decided, style: { id: 1, trigger_words: '', lora_path: null } });
    expect(sent.batch_size).toBe(1);
    // What the form shows of the control picture is a task as well, and may be the newer one.
    const task = await studio.ended(sent.task);
    const [first, again] = await Promise.all(
      [id, task.id].map(async (one) => {
        const picture = await fetch(`${studio.url}/outputs/${one}_0.png?w=512`);
        return Buffer.from(await picture.arrayBuffer()).toString('base64');
      }),
    );
    expect(again).toBe(first);
  });

  test('says of each thing that is gone that it could not be restored', async () => {
    const upload = await studio.api.call('upload', {
      file: new Blob([Uint8Array.from(discPng(256, [210, 60, 40], [20, 30, 60]))]),
    });
    const style = await studio.api.call('createStyle', { body: { name: 'Ember', trigger_words: 'golden' } });
    const source = await painted(studio, { kind: 'generation', prompt: 'a key', family: 'starter', seed: 3 });
    const { id } = await painted(studio, {
      kind: 'generation',
      type: 'img2img',
      prompt: 'a green dragon',
      family: 'starter-paint',
      input_image: `${source.id}_0`,
      style: { id: style.id },
      controlnet: { type: 'blur', image: upload.id },
    });
    await studio.api.call('deleteStyle', { params: { id: style.id } });
    await studio.api.call('deleteTask', { params: { id: source.id } });
    const page = await useRecipe(studio, id);
    const lost = page.getByRole('status', { name: 'Not restored' });
    await lost.getByText('The style Ember does not exist.').waitFor();
    await lost.getByText('The input picture no longer exists.').waitFor();
    await page.getByRole('img', { name: 'Your picture' }).waitFor();
    await lost.getByRole('button', { name: 'Dismiss' }).click();
    await lost.waitFor({ state: 'detached' });
  });

  test('of an inpainting brings the picture with its mask, and is varied with both', async () => {
    const file = new Blob([Uint8Array.from(discPng(256, [210, 60, 40], [20, 30, 60]))]);
    const mask = new Blob([Uint8Array.from(discPng(256, [255, 255, 255], [0, 0, 0]))]);
    const [picture, part] = await Promise.all(
      [file, mask].map((one) => studio.api.call('upload', { file: one })),
    );
    const families = await studio.api.call('listFamilies', {});
    const family = families.find(({ types, available }) => available && types.includes('inpaint'));
    const { id, recipe } = await painted(studio, {
      kind: 'generation',
      type: 'inpaint',
      prompt: 'a green disc',
      family: family?.id,
      input_image: picture?.id,
      mask_image: part?.id,
    });
    const page = await useRecipe(studio, id);
    const sent = await sentBy(page);
    expect(sent.recipe).toMatchObject({ input_image: recipe.input_image, mask_image: recipe.mask_image });
  });

  test('a seed that is none is refused beside its field, and stays as typed', async () => {
    const page = await studio.open('/', WIDE);
    await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill('a red dragon');
    const seed = page.getByRole('textbox', { name: 'Seed' });
    for (const [typed, reason] of [
      ['abc', 'A seed is a whole number.'],
      ['1e5', 'A seed is a whole number.'],
      ['156680208700286', /The largest seed of this model is/],
    ] as const) {
      await seed.fill(typed);
      await page.getByText(reason).waitFor();
      await seed.blur();
      expect(await seed.inputValue()).toBe(typed);
      expect(await page.getByRole('button', { name: /^Generate/ }).isDisabled()).toBe(true);
    }
    await seed.fill('１２３');
    await seed.blur();
    await eventually(() => seed.inputValue()).toBe('123');
    expect((await sentBy(page)).recipe.seed).toBe(123);
  });
});
