/** Which way a model takes the style of pictures, and the pictures of a request with their strength. */
import type { FrameRecipe } from '@limner/contract';
import type { UploadedInputs } from './family.ts';
import type { Model, StylePicture, StyleWay } from './model.ts';
import { pictureOf } from './pictures.ts';

export const stylePictures = ({ style_images }: FrameRecipe, inputs: UploadedInputs, way: StyleWay) =>
  style_images.map(
    ({ image, strength }): StylePicture => ({
      input: pictureOf(inputs, image),
      strength: strength ?? way.strength ?? 1,
    }),
  );

/** The chosen one, otherwise the first; null: the model has none, or the request no such picture. */
export function styleWayOf({ style }: Model, { params, style_images }: FrameRecipe): StyleWay | null {
  if (!style || style_images.length === 0) return null;
  return style.ways.find(({ value }) => value === params.style_mode) ?? style.ways[0];
}

const HAN = /\p{Script=Han}/u;

/** The pictures are references of the model, which reads of them by number in the language of the prompt. */
export const byWords = (noun: string): StyleWay => ({
  value: 'words',
  label: { en: 'As a reference, by words', zh: '作为参考图，用文字说明' },
  noStrength: {
    en: 'This model is asked for the style in words. Say in the prompt how much of it you want.',
    zh: '该模型通过文字采用风格，需要多少请写在提示词中。',
  },
  words(prompt, numbers) {
    const isChinese = HAN.test(prompt);
    const names = numbers.map((n) => (isChinese ? `图${n}` : `${noun} ${n}`));
    return isChinese
      ? `画面风格参照${names.join('和')}：沿用其配色、光影和笔触，不照搬其内容。`
      : `Use the style of ${names.join(' and ')}: the same palette, light and brushwork, but not what it shows.`;
  },
});
