/**
 * The picture library, loaded at first use (it costs 40 ms and memory) and narrowed to what we mean to read. libvips can
 * open many rare formats whose parsers nobody needs here; a file that names one of them must not reach it. The SVG
 * loader stays, because Limner draws its own vectors with it: `inspect` keeps everybody else's SVG away.
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
    // Pictures come one by one; a cache of decoded ones would only hold memory.
    sharp.cache(false);
    return sharp;
  });
  return loading;
}
