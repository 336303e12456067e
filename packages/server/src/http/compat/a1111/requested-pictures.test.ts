import type { Family, Recipe } from '@limner/contract';
import { expect, it } from 'vitest';
import { Img2ImgBody } from './generation-body.ts';
import { requestedPictures, WITHOUT_PICTURES } from './requested-pictures.ts';

const FAMILY = {
  id: 'painter',
  label: { en: 'Painter', zh: '画师' },
  params: [],
  types: [],
} as unknown as Family;
/** The model `words` only paints from words; `painter` does everything and is the best. */
const familyFor = ({ family, type }: Recipe) => (family === 'words' && type !== 'txt2img' ? null : FAMILY);
const choices = {
  models: [{ family: 'words', file: null, title: 'Words [words]' }],
  selected: null,
  loras: [],
  styles: [],
  familyFor,
  drawnSeed: 7,
};
const asked = (input: string | null) =>
  requestedPictures(
    Img2ImgBody.parse({ prompt: 'a key', override_settings: { sd_model_checkpoint: 'Words [words]' } }),
    { ...WITHOUT_PICTURES, input },
    choices,
  );

it('a selected model that cannot do what is asked gives way to the best one, with a note', () => {
  expect(asked(null).requested.recipe.family).toBe('words');
  const { requested, notes } = asked('3_0');
  expect(requested.recipe).toMatchObject({ family: null, type: 'img2img' });
  expect(notes.map(({ en }) => en)).toContain('The model "words" cannot do this; another was used.');
});
