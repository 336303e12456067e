import { describe, expect, it } from 'vitest';
import { changed, fittedTo, isAsPainted, movedTo, paintedArrangement, reordered } from './arrangement.ts';

const layers = [{ place: 1 }, { place: 2 }, { place: 3 }];
const painted = paintedArrangement(layers);
const places = (arranged: { place: number }[]) => arranged.map(({ place }) => place);

describe('an arrangement', () => {
  it('begins as the layers were painted', () => {
    expect(places(painted)).toEqual([1, 2, 3]);
    expect(isAsPainted(painted, layers)).toBe(true);
    for (const other of [
      changed(painted, 2, { visible: false }),
      movedTo(painted, 1, 1, 0),
      reordered(painted, 1, 2),
      changed(painted, 3, { name: 'Hero' }),
    ])
      expect(isAsPainted(other, layers)).toBe(false);
  });

  it('puts a layer at an index from the lowest, and no further than the ends', () => {
    expect(places(reordered(painted, 1, 1))).toEqual([2, 1, 3]);
    expect(places(reordered(painted, 3, 0))).toEqual([3, 1, 2]);
    expect(places(reordered(painted, 1, 9))).toEqual([2, 3, 1]);
    expect(places(reordered(painted, 2, -4))).toEqual([2, 1, 3]);
    expect(places(reordered(painted, 7, 0))).toEqual([1, 2, 3]);
  });

  it('moves by whole pixels, as far as the server takes it', () => {
    expect(movedTo(painted, 2, 3.6, -9_999_999)[1]).toMatchObject({ left: 4, top: -8192 });
  });

  it('follows layers that are deleted or restored', () => {
    const mine = reordered(changed(painted, 3, { opacity: 0.5 }), 3, 0);
    const without = fittedTo(mine, [{ place: 2 }, { place: 3 }]);
    expect(places(without)).toEqual([3, 2]);
    expect(without[0]?.opacity).toBe(0.5);
    expect(places(fittedTo(without, layers))).toEqual([3, 2, 1]);
  });
});
