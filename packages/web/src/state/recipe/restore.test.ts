import { Recipe } from '@limner/contract';
import { afterEach, expect, it } from 'vitest';
import { useDraft } from '../draft/draft.ts';
import { useUploads, whileUploading } from '../draft/uploads.ts';
import { restoreRecipe } from './restore.ts';

const recipe = Recipe.parse({
  ...{ version: 1, kind: 'generation', type: 'txt2img', prompt: 'a blue fox', seed: '7', family: 'large' },
});

afterEach(() => useDraft.setState(useDraft.getInitialState(), true));

it('a restored recipe gets no picture that was on its way before', async () => {
  let arrive = (_: string) => {};
  const upload = whileUploading(() => new Promise<string>((resolve) => (arrive = resolve)));
  expect(useUploads.getState().count).toBe(1);
  expect(await restoreRecipe(recipe, 1)).toBe(true);
  expect(useUploads.getState().count).toBe(0);
  const next = whileUploading(async () => 'the next');
  arrive('the dropped one');
  expect(await upload).toBeNull();
  expect(await next).toBe('the next');
  expect(useUploads.getState().count).toBe(0);
  expect(useDraft.getState()).toMatchObject({ prompt: 'a blue fox', input: null });
});
