import { z } from 'zod';

export const Upload = z.object({
  /** The id for `input_image`. */
  id: z.string(),
  url: z.string(),
  /** The user's file name, only for display. */
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

/** Accepted uploads, for the browser's file dialogue. */
export const UPLOAD_TYPES = 'image/png,image/jpeg,image/webp,image/gif,image/avif,image/tiff';

/** The server fetches it; it never reaches addresses inside a private network. */
export const UploadFromUrl = z.strictObject({ url: z.url({ protocol: /^https?$/ }).max(4000) });
export type UploadFromUrl = z.infer<typeof UploadFromUrl>;

/** Widths of thumbnails, as `?w=`. */
export const THUMB_WIDTHS = [128, 256, 512, 1024] as const;
