import { Family } from '@limner/contract';
import { describe, expect, it } from 'vitest';
import { hasHires, hiresParams, hiresTarget } from './second-pass.ts';

const FIRST = { width: 512, height: 768 };

describe('the target of a second pass', () => {
  it.each([
    [{}, null],
    [{ enable_hr: false, hr_scale: 2 }, null],
    [{ enable_hr: true }, { scale: 2, fit: null }],
    [
      { enable_hr: true, hr_scale: 1.5 },
      { scale: 1.5, fit: null },
    ],
    // A1111 paints no second pass of the same size either.
    [{ enable_hr: true, hr_scale: 1 }, null],
    [{ enable_hr: true, hr_resize_x: 512, hr_resize_y: 768 }, null],
    [
      { enable_hr: true, hr_scale: 3, hr_resize_x: 1024, hr_resize_y: 0 },
      { scale: 2, fit: null },
    ],
    [
      { enable_hr: true, hr_resize_y: 1152 },
      { scale: 1.5, fit: null },
    ],
    [
      { enable_hr: true, hr_resize_x: 1024, hr_resize_y: 1024 },
      { scale: 2, fit: { width: 1024, height: 1024 } },
    ],
  ])('of %j', (body, target) => {
    expect(hiresTarget(body, FIRST)).toEqual(target);
  });

  it('has as many pixels as an enlarged picture may have', () => {
    const sides = (hr_resize_x: number, hr_resize_y: number) =>
      hiresTarget({ enable_hr: true, hr_resize_x, hr_resize_y }, FIRST);
    expect(sides(8000, 8000)?.fit).toEqual({ width: 8000, height: 8000 });
    expect(() => sides(8001, 8000)).toThrow('64 megapixels');
  });
});

const named = (...values: string[]) => values.map((value) => ({ value, label: { en: value, zh: value } }));
const familyOf = (params: unknown[]): Family => {
  const label = { en: 'X', zh: 'X' };
  return Family.parse({ id: 'x', kind: 'generation', label, description: label, size: null, params });
};
const number = (key: string, own: number, min: number, max: number) => ({
  key,
  type: 'number',
  default: own,
  min,
  max,
});
const upscalers = named('latent', 'latent-nearest', 'lanczos', 'RealESRGAN_x4plus.pth', '4x-UltraSharp.pth');
const family = (steps: number) =>
  familyOf([
    number('steps', steps, 1, 60),
    number('hires_scale', 1, 1, 4),
    number('hires_steps', steps, 1, 60),
    number('hires_denoise', 0.5, 0.05, 1),
    { key: 'hires_upscaler', type: 'choice', default: 'lanczos', choices: upscalers },
  ]);
const target = { scale: 2, fit: null };

describe('its parameters', () => {
  it('are A1111’s where the client says nothing, with the steps of the first pass', () => {
    expect(hiresParams(family(25), {}, target, { steps: 30 })).toEqual({
      params: { hires_scale: 2, hires_steps: 30, hires_denoise: 0.75, hires_upscaler: 'latent' },
      notes: [],
    });
    expect(hiresParams(family(25), { hr_second_pass_steps: 0 }, target, {}).params.hires_steps).toBe(25);
  });

  it('are those of the client, as near as the family can, with a note of each change', () => {
    const asked = { hr_second_pass_steps: 15, denoising_strength: 0, hr_upscaler: 'Lanczos' };
    const { params, notes } = hiresParams(family(25), asked, { scale: 6, fit: null }, { steps: 30 });
    expect(params).toEqual({
      hires_scale: 4,
      hires_steps: 15,
      hires_denoise: 0.05,
      hires_upscaler: 'lanczos',
    });
    expect(notes.map(({ en }) => en)).toEqual([
      expect.stringContaining('Hires upscale is 4 instead of 6'),
      expect.stringContaining('Denoising strength is 0.05 instead of 0'),
    ]);
  });

  it('keep the few steps of a distilled model', () => {
    expect(
      hiresParams(family(4), { hr_second_pass_steps: 20 }, target, { steps: 4 }).params.hires_steps,
    ).toBe(4);
  });

  it.each([
    ['Latent (nearest)', 'latent-nearest', 0],
    ['None', 'lanczos', 0],
    ['R-ESRGAN 4x+', 'RealESRGAN_x4plus.pth', 0],
    ['4x-UltraSharp', '4x-UltraSharp.pth', 0],
    ['SwinIR 4x', 'lanczos', 1],
  ])('name the upscaler %s as %s', (hr_upscaler, value, notes) => {
    const found = hiresParams(family(25), { hr_upscaler }, target, {});
    expect([found.params.hires_upscaler, found.notes.length]).toEqual([value, notes]);
  });

  it('exist where a family paints twice', () => {
    expect([hasHires(family(4)), hasHires(familyOf([number('steps', 4, 1, 20)]))]).toEqual([true, false]);
  });
});
