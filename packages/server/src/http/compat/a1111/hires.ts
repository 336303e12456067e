/**
 * The second pass of A1111, `enable_hr`, as far as Limner has it: the finished pictures are enlarged, and not painted
 * again.
 */
import { type Bilingual, type OutputId, StudioError } from '@limner/contract';
import { allOrNone } from './all-or-none.ts';
import type { UntilEnded } from './ended-task.ts';
import type { Txt2ImgBody } from './generation-body.ts';
import { beginEnlarging, type Enlarger, enlarged } from './upscale.ts';
import type { ExtrasFields } from './upscale-plan.ts';

/** The enlargement that a body asks for; null without one. */
export function hiresFields(body: Partial<Txt2ImgBody>): ExtrasFields | null {
  const { enable_hr, hr_scale = 2, hr_upscaler = 'Latent', hr_resize_x = 0, hr_resize_y = 0 } = body;
  if (enable_hr !== true) return null;
  const isSized = hr_resize_x > 0 && hr_resize_y > 0;
  return {
    resize_mode: isSized ? 1 : 0,
    ...(isSized
      ? { upscaling_resize_w: hr_resize_x, upscaling_resize_h: hr_resize_y }
      : { upscaling_resize: scaleOf(body, hr_scale) }),
    upscaler_1: hr_upscaler,
  } as ExtrasFields;
}

/** One side alone is a scale. */
function scaleOf(
  { hr_resize_x = 0, hr_resize_y = 0, width, height }: Partial<Txt2ImgBody>,
  scale: number,
): number {
  if (hr_resize_x > 0 && width) return hr_resize_x / width;
  if (hr_resize_y > 0 && height) return hr_resize_y / height;
  return scale;
}

export interface HiresPictures {
  /** null: the picture stays as it was painted. */
  pictures: (Buffer | null)[];
  note: Bilingual;
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
    return { pictures, note: enlargedBy(begun[0]?.upscaler.name ?? '') };
  } catch (error) {
    if (!(error instanceof StudioError) || error.code === 'shutting_down') throw error;
    return { pictures: ids.map(() => null), note: notEnlarged(error) };
  }
}

const enlargedBy = (upscaler: string): Bilingual => ({
  en: `enable_hr: the picture was enlarged (${upscaler}) and not painted again.`,
  zh: `enable_hr：图片已放大（${upscaler}），没有再次重绘。`,
});

const notEnlarged = (error: StudioError): Bilingual => ({
  en: `enable_hr: the picture could not be enlarged. ${error.body('en').message}`,
  zh: `enable_hr：无法放大图片。${error.body('zh').message}`,
});
