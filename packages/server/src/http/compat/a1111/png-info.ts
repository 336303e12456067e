/** `png-info`: the text of a picture's generation, and its parts. */
import {
  a1111Sampler,
  exifTexts,
  INFOTEXT_KEYWORD,
  type Infotext,
  infotextOf,
  isPng,
  PICTURE_TEXT_KEYWORD,
  parseInfotext,
  pngTexts,
  recipeInText,
  type Size,
  TextRoom,
} from '@limner/contract';
import { z } from 'zod';
import { loadSharp } from '../../../images/sharp.ts';
import { parsedOrNull } from '../../../parsed-or-null.ts';

/** Every text of the picture under its keyword. `info` is empty for a picture of no program that A1111 reads. */
export async function pngInfo(picture: Buffer) {
  const items = isPng(picture) ? await pngTexts(picture) : await inExif(picture);
  // Of texts with one keyword the first counts.
  const texts = new Map(items.reverse());
  const info = texts.get(INFOTEXT_KEYWORD) ?? (ofRecipe(texts, picture) || ofNovelAi(texts, picture));
  if (info !== '') texts.set(INFOTEXT_KEYWORD, info);
  return {
    info,
    items: Object.fromEntries(texts),
    parameters: info === '' ? {} : partsOf(parseInfotext(info)),
  };
}

/** Of a JPEG or a WebP. */
async function inExif(picture: Buffer): Promise<[string, string][]> {
  return exifTexts(await exifOf(picture), new TextRoom());
}

/** Empty without any, and for what is no picture. */
async function exifOf(picture: Buffer): Promise<Buffer> {
  try {
    const { exif } = await (await loadSharp())(picture, { limitInputPixels: false }).metadata();
    return exif ?? Buffer.alloc(0);
  } catch {
    return Buffer.alloc(0);
  }
}

type Texts = ReadonlyMap<string, string>;

/** Of a PNG of an earlier Limner, which has a recipe only. */
function ofRecipe(texts: Texts, png: Buffer): string {
  const recipe = recipeInText(texts.get(PICTURE_TEXT_KEYWORD) ?? '');
  if (!recipe?.family || recipe.seed === null || (recipe.prompt === '' && recipe.kind !== 'generation'))
    return '';
  const { family, seed } = recipe;
  return infotextOf({ ...recipe, family, seed }, sizeOf(png), family);
}

const NovelAi = z.object({
  uc: z.string().default(''),
  steps: z.number(),
  sampler: z.string(),
  scale: z.number(),
  seed: z.number(),
});

/** As A1111's `read_info_from_image` writes it (`modules/images.py`), with the sampler's own name. */
function ofNovelAi(texts: Texts, png: Buffer): string {
  if (texts.get('Software') !== 'NovelAI') return '';
  const read = NovelAi.safeParse(parsedOrNull(texts.get('Comment') ?? '')).data;
  if (!read) return '';
  const { width, height } = sizeOf(png);
  const settings = {
    Steps: read.steps,
    Sampler: a1111Sampler(read.sampler.replace(/^k_/, '')),
    'CFG scale': read.scale,
    Seed: read.seed,
    Size: `${width}x${height}`,
    'Clip skip': 2,
    ENSD: 31_337,
  };
  const line = Object.entries(settings).map(([name, value]) => `${name}: ${value}`);
  return `${texts.get('Description') ?? ''}\nNegative prompt: ${read.uc}\n${line.join(', ')}`;
}

/** In IHDR. */
const WIDTH_AT = 16;
const HEIGHT_AT = 20;

const sizeOf = (png: Buffer): Size => ({
  width: png.readUInt32BE(WIDTH_AT),
  height: png.readUInt32BE(HEIGHT_AT),
});

/** A size such as 512x768 becomes two parts, as A1111 reads it. */
function partsOf({ prompt, negative, settings }: Infotext): Record<string, string> {
  const parts = [...settings].flatMap(([key, value]) => {
    const size = /^(\d+)x(\d+)$/.exec(value);
    return size
      ? [
          [`${key}-1`, size[1]],
          [`${key}-2`, size[2]],
        ]
      : [[key, value]];
  });
  return { Prompt: prompt, 'Negative prompt': negative, ...Object.fromEntries(parts) };
}
