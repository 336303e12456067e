/** The frame around a picture that is extended: its sides by dragging, by number and by shape. Pure. */
import {
  extendedSize,
  MAX_EXTENDED_PIXELS,
  MAX_EXTENDED_SIDE_PX,
  MAX_MARGIN_PX,
  type Margins,
  OUTPAINT_SIDES,
  type Outpaint,
  type OutpaintSide,
  type Size,
  USUAL_FEATHER_PX,
} from '@limner/contract';

export const NO_MARGINS: Margins = { left: 0, top: 0, right: 0, bottom: 0 };
export const NO_FRAME: Outpaint = { ...NO_MARGINS, feather: USUAL_FEATHER_PX };

export const isSameFrame = (one: Outpaint, other: Outpaint): boolean =>
  one.feather === other.feather && OUTPAINT_SIDES.every((side) => one[side] === other[side]);

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

/** The frame of a shape, within the limits of a frame: a picture near them gets less of it. */
export function shaped(picture: Size, shape: FrameShape, step: number): Margins {
  const { width, height } = picture;
  const factor = 'factor' in shape ? Math.min(shape.factor, mostFactor(picture)) : 1;
  const ratio = 'ratio' in shape ? shape.ratio : width / height;
  const wide = Math.min(Math.max(width * factor, height * ratio), mostLength(width, height * factor));
  const high = Math.min(Math.max(height * factor, width / ratio), mostLength(height, width * factor));
  const near = (room: number) => (room < 2 * step ? 0 : Math.floor(room / 2));
  let margins: Margins = { ...NO_MARGINS, left: near(wide - width), top: near(high - height) };
  // The far sides make the length a multiple of the step.
  margins = withMargin(picture, margins, 'right', wide - width - margins.left, step);
  return withMargin(picture, margins, 'bottom', high - height - margins.top, step);
}

const mostFactor = ({ width, height }: Size): number =>
  Math.max(
    1,
    Math.min(
      mostLength(width, 1) / width,
      mostLength(height, 1) / height,
      Math.sqrt(MAX_EXTENDED_PIXELS / (width * height)),
    ),
  );

/** Of a side that is `length` long, with as much margin at each end. @param other the other side's length */
const mostLength = (length: number, other: number): number =>
  Math.max(
    length,
    Math.min(MAX_EXTENDED_SIDE_PX, length + 2 * MAX_MARGIN_PX, Math.floor(MAX_EXTENDED_PIXELS / other)),
  );
