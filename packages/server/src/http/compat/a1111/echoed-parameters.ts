/**
 * The body as A1111 repeats it in its answer: pictures are null, and scripts, which may hold pictures, are empty. It is kept
 * while the request waits, so fields that are large are null too.
 */
import type { Img2ImgBody, Txt2ImgBody } from './generation-body.ts';

/** Longer than any field that A1111's clients read back. */
const MAX_CHARS = 32_000;

/** Stand for fields that are large as a rule, so that nobody measures them. */
const INSTEAD = new Map<string, unknown>([
  ['alwayson_scripts', {}],
  ['script_args', []],
  ['init_images', null],
  ['mask', null],
]);

export const echoedParameters = (body: Txt2ImgBody | Img2ImgBody): Record<string, unknown> => ({
  ...Object.fromEntries(
    Object.entries(body)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, INSTEAD.has(name) ? INSTEAD.get(name) : unlessLarge(value)]),
  ),
  alwayson_scripts: {},
});

const unlessLarge = (value: unknown): unknown => (JSON.stringify(value).length > MAX_CHARS ? null : value);
