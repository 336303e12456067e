import { expect, it } from 'vitest';
import { hiresFields } from './hires.ts';

it.each([
  [{}, null],
  [{ enable_hr: false, hr_scale: 2 }, null],
  [{ enable_hr: true }, { resize_mode: 0, upscaling_resize: 2, upscaler_1: 'Latent' }],
  [
    { enable_hr: true, hr_scale: 1.5, hr_upscaler: 'Lanczos' },
    { resize_mode: 0, upscaling_resize: 1.5, upscaler_1: 'Lanczos' },
  ],
  [
    { enable_hr: true, hr_resize_x: 800, hr_resize_y: 600 },
    { resize_mode: 1, upscaling_resize_w: 800, upscaling_resize_h: 600, upscaler_1: 'Latent' },
  ],
  [
    { enable_hr: true, hr_resize_x: 1024, hr_resize_y: 0, width: 512 },
    { resize_mode: 0, upscaling_resize: 2, upscaler_1: 'Latent' },
  ],
  [
    { enable_hr: true, hr_resize_y: 900, height: 600 },
    { resize_mode: 0, upscaling_resize: 1.5, upscaler_1: 'Latent' },
  ],
])('%j', (body, fields) => {
  expect(hiresFields(body)).toEqual(fields);
});
