import { expect, it } from 'vitest';
import { ExtrasFields, upscalePlan } from './upscale-plan.ts';

const picture = { width: 300, height: 200 };

it.each([
  [{}, { width: 600, height: 400, crops: false, factor: 2 }],
  [{ upscaling_resize: 1.5 }, { width: 450, height: 300, crops: false, factor: 2 }],
  [{ upscaling_resize: 2.5 }, { width: 750, height: 500, crops: false, factor: 3 }],
  [{ upscaling_resize: 8 }, { width: 2400, height: 1600, crops: false, factor: 4 }],
  [{ upscaling_resize: 0.001 }, { width: 1, height: 1, crops: false, factor: 2 }],
  [{ resize_mode: 1 }, { width: 512, height: 512, crops: true, factor: 3 }],
  [
    { resize_mode: 1, upscaling_resize_w: 600, upscaling_resize_h: 600, upscaling_crop: false },
    { width: 900, height: 600, crops: false, factor: 3 },
  ],
])('%j of a picture of 300 × 200', (fields, plan) => {
  expect(upscalePlan(ExtrasFields.parse(fields), picture)).toEqual(plan);
});
