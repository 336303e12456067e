/** Masks from pictures and as files. */
import type { Size } from '@limner/contract';
import { type Plane, rgbaOf, whole } from './plane.ts';

/** The picture's pixels, stretched to the size. @throws if it cannot be loaded */
export async function pixelsOf(url: string, { width, height }: Size): Promise<Uint8ClampedArray> {
  const image = new Image();
  // Otherwise a canvas may not read the pixels where a bucket sends the file.
  image.crossOrigin = 'anonymous';
  image.src = url;
  await image.decode();
  const pen = sheet({ width, height }).getContext('2d', { willReadFrequently: true });
  if (!pen) throw new Error('no canvas');
  pen.drawImage(image, 0, 0, width, height);
  return pen.getImageData(0, 0, width, height).data;
}

/** White on black, grey where it is soft. */
export async function maskFile(plane: Plane): Promise<File> {
  const canvas = sheet(plane);
  const pixels = new ImageData(rgbaOf(plane, whole(plane), 'grey'), plane.width, plane.height);
  canvas.getContext('2d')?.putImageData(pixels, 0, 0);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob) throw new Error('no mask');
  return new File([blob], 'mask.png', { type: 'image/png' });
}

const sheet = ({ width, height }: Size): HTMLCanvasElement =>
  Object.assign(document.createElement('canvas'), { width, height });
