/** The frame around a picture that is extended: its sides by dragging, by number and by shape. Pure. */
import {
  extendedSize,
  MAX_EXTENDED_PIXELS,
  MAX_EXTENDED_SIDE_PX,
  MAX_MARGIN_PX,
  type Margins,
  type Outpaint,
  type OutpaintSide,
  type Size,
  USUAL_FEATHER_PX,
} from '@limner/contract';

export const NO_MARGINS: Margins = { left: 0, top: 0, right: 0, bottom: 0 };
export const NO_FRAME: Outpaint = { ...NO_MARGINS, feather: USUAL_FEATHER_PX };

const OPPOSITE = { left: 'right', right: 'left', top: 'bottom', bottom: 'top' } as const;
const lengthOf = (picture: Size, side: OutpaintSide) =>
  side === 'left' || side === 'right' ? picture.width : picture.height;

/** The margin nearest to `px` that keeps the frame within its limits and its length a multiple of `step`. */
export function margin(
  picture: Size,
  margins: Margins,
  side: OutpaintSide,
  px: number,
  step: number,
): number {
  if (px < step / 2) return 0;
  const rest = lengthOf(picture, side) + margins[OPPOSITE[side]];
  const across = extendedSize(picture, { ...margins, [side]: 0 });
  const other = side === 'left' || side === 'right' ? across.height : across.width;
  const most = Math.min(
    MAX_MARGIN_PX,
    MAX_EXTENDED_SIDE_PX - rest,
    Math.floor(MAX_EXTENDED_PIXELS / other) - rest,
  );
  const total = Math.round((rest + Math.min(px, most)) / step) * step;
  const fitted = total - rest > most ? total - step : total;
  return Math.max(0, fitted - rest);
}

export const withMargin = (
  picture: Size,
  margins: Margins,
  side: OutpaintSide,
  px: number,
  step: number,
): Margins => ({ ...margins, [side]: margin(picture, margins, side, px, step) });

/** A ratio of width to height around the picture, which is never cut; or a factor for both sides. */
export type FrameShape = { ratio: number } | { factor: number };

export function shaped(picture: Size, shape: FrameShape, step: number): Margins {
  const { width, height } = picture;
  const wide = 'factor' in shape ? width * shape.factor : Math.max(width, height * shape.ratio);
  const high = 'factor' in shape ? height * shape.factor : Math.max(height, width / shape.ratio);
  let margins = NO_MARGINS;
  for (const [side, px] of [
    ['left', (wide - width) / 2],
    ['top', (high - height) / 2],
  ] as const)
    margins = { ...margins, [side]: Math.round(px) };
  // The far sides make the length a multiple of the step.
  margins = withMargin(picture, margins, 'right', wide - width - margins.left, step);
  return withMargin(picture, margins, 'bottom', high - height - margins.top, step);
}
