/** Runs `reshaped` beside the page, whose pointer and scrolling stay smooth. */
import type { Plane } from './plane.ts';
import { type Reshape, reshaped } from './reshape.ts';

addEventListener('message', ({ data }: MessageEvent<{ plane: Plane; reshape: Reshape }>) => {
  const plane = reshaped(data.plane, data.reshape);
  postMessage(plane, { transfer: [plane.values.buffer] });
});
