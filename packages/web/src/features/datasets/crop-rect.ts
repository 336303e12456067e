/** Moving and sizing a crop in fractions of the picture, at a fixed ratio or freely. Pure. */
import { type Crop, MIN_CROP, type Size } from '@limner/contract';

export const WHOLE: Crop = { x: 0, y: 0, width: 1, height: 1 };

/** The largest crop of a ratio (width by height, in pixels), in the middle of what was chosen. null: as it is. */
export function withRatio(crop: Crop, ratio: number | null, picture: Size): Crop {
  if (ratio === null) return crop;
  // Of the crop in fractions, which differs from the ratio in pixels.
  const inFractions = (ratio * picture.height) / picture.width;
  const width = Math.min(1, inFractions);
  const height = width / inFractions;
  const [cx, cy] = [crop.x + crop.width / 2, crop.y + crop.height / 2];
  return moved({ x: cx - width / 2, y: cy - height / 2, width, height }, 0, 0);
}

export const moved = (crop: Crop, dx: number, dy: number): Crop => ({
  ...crop,
  x: within(crop.x + dx, 0, 1 - crop.width),
  y: within(crop.y + dy, 0, 1 - crop.height),
});

/** Its lower right corner moves; with a ratio the width decides. */
export function sized(crop: Crop, dx: number, dy: number, ratio: number | null, picture: Size): Crop {
  const width = within(crop.width + dx, MIN_CROP, 1 - crop.x);
  if (ratio === null) return { ...crop, width, height: within(crop.height + dy, MIN_CROP, 1 - crop.y) };
  const inFractions = (ratio * picture.height) / picture.width;
  const most = Math.min(1 - crop.x, (1 - crop.y) * inFractions);
  const fitting = within(width, MIN_CROP * Math.max(1, inFractions), most);
  return { ...crop, width: fitting, height: fitting / inFractions };
}

export const isWhole = ({ width, height }: Crop): boolean => width > 0.999 && height > 0.999;

const within = (value: number, least: number, most: number): number =>
  Math.max(least, Math.min(Math.max(least, most), value));
