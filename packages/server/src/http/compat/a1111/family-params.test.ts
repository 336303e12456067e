import { Family } from '@limner/contract';
import { describe, expect, it } from 'vitest';
import { paramsFor } from './family-params.ts';

const choices = (...values: string[]) => values.map((value) => ({ value, label: { en: value, zh: value } }));

const familyOf = (params: unknown[]): Family =>
  Family.parse({
    id: 'x',
    kind: 'generation',
    label: { en: 'X', zh: 'X' },
    description: { en: '', zh: '' },
    size: null,
    params,
  });
const steps = (own: number, max: number) => ({ key: 'steps', type: 'integer', default: own, min: 1, max });
const distilled = familyOf([steps(4, 20), { key: 'cfg', type: 'number', default: 1, effect: false }]);
const base = familyOf([
  steps(25, 100),
  { key: 'cfg', type: 'number', default: 6, min: 1, max: 20 },
  { key: 'denoise', type: 'number', default: 0.6, min: 0.05, max: 1 },
  { key: 'sampler', type: 'choice', default: 'euler', choices: choices('euler', 'dpmpp_2m', 'uni_pc') },
  { key: 'scheduler', type: 'choice', default: 'simple', choices: choices('simple', 'karras') },
]);
const drawn = familyOf([]);
const guided = familyOf([steps(20, 50), { key: 'guidance', type: 'number', default: 3.5, min: 0, max: 10 }]);

const seamless = familyOf([
  { key: 'tileable', type: 'choice', default: 'off', choices: choices('off', 'both', 'x', 'y') },
]);

describe('parameters of a client', () => {
  it('ask for a seamless picture where the family paints one, and say so where it does not', () => {
    expect(paramsFor(seamless, { tiling: true })).toEqual({ params: { tileable: 'both' }, notes: [] });
    expect(paramsFor(seamless, { tiling: false })).toEqual({ params: {}, notes: [] });
    const { params, notes } = paramsFor(drawn, { tiling: true });
    expect([params, notes.map(({ en }) => en)]).toEqual([{}, ['Tiling has no effect on this model.']]);
  });

  it.each([
    [
      'a distilled family at the clients’ usual numbers',
      distilled,
      { steps: 20, cfg_scale: 7 },
      { steps: 4 },
      2,
    ],
    ['a distilled family with few steps', distilled, { steps: 8, cfg_scale: 1 }, { steps: 8 }, 0],
    ['another family', base, { steps: 20, cfg_scale: 7 }, { steps: 20, cfg: 7 }, 0],
    ['numbers beyond the range', base, { steps: 120, cfg_scale: 30 }, { steps: 100, cfg: 20 }, 2],
    ['a strength below the range', base, { denoising_strength: 0 }, { denoise: 0.05 }, 1],
    ['the distilled cfg of Forge', guided, { cfg_scale: 1, distilled_cfg_scale: 4 }, { guidance: 4 }, 0],
    ['a distilled cfg that a family does not have', base, { distilled_cfg_scale: 3.5 }, {}, 0],
    ['a family without numbers', drawn, { steps: 20, cfg_scale: 7 }, {}, 2],
    ['nothing', base, {}, {}, 0],
  ])('%s', (_, family, asked, params, notes) => {
    const fitted = paramsFor(family, asked);
    expect(fitted.params).toEqual(params);
    expect(fitted.notes).toHaveLength(notes);
  });

  it.each([
    ['DPM++ 2M', 'Karras', { sampler: 'dpmpp_2m', scheduler: 'karras' }],
    ['DPM++ 2M', 'karras', { sampler: 'dpmpp_2m', scheduler: 'karras' }],
    ['DPM++ 2M Karras', undefined, { sampler: 'dpmpp_2m', scheduler: 'karras' }],
    ['DPM++ 2M Karras', 'Automatic', { sampler: 'dpmpp_2m', scheduler: 'karras' }],
    ['DPM++ 2M Karras', 'Simple', { sampler: 'dpmpp_2m', scheduler: 'simple' }],
    ['UniPC', '', { sampler: 'uni_pc' }],
    ['dpmpp_2m', undefined, { sampler: 'dpmpp_2m' }],
  ])('the sampler %s with the schedule %s', (sampler_name, scheduler, params) => {
    expect(paramsFor(base, { sampler_name, scheduler })).toEqual({ params, notes: [] });
  });

  it('a sampler or schedule that is not offered is left out, with a note', () => {
    const fitted = paramsFor(base, { sampler_name: 'Restart', scheduler: 'Polyexponential' });
    expect(fitted.params).toEqual({});
    expect(fitted.notes.map(({ en }) => en.split(' ')[0])).toEqual(['Restart', 'Polyexponential']);
    expect(paramsFor(distilled, { sampler_index: 'Euler' }).notes).toHaveLength(1);
  });
});
