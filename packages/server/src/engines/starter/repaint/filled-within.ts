/** What a mask covers: filled from around it, with a library drawing of the words where the library has them. */
import { type Bilingual, StudioError } from '@limner/contract';
import { type Pixels, rawRgba } from '../../embedded/picture.ts';
import type { MaskPlane } from '../../repaint/mask-plane.ts';
import { scaledTo } from '../../repaint/scaled.ts';
import { withLongerSide } from '../../size.ts';
import { type ComposeJob, composition } from '../compose/compose.ts';
import { Random } from '../compose/random.ts';
import { continued } from './continued.ts';
import { coveredBy, cropped, croppedMask, putInPlace, type Region, withSurroundings } from './region.ts';
import type { Step } from './step.ts';

export type Words = Omit<ComposeJob, 'width' | 'height' | 'signal'>;

/** Seen around the mask on each side, in shares of its longer side: enough to take texture from. */
const AROUND = 0.5;
/** As large as the library draws pictures. */
const MOST_DRAWN_PX = 1024;

export const filledWithin =
  (mask: MaskPlane, words: Words): Step =>
  async (picture, { signal, progress }) => {
    const covered = coveredBy(mask);
    if (!covered) throw new StudioError('mask_missing');
    const region = withSurroundings(covered, picture, AROUND);
    const filling = { random: new Random(words.seed), signal, progress };
    const part = await continued(await cropped(picture, region), croppedMask(mask, region), filling);
    const place = { ...covered, left: covered.left - region.left, top: covered.top - region.top };
    const drawing = await drawnInto(part, place, words, signal);
    const whole = { ...picture, rgba: Buffer.from(picture.rgba) };
    putInPlace(whole, drawing?.part ?? part, region);
    return {
      picture: whole,
      summary: drawing ? withDrawing(drawing.summary) : FILLED,
      details: { repainted: covered, ...(drawing ? { drawing: drawing.details } : {}) },
    };
  };

/** null: the library has none of the words. */
async function drawnInto(part: Pixels, place: Region, words: Words, signal: AbortSignal) {
  try {
    const size = withLongerSide(Math.min(MOST_DRAWN_PX, Math.max(place.width, place.height)), place);
    const drawing = composition({ ...words, ...size, signal });
    const { data, ...drawnSize } = await drawing.raster();
    const { rgba: input, width, height } = await scaledTo({ ...drawnSize, rgba: data }, place);
    const raw = { width, height, channels: 4 } as const;
    const over = rawRgba(part).composite([{ input, raw, left: place.left, top: place.top }]);
    const { summary, details } = drawing;
    return { part: { ...part, rgba: await over.raw().toBuffer() }, summary, details };
  } catch (error) {
    if (error instanceof StudioError && error.code === 'nothing_recognised') return null;
    throw error;
  }
}

const withDrawing = ({ en, zh }: Bilingual): Bilingual => ({
  en: `The mask was filled from the picture around it, and a library drawing was laid into it: ${en}`,
  zh: `先用周围画面填补蒙版，再画入图库图形：${zh}`,
});

const FILLED: Bilingual = {
  en: 'The mask was filled from the picture around it. The library has none of the words.',
  zh: '已用周围画面填补蒙版；图库不认识提示词中的任何词。',
};
