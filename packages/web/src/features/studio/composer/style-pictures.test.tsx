// @vitest-environment happy-dom
import type { FamilyOffer } from '@limner/contract';
import { screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { addStyleImages, compose, useDraft } from '../../../state/draft/draft.ts';
import { obstacle } from '../../../state/draft/draft-rules.ts';
import { fromDraft } from '../../../state/recipe/from-draft.ts';
import { toDraft } from '../../../state/recipe/to-draft.ts';
import { useStudio } from '../../../state/studio.ts';
import { familyOf } from '../../../state/testing-tasks.ts';
import { renderPage } from '../../../testing-page.tsx';
import { serve } from '../../../testing-server.ts';
import { StylePictures } from './style-pictures.tsx';

const REDUX = familyOf({
  id: 'redux',
  label: { en: 'Redux model', zh: 'Redux 模型' },
  style_images: 2,
  params: [{ key: 'style_strength', type: 'number', default: 0.4, min: 0, max: 1, step: 0.05, effect: true }],
});
const WORDS = familyOf({
  id: 'words',
  kind: 'edit',
  types: [],
  label: { en: 'Words model', zh: '文字模型' },
  references: 3,
  style_images: 2,
  params: [
    {
      key: 'style_strength',
      type: 'number',
      default: null,
      effect: false,
      reason: { en: 'Say it in words.', zh: '请用文字说明。' },
    },
  ],
});
const PLAIN = familyOf({ id: 'plain', label: { en: 'Plain', zh: '普通' } });
const picture = (ref: string) => ({ ref, url: `/uploads/${ref}.png`, width: 64, height: 64 });
const EMPTY = useDraft.getState();

const cure = { en: 'Put redux.safetensors into models/style_models.', zh: '请放入 redux.safetensors。' };

async function shown(family: FamilyOffer, ...families: FamilyOffer[]) {
  serve({
    missingForRecipe: ({ body }) =>
      body.recipe.style_images.length > 0 ? [{ what: 'model_file', name: 'redux.safetensors', cure }] : [],
  });
  useStudio.setState({ families: [family, ...families], loaded: true });
  await renderPage(<StylePictures family={family} />, { language: 'en' });
  const user = userEvent.setup();
  await user.click(screen.getByRole('button', { name: /Style from pictures/ }));
  return user;
}

afterEach(() => {
  vi.restoreAllMocks();
  useDraft.setState(EMPTY, true);
});

describe('style pictures', () => {
  test('are sent with their strength, or none where it is the suggested one', async () => {
    addStyleImages([picture('a'), picture('b')]);
    const user = await shown(REDUX);
    const second = screen.getByRole('spinbutton', { name: 'Strength of style picture 2' });
    expect(second).toHaveProperty('value', '0.4');
    await user.clear(second);
    await user.type(second, '0.25');
    await user.tab();
    const recipe = fromDraft(useDraft.getState(), REDUX, null);
    expect(recipe.style_images).toEqual([
      { image: 'a', strength: null },
      { image: 'b', strength: 0.25 },
    ]);
    await user.click(screen.getByRole('button', { name: 'Remove style picture 1' }));
    expect(useDraft.getState().styleImages.map((each) => each.picture.ref)).toEqual(['b']);
  });

  test('say what no server has for them, with the cure', async () => {
    addStyleImages([picture('a')]);
    await shown(REDUX);
    await waitFor(() => expect(screen.getByText(cure.en)).toBeDefined());
  });

  test('of a model without a strength say why', async () => {
    compose({ mode: 'edit' });
    addStyleImages([picture('a')]);
    await shown(WORDS);
    expect(screen.getByText('Say it in words.')).toBeDefined();
    expect(screen.queryByRole('slider')).toBeNull();
  });

  test('of a model that takes none lead to one that does, and are not sent', async () => {
    addStyleImages([picture('a')]);
    const user = await shown(PLAIN, REDUX);
    expect(screen.getByText('Plain takes no style pictures.')).toBeDefined();
    expect(fromDraft(useDraft.getState(), PLAIN, null).style_images).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Use Redux model' }));
    expect(useDraft.getState().family).toBe('redux');
  });

  test('of a model that takes none name what would, with its cure', async () => {
    const [engine] = REDUX.engines;
    const lacking = {
      ...REDUX,
      available: false,
      engines: [
        {
          ...(engine as NonNullable<typeof engine>),
          missing: [{ what: 'server' as const, name: 'x', cure }],
        },
      ],
    };
    await shown(PLAIN, lacking);
    expect(screen.getByText(`Redux model would. ${cure.en}`)).toBeDefined();
  });

  test('count among the references of an edit', () => {
    compose({ mode: 'edit', prompt: 'x', references: [picture('a'), picture('b')] });
    addStyleImages([picture('c')]);
    expect(obstacle(useDraft.getState(), WORDS, 1)).toBeNull();
    addStyleImages([picture('d')]);
    expect(obstacle(useDraft.getState(), WORDS, 1)).toBe('composer.stylesTooMany');
  });

  test('come back from a recipe; missing ones and those without effect are told', () => {
    addStyleImages([picture('a'), picture('b')]);
    const recipe = fromDraft(useDraft.getState(), REDUX, null);
    const here = { styles: [], pictures: new Map([['a', picture('a')]]) };
    const restored = toDraft(recipe, { ...here, families: [REDUX] });
    expect(restored.draft.styleImages).toEqual([{ picture: picture('a'), strength: null }]);
    expect(restored.lost).toEqual([{ field: 'style_images', what: 'picture' }]);
    const elsewhere = toDraft({ ...recipe, family: null }, { ...here, families: [PLAIN] });
    expect(elsewhere.lost).toEqual([{ field: 'style_images', what: 'styleImages', family: PLAIN }]);
  });
});
