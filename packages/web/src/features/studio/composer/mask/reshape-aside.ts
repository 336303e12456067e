import type { Plane } from './plane.ts';
import { type Reshape, reshaped } from './reshape.ts';

/** In a worker that lives as long as the work; in the page where there are none. */
export function reshapedAside(plane: Plane, reshape: Reshape): Promise<Plane> {
  if (typeof Worker === 'undefined') return Promise.resolve(reshaped(plane, reshape));
  const worker = new Worker(new URL('./reshape-worker.ts', import.meta.url), { type: 'module' });
  return new Promise<Plane>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Plane>) => resolve(data);
    worker.onerror = () => reject(new Error('the worker failed'));
    worker.postMessage({ plane, reshape });
  }).finally(() => worker.terminate());
}
