import { describe, expect, it } from 'vitest';
import { fitted, isLargerThan, moved, zoomed } from './zoom.ts';

const picture = { width: 1000, height: 500 };
const room = { width: 500, height: 500 };
const MIDDLE = { x: 250, y: 250 };

describe('a picture in its room', () => {
  it('is fitted whole and centred', () => {
    expect(fitted(picture, room)).toEqual({ scale: 0.5, x: 0, y: 125 });
  });

  it('keeps what is under the pointer under it while zooming', () => {
    const before = fitted(picture, room);
    const at = { x: 400, y: 250 };
    const after = zoomed(before, picture, room, 4, at);
    expect((at.x - after.x) / after.scale).toBeCloseTo((at.x - before.x) / before.scale);
    expect((at.y - after.y) / after.scale).toBeCloseTo((at.y - before.y) / before.scale);
  });

  it('leaves no gap at an edge however far it is dragged', () => {
    const large = zoomed(fitted(picture, room), picture, room, 4, MIDDLE);
    expect(moved(large, picture, room, 9999, 9999)).toMatchObject({ x: 0, y: 0 });
    expect(moved(large, picture, room, -9999, -9999)).toMatchObject({ x: 500 - 2000, y: 500 - 1000 });
  });

  it('stays centred when it is smaller than the room', () => {
    const small = zoomed(fitted(picture, room), picture, room, 0.5, { x: 0, y: 0 });
    expect(moved(small, picture, room, 80, 80)).toEqual(small);
    expect(isLargerThan(small, picture, room)).toBe(false);
  });

  it('has a largest and a smallest scale', () => {
    const fit = fitted(picture, room);
    expect(zoomed(fit, picture, room, 1e6, MIDDLE).scale).toBe(32);
    expect(zoomed(fit, picture, room, 1e-6, MIDDLE).scale).toBe(0.25);
  });
});
