/** `enable_hr` where the family paints no second pass: its finished pictures are enlarged, and not painted again. */
import { type Bilingual, type OutputId, type Size, StudioError } from '@limner/contract';
import { allOrNone } from './all-or-none.ts';
import type { UntilEnded } from './ended-task.ts';
import type { AskedHires, HiresTarget } from './second-pass.ts';
import { AUTOMATIC, beginEnlarging, type Enlarger, enlarged, usedUpscaler } from './upscale.ts';
import type { ExtrasFields } from './upscale-plan.ts';

/** What is done with the finished pictures of a task. */
export interface Hires {
  /** The size that pictures of a second pass are cut to. */
  fit: Size | null;
  /** The enlargement of pictures that have none. */
  enlarge: ExtrasFields | null;
}

export const hiresFields = (
  { hr_upscaler = AUTOMATIC.name }: AskedHires,
  { scale, fit }: HiresTarget,
): ExtrasFields => ({
  ...(fit
    ? { resize_mode: 1, upscaling_resize_w: fit.width, upscaling_resize_h: fit.height }
    : { resize_mode: 0, upscaling_resize: scale }),
  upscaler_1: hr_upscaler,
});

export interface HiresPictures {
  /** null: the picture stays as it was painted. */
  pictures: (Buffer | null)[];
  /** null: there was no picture to enlarge. */
  note: Bilingual | null;
}

/** Pictures that cannot be enlarged stay as they are: they took long to paint. */
export async function hiresPictures(
  enlarger: Enlarger,
  ids: OutputId[],
  fields: ExtrasFields,
  ended: UntilEnded,
): Promise<HiresPictures> {
  try {
    const begun = await allOrNone(
      enlarger,
      ids,
      (id) => beginEnlarging(enlarger, id, fields),
      ({ task }) => task,
    );
    const pictures: (Buffer | null)[] = [];
    for (const work of begun) pictures.push(await enlarged(enlarger, work, ended));
    const [first] = begun;
    return { pictures, note: first ? enlargedBy(usedUpscaler(first)) : null };
  } catch (error) {
    if (!(error instanceof StudioError) || error.code === 'shutting_down') throw error;
    return { pictures: ids.map(() => null), note: notEnlarged(error) };
  }
}

const enlargedBy = (upscaler: Bilingual): Bilingual => ({
  en: `enable_hr: the picture was enlarged (${upscaler.en}) and not painted again.`,
  zh: `enable_hr：图片已放大（${upscaler.zh}），没有再次重绘。`,
});

const notEnlarged = (error: StudioError): Bilingual => ({
  en: `enable_hr: the picture could not be enlarged. ${error.body('en').message}`,
  zh: `enable_hr：无法放大图片。${error.body('zh').message}`,
});
