import { describe, expect, it } from 'vitest';
import { isWhole, moved, sized, WHOLE, withRatio } from './crop-rect.ts';

const wide = { width: 1600, height: 800 };

describe('a crop', () => {
  it('of a ratio is as large as the picture allows', () => {
    expect(withRatio(WHOLE, 1, wide)).toEqual({ x: 0.25, y: 0, width: 0.5, height: 1 });
    expect(withRatio(WHOLE, 4, wide)).toEqual({ x: 0, y: 0.25, width: 1, height: 0.5 });
    expect(withRatio(WHOLE, null, wide)).toBe(WHOLE);
  });

  it('stays within the picture when it is moved and sized', () => {
    const half = { x: 0.5, y: 0.5, width: 0.5, height: 0.5 };
    expect(moved(half, 0.3, -0.1)).toEqual({ x: 0.5, y: 0.4, width: 0.5, height: 0.5 });
    expect(sized(half, 0.3, -0.2, null, wide)).toEqual({ x: 0.5, y: 0.5, width: 0.5, height: 0.3 });
  });

  it('keeps its ratio when it is sized', () => {
    const square = withRatio(WHOLE, 1, wide);
    const smaller = sized(square, -0.25, 0.4, 1, wide);
    expect((smaller.width * wide.width) / (smaller.height * wide.height)).toBeCloseTo(1);
    const largest = sized({ ...square, y: 0.5, height: 0.5 }, 0.5, 0, 1, wide);
    expect(largest.y + largest.height).toBeCloseTo(1);
  });

  it('of everything is none', () => {
    expect(isWhole(WHOLE)).toBe(true);
    expect(isWhole({ ...WHOLE, width: 0.9 })).toBe(false);
  });
});
