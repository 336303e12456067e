import { decode, encodePng } from '../../embedded/picture.ts';
import type { MaskPlane } from '../../repaint/mask-plane.ts';
import { type ToneJob, tone } from '../tone/tone.ts';
import { coveredBy, cropped, putInPlace } from './region.ts';
import type { Step } from './step.ts';

/** The masked part in the colours of the style pictures. */
export const coloured =
  (mask: MaskPlane, styles: ToneJob['styles']): Step =>
  async (picture, ctx) => {
    const region = coveredBy(mask) ?? { left: 0, top: 0, ...picture };
    const part = await encodePng(await cropped(picture, region));
    const { png, summary, details } = await tone({ picture: part, styles }, ctx);
    const whole = { ...picture, rgba: Buffer.from(picture.rgba) };
    putInPlace(whole, await decode(png), region);
    return { picture: whole, summary, details };
  };
