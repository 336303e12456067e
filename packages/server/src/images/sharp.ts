/**
 * The picture library, loaded at first use (it costs 40 ms and memory) and limited to the formats that Limner accepts.
 * libvips can open many rare formats; a file in one of them must not reach its parser. The SVG loader stays for
 * Limner's own vectors; `inspect` refuses SVG of users.
 */
import type Sharp from 'sharp';

const NEVER_READ = [
  'Analyze',
  'Csv',
  'Fits',
  'Jp2k',
  'Jxl',
  'Magick',
  'Magick7',
  'Mat',
  'Matrix',
  'Nifti',
  'Openexr',
  'Openslide',
  'Pdf',
  'Ppm',
  'Rad',
  'Uhdr',
  'Vips',
].map((loader) => `VipsForeignLoad${loader}`);

let loading: Promise<typeof Sharp> | undefined;

export function loadSharp(): Promise<typeof Sharp> {
  loading ??= import('sharp').then(({ default: sharp }) => {
    sharp.block({ operation: NEVER_READ });
    // Each picture is decoded once, so a cache would only take memory.
    sharp.cache(false);
    return sharp;
  });
  return loading;
}
