/** `png-info`: the text of a picture's generation, and its parts. */
import {
  exifTexts,
  INFOTEXT_KEYWORD,
  type Infotext,
  infotextOf,
  PICTURE_TEXT_KEYWORD,
  parseInfotext,
  recipeInText,
  TextRoom,
} from '@limner/contract';
import { textOf } from '../../../images/png-text.ts';
import { loadSharp } from '../../../images/sharp.ts';

const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** In IHDR; the height follows. */
const WIDTH_AT = 16;

/** Empty for a picture without such a text. */
export async function pngInfo(picture: Buffer) {
  const isPng = picture.subarray(0, PNG_SIGNATURE.length).equals(PNG_SIGNATURE);
  const info = isPng ? (textOf(picture, INFOTEXT_KEYWORD) ?? ofRecipe(picture)) : await inExif(picture);
  const isNone = info === '';
  return {
    info,
    items: isNone ? {} : { [INFOTEXT_KEYWORD]: info },
    parameters: isNone ? {} : partsOf(parseInfotext(info)),
  };
}

/** Of a JPEG or a WebP. */
async function inExif(picture: Buffer): Promise<string> {
  const texts = exifTexts(await exifOf(picture), new TextRoom());
  return texts.find(([keyword]) => keyword === INFOTEXT_KEYWORD)?.[1] ?? '';
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

/** Of a PNG of an earlier Limner, which has a recipe only. */
function ofRecipe(png: Buffer): string {
  const recipe = recipeInText(textOf(png, PICTURE_TEXT_KEYWORD) ?? '');
  if (!recipe?.family || recipe.seed === null || recipe.prompt === '') return '';
  const { family, seed } = recipe;
  const size = { width: png.readUInt32BE(WIDTH_AT), height: png.readUInt32BE(WIDTH_AT + 4) };
  return infotextOf({ ...recipe, family, seed }, size, family);
}

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
