import { z } from 'zod';

export const Upload = z.object({
  /** Name it in `input_image`. */
  id: z.string(),
  url: z.string(),
  /** The name it had on the user's machine, only for showing. */
  name: z.string(),
  media_type: z.string(),
  /** Pixels, after EXIF rotation. */
  width: z.number().int(),
  height: z.number().int(),
  size_bytes: z.number().int(),
  sha256: z.string(),
  created_at: z.iso.datetime(),
});
export type Upload = z.infer<typeof Upload>;

/** What an upload may be, as the browser's file dialogue takes it. */
export const UPLOAD_TYPES = 'image/png,image/jpeg,image/webp,image/gif,image/avif,image/tiff';

/** The server fetches it; it never reaches addresses inside a private network. */
export const UploadFromUrl = z.strictObject({ url: z.url({ protocol: /^https?$/ }).max(4000) });
export type UploadFromUrl = z.infer<typeof UploadFromUrl>;

/** Widths a thumbnail can have, as `?w=`. */
export const THUMB_WIDTHS = [128, 256, 512, 1024] as const;
