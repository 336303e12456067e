import type { Trainer } from '@limner/contract';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  addKnown,
  changeDraft,
  clearDraft,
  obstacle,
  requestOf,
  setParam,
  useTrainingDraft,
} from './run-draft.ts';

const hint = { en: '', zh: '' };
const trainer: Trainer = {
  id: 'starter-lora',
  label: hint,
  description: hint,
  family: 'starter-paint',
  families: ['starter-paint'],
  images: { min: 2, max: 3 },
  params: [
    { key: 'lora_rank', type: 'integer', label: hint, hint, default: 8, min: 8, max: 8, step: 1 },
    {
      key: 'learning_rate',
      type: 'number',
      label: hint,
      hint,
      default: 0.003,
      min: 0.001,
      max: 0.01,
      step: 0.001,
    },
    { key: 'steps', type: 'integer', label: hint, hint, default: 300, min: 50, max: 1000, step: 50 },
  ],
  presets: [],
  available: true,
  missing: [],
  seconds_per_step: null,
};

const give = (count: number) =>
  addKnown(
    Array.from({ length: count }, (_, n) => ({
      ref: `${n}_0`,
      url: '',
      name: '',
      caption: n ? '' : 'a cat',
    })),
  );
const inTheWay = () => obstacle(useTrainingDraft.getState(), trainer);

beforeEach(clearDraft);

describe('a training that is put together', () => {
  it('says what it wants next', () => {
    expect(inTheWay()).toBe('training.tooFew');
    give(2);
    expect(inTheWay()).toBe('training.nameFirst');
    changeDraft({ name: 'Ink' });
    expect(inTheWay()).toBeNull();
    give(2);
    expect(inTheWay()).toBe('training.tooMany');
  });

  it('sends what was changed and the trainer’s suggestions for the rest', () => {
    give(2);
    changeDraft({ name: ' Ink ', triggers: 'inky' });
    setParam('steps', 100);
    expect(requestOf(useTrainingDraft.getState(), trainer)).toEqual({
      style_name: 'Ink',
      style_type: 'ui',
      trigger_words: 'inky',
      images: [
        { image: '0_0', caption: 'a cat' },
        { image: '1_0', caption: '' },
      ],
      params: { lora_rank: 8, learning_rate: 0.003, steps: 100 },
      trainer: 'starter-lora',
    });
  });
});
