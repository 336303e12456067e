/**
 * Buckets: the sizes to which trainers bring pictures of different ratios. Sides are multiples of 64 pixels and the area is
 * at most that of a square of the training's resolution. A picture goes to the bucket whose ratio is nearest; it is scaled
 * until it covers the bucket, and what sticks out is cut off evenly. This is how sd-scripts, ai-toolkit and SimpleTuner do
 * it; they differ in the smallest and largest side. Pure.
 */
import type { Size } from './size.ts';

const STEP_PX = 64;
const SMALLEST_SIDE_PX = 256;
/** Of the longest side, in resolutions. */
const MOST_LENGTH = 2;

export interface BucketFit {
  bucket: Size;
  /** Factor from the picture to the bucket; above 1 the trainer sees an enlarged picture. */
  scale: number;
  /** Share of the picture that is cut off. */
  lost: number;
}

/** From narrow to wide. `resolution`: pixels of a square's side. */
export function bucketsOf(resolution: number): Size[] {
  const least = Math.min(SMALLEST_SIDE_PX, down(resolution));
  const most = down(resolution * MOST_LENGTH);
  const sizes = new Map<string, Size>();
  for (let width = least; width <= most; width += STEP_PX) {
    const height = Math.min(most, wholeSteps((resolution * resolution) / width));
    if (height < least) break;
    for (const size of [
      { width, height },
      { width: height, height: width },
    ])
      sizes.set(`${size.width}x${size.height}`, size);
  }
  return [...sizes.values()].sort((a, b) => ratio(a) - ratio(b));
}

export function fitBucket(picture: Size, resolution: number): BucketFit {
  const wanted = Math.log(ratio(picture));
  const distance = (size: Size) => Math.abs(Math.log(ratio(size)) - wanted);
  const bucket = bucketsOf(resolution).reduce((best, size) => (isNearer(size, best) ? size : best));
  const scale = Math.max(bucket.width / picture.width, bucket.height / picture.height);
  const seen = (bucket.width / scale) * (bucket.height / scale);
  return { bucket, scale, lost: Math.max(0, 1 - seen / (picture.width * picture.height)) };

  /** Of two sizes with the same ratio the larger one. */
  function isNearer(size: Size, best: Size): boolean {
    const [a, b] = [distance(size), distance(best)];
    return a < b - 1e-9 || (Math.abs(a - b) <= 1e-9 && size.width > best.width);
  }
}

const ratio = ({ width, height }: Size): number => width / height;
const wholeSteps = (px: number): number => Math.floor(px / STEP_PX) * STEP_PX;
const down = (px: number): number => Math.max(STEP_PX, wholeSteps(px));
