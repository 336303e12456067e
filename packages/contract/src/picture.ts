/** A stored picture: an upload or an output. */
import { z } from 'zod';
import { ImageRef } from './recipe.ts';

export const PictureInfo = z.object({
  /** An upload's id or an output's. */
  id: z.string(),
  url: z.string(),
  media_type: z.string(),
  width: z.number().int(),
  height: z.number().int(),
});
export type PictureInfo = z.infer<typeof PictureInfo>;

/** More than one recipe can contain. */
const MAX_REFS = 1_100;

/** `POST /api/pictures/resolve` */
export const ResolvePictures = z.strictObject({ refs: z.array(ImageRef).max(MAX_REFS) });
export type ResolvePictures = z.infer<typeof ResolvePictures>;
