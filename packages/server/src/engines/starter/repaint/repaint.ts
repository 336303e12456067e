/**
 * The *repaint* job: what a mask covers, and what a picture is extended by. Both are filled from the rest of the picture,
 * and a library drawing of the words is laid into the mask. No model is needed: the small one of *paint* sees 128 pixels and
 * changes the colours of all that it paints, which shows as a patch.
 */
import { type Bilingual, type Outpaint, StudioError } from '@limner/contract';
import type { JobContext, PictureResult } from '../../embedded/job.ts';
import { decode, type Pixels } from '../../embedded/picture.ts';
import { extendedPicture } from '../../repaint/extend.ts';
import { laidOver, picturePng } from '../../repaint/lay-over.ts';
import { extendedMask, type MaskPlane, readMask } from '../../repaint/mask-plane.ts';
import { Random } from '../compose/random.ts';
import type { ToneJob } from '../tone/tone.ts';
import { coloured } from './coloured.ts';
import { continued } from './continued.ts';
import { filledWithin, type Words } from './filled-within.ts';
import { coveredBy } from './region.ts';
import type { Step } from './step.ts';

export interface RepaintJob extends Words {
  picture: Buffer;
  mask: Buffer | null;
  outpaint: Outpaint | null;
  /** They colour what is repainted. */
  styles: ToneJob['styles'];
}

/** @throws StudioError `file_broken`, `mask_missing` */
export async function repaint(
  { outpaint, styles, ...job }: RepaintJob,
  ctx: JobContext,
): Promise<PictureResult> {
  const original = await decode(job.picture);
  const own = job.mask && (await readMask(job.mask, original));
  const mask = outpaint ? await extendedMask(own, original, outpaint) : own;
  if (!mask) throw new StudioError('mask_missing');
  const steps: Step[] = [];
  if (own && coveredBy(own)) steps.push(filledWithin(own, job));
  if (outpaint) steps.push(extended(original, outpaint, job.seed));
  if (steps.length === 0) return unchanged(original);
  if (styles.length > 0) steps.push(coloured(mask, styles));
  const { picture, summary, details } = await done(steps, original, ctx);
  const canvas = outpaint ? await extendedPicture(original, outpaint, false) : original;
  const png = await picturePng(await laidOver(canvas, mask, picture, ctx.signal));
  return { png, summary, details: { ...details, hand: 'repaint', ...(outpaint ? { outpaint } : {}) } };
}

async function done(steps: Step[], original: Pixels, ctx: JobContext) {
  let picture = original;
  let details: Record<string, unknown> = {};
  const said: Bilingual[] = [];
  for (const [before, step] of steps.entries()) {
    const progress = (share: number) => ctx.progress((before + share) / steps.length);
    const made = await step(picture, { ...ctx, progress });
    picture = made.picture;
    details = { ...details, ...made.details };
    said.push(made.summary);
  }
  const summary = { en: said.map(({ en }) => en).join(' '), zh: said.map(({ zh }) => zh).join('') };
  return { picture, summary, details };
}

/** Margins that continue the picture by its own texture. */
const extended =
  (size: Pick<Pixels, 'width' | 'height'>, outpaint: Outpaint, seed: number): Step =>
  async (picture, { signal, progress }) => {
    const margins: MaskPlane = await extendedMask(null, size, { ...outpaint, feather: 0 });
    const wider = await extendedPicture(picture, outpaint, false);
    return {
      picture: await continued(wider, margins, { random: new Random(seed), signal, progress }),
      summary: {
        en: 'The picture was continued at its sides by its own colours and texture. Nothing new was drawn there: the prompt has no effect on it.',
        zh: '用画面自身的色彩与纹理向外延续，未绘制新的内容，提示词对扩展部分不起作用。',
      },
    };
  };

async function unchanged(picture: Pixels): Promise<PictureResult> {
  const summary = {
    en: 'The mask is empty, so the picture is unchanged.',
    zh: '蒙版为空，图片没有改动。',
  };
  return { png: await picturePng(picture), summary, details: { hand: 'repaint' } };
}
