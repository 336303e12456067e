import type { Missing } from '@limner/contract';
import { expect, it } from 'vitest';
import { modelsMissing } from './models-missing.ts';

const label = { en: 'Cut-out', zh: '抠图' };
const file = (name: string): Missing => ({
  what: 'model_file',
  name,
  cure: { en: `Put ${name} into models.`, zh: `请将 ${name} 放入 models。` },
});
const away: Missing = {
  what: 'server',
  name: 'http://127.0.0.1:8188',
  server: 'studio',
  cure: { en: 'ComfyUI does not answer. Start it.', zh: 'ComfyUI 没有响应。请启动它。' },
};
const sentences = (...[family, missing]: [string | typeof label, Missing[]]) => {
  const error = modelsMissing(family, missing);
  return [error.body('en').message, error.body('zh').message];
};

it('names missing files once, then says what to do about each', () => {
  expect(sentences(label, [file('a'), file('b')])).toEqual([
    'Cut-out lacks: a, b. Put a into models. Put b into models.',
    '抠图缺少：a、b。请将 a 放入 models。请将 b 放入 models。',
  ]);
});

it('names the server that lacks them', () => {
  expect(sentences(label, [{ ...file('a'), server: 'studio' }])[0]).toBe(
    'studio lacks: a. Put a into models.',
  );
});

it('says of a missing server only what its own sentence says', () => {
  expect(sentences(label, [away, away])).toEqual([away.cure.en, away.cure.zh]);
});
