/** Limits of JSON bodies that hold pictures as base64. */
import { JSON_LIMIT_BYTES } from '../errors.ts';

/** Room for this many pictures of the largest size, beside the other fields. */
export const bodyWithPictures = (pictures: number, maxFileSizeBytes: number): number =>
  Math.ceil((maxFileSizeBytes * 4) / 3) * pictures + JSON_LIMIT_BYTES;
