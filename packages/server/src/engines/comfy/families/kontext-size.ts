import type { Size } from '@limner/contract';

/** The sizes Kontext was trained on, in landscape; the others are the same in portrait. */
const TALL: readonly [number, number][] = [
  [672, 1568],
  [688, 1504],
  [720, 1456],
  [752, 1392],
  [800, 1328],
  [832, 1248],
  [880, 1184],
  [944, 1104],
  [1024, 1024],
];
const SIZES: readonly Size[] = TALL.flatMap(([short, long]) =>
  short === long
    ? [{ width: short, height: long }]
    : [
        { width: short, height: long },
        { width: long, height: short },
      ],
);

/** The size with the nearest aspect ratio. */
export function nearestSize(shape: Size): Size {
  const off = (size: Size) => Math.abs(shape.width / shape.height - size.width / size.height);
  return SIZES.reduce((best, size) => (off(size) < off(best) ? size : best));
}
