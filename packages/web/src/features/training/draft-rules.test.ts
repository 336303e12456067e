import type { Trainer, Training } from '@limner/contract';
import { beforeEach, describe, expect, it } from 'vitest';
import { groupedParams, paramsFor, presetOf, problemsOf, requestOf, trainerOf } from './draft-rules.ts';
import { addKnown, changeDraft, clearDraft, repeatRun, setParams, useTrainingDraft } from './run-draft.ts';

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
const problems = () => problemsOf(useTrainingDraft.getState(), trainer);

beforeEach(clearDraft);

describe('a training that is put together', () => {
  it('names what is wrong at each field', () => {
    expect(problems()).toEqual({ pictures: 'training.tooFew', name: 'training.nameFirst' });
    give(2);
    changeDraft({ name: 'Ink' });
    expect(problems()).toEqual({ pictures: null, name: null });
    give(2);
    expect(problems()).toEqual({ pictures: 'training.tooMany', name: null });
  });

  it('sends what was changed and the trainer’s suggestions for the rest', () => {
    give(2);
    changeDraft({ name: ' Ink ', triggers: 'inky' });
    setParams('starter-lora', { steps: 100 });
    setParams('other', { steps: 900 });
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

  it('keeps the trainer when it is cleared, and otherwise takes the best that is available', () => {
    const away = { ...trainer, id: 'kohya', available: false };
    expect(trainerOf([away, trainer], null)).toBe(trainer);
    expect(trainerOf([away], null)).toBe(away);
    changeDraft({ trainer: 'kohya', name: 'Ink' });
    clearDraft();
    expect(useTrainingDraft.getState()).toMatchObject({ trainer: 'kohya', name: '' });
    expect(trainerOf([away, trainer], 'kohya')).toBe(away);
    expect(trainerOf([], 'kohya')).toBeNull();
  });

  it('is the form of a run that is repeated, with its pictures and values', () => {
    const run = {
      ...{ trainer: 'kohya', style_name: 'Ink', style_type: 'vfx', trigger_words: 'inky', dataset: null },
      params: { steps: 700 },
      images: [
        { id: 'u1', url: '/uploads/u1.png', caption: 'a cat' },
        { id: 'u2', url: null, caption: 'deleted' },
      ],
    };
    repeatRun(run as unknown as Training);
    const draft = useTrainingDraft.getState();
    expect(requestOf(draft, { ...trainer, id: 'kohya' })).toMatchObject({
      ...{ style_name: 'Ink', style_type: 'vfx', trigger_words: 'inky', trainer: 'kohya' },
      images: [{ image: 'u1', caption: 'a cat' }],
      params: { steps: 700 },
    });
  });
});

describe('the parameters of a trainer', () => {
  const param = (key: string) => ({ ...(trainer.params[2] as Trainer['params'][number]), key });
  const keys = (params: { key: string }[]) => params.map(({ key }) => key);

  it('lead with rank, learning rate and steps, whatever their order, and the model stands apart', () => {
    const params = ['resolution', 'steps', 'family', 'learning_rate', 'alpha', 'lora_rank'].map(param);
    const { model, leading, folded } = groupedParams({ ...trainer, params });
    expect(model?.key).toBe('family');
    expect(keys(leading)).toEqual(['lora_rank', 'learning_rate', 'steps']);
    expect(keys(folded)).toEqual(['resolution', 'alpha']);
  });

  it('are those of a preset until one of its values is changed', () => {
    const presets = [{ id: 'small', label: hint, hint, params: { steps: 100 } }];
    const preset = () => {
      const params = paramsFor(trainer, useTrainingDraft.getState());
      return presetOf({ ...trainer, presets }, params)?.id;
    };
    expect(preset()).toBeUndefined();
    setParams('starter-lora', { steps: 100 });
    expect(preset()).toBe('small');
    setParams('starter-lora', { steps: 150 });
    expect(preset()).toBeUndefined();
  });
});
