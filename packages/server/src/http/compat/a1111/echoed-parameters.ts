/**
 * The body as A1111 repeats it in its answer: pictures are null, and scripts, which may hold pictures, are empty. It is kept
 * while the request waits, so fields that are large are null too.
 */
import type { Img2ImgBody, Txt2ImgBody } from './generation-body.ts';

/** Longer than any field that A1111's clients read back. */
const MAX_CHARS = 32_000;

export const echoedParameters = (body: Txt2ImgBody | Img2ImgBody): Record<string, unknown> => ({
  ...Object.fromEntries(
    Object.entries(body).map(([name, value]) => [
      name,
      JSON.stringify(value ?? null).length > MAX_CHARS ? null : value,
    ]),
  ),
  alwayson_scripts: {},
  ...(body.script_args === undefined ? {} : { script_args: [] }),
  ...('init_images' in body ? { init_images: null } : {}),
  ...('mask' in body ? { mask: null } : {}),
});
