/** Sizes a family paints. Pure. */
import { type Family, fitSize, type Size, sizeOfInput } from '@limner/contract';

type Limits = NonNullable<Family['size']>;

const RATIOS = { '1:1': [1, 1], '4:3': [4, 3], '16:9': [16, 9], '3:4': [3, 4] } as const;

export const RATIO_NAMES = Object.keys(RATIOS) as (keyof typeof RATIOS)[];

/** A choice of size: a ratio with its long side, or a free size. null: the family's default. */
interface ChosenSize {
  ratio: keyof typeof RATIOS | 'free';
  longSide: number | null;
  free: Size | null;
}

/**
 * The size that is painted. A family with its own aspect ratio, and a picture that is painted over, keep theirs until a
 * ratio or a side is chosen.
 */
export function sizeOn(limits: Limits, { ratio, longSide, free }: ChosenSize, input: Size | null): Size {
  const { default: side, default_height = side } = limits;
  const own = input ? sizeOfInput(limits, input) : { width: side, height: default_height };
  if (ratio === 'free') return fitSize(limits, free ?? own);
  if (keepsOwnShape(limits, { ratio, longSide }, input)) return own;
  return sizeOfRatio(ratio, longSide, limits);
}

/** Nothing was chosen, and there is a picture to paint over, or the family's default size is not square. */
export const keepsOwnShape = (
  { default_height }: Limits,
  { ratio, longSide }: Pick<ChosenSize, 'ratio' | 'longSide'>,
  input: Size | null,
): boolean => (input !== null || default_height !== undefined) && ratio === '1:1' && longSide === null;

/** The size of a ratio whose long side is `longSide`, on the family's grid. */
export function sizeOfRatio(ratio: keyof typeof RATIOS, longSide: number | null, limits: Limits): Size {
  const [w, h] = RATIOS[ratio];
  const liked = longSide === null ? likedNear(w / h, limits) : undefined;
  if (liked) return liked;
  const long = longSide ?? limits.default;
  const scale = long / Math.max(w, h);
  return fitSize(limits, { width: w * scale, height: h * scale });
}

/** How far a trained size may be from a ratio, as a factor. */
const NEAR = 1.04;

const likedNear = (ratio: number, { liked = [] }: Limits): Size | undefined =>
  liked.find(({ width, height }) => {
    const off = width / height / ratio;
    return off < NEAR && off > 1 / NEAR;
  });

/** For pixel art, offered by families that paint smaller than any other kind of picture needs. */
const SMALL_SIDES = [16, 24, 32, 48, 64, 96, 128, 192];
const SMALLEST_OF_MOST = 64;
const LONG_SIDES = [256, 384, 512, 768, 1024, 1280, 1536, 2048];

export function longSides(limits: Limits): number[] {
  const sides = LONG_SIDES.filter(
    (side) => side >= limits.min && side >= limits.default / 2 && side <= limits.max,
  );
  const small = limits.min < SMALLEST_OF_MOST ? SMALL_SIDES : [];
  const onGrid = small.filter((side) => side >= limits.min && side <= limits.max && side % limits.step === 0);
  return [...new Set([...onGrid, ...sides, limits.default])].sort((a, b) => a - b);
}
