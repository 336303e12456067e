import { describe, expect, it } from 'vitest';
import { falloff, Stroke } from './brush.ts';
import { margin, NO_FRAME, NO_MARGINS, shaped, withMargin } from './frame.ts';
import { MaskHistory } from './history.ts';
import {
  emptyPlane,
  filled,
  fromAlpha,
  fromPicture,
  inverted,
  isBlank,
  type Plane,
  rgbaOf,
  whole,
} from './plane.ts';
import { reshaped } from './reshape.ts';

const at = ({ values, width }: Plane, x: number, y: number) => values[y * width + x] ?? -1;

const dot = (size: number, x: number, y: number, value = 255): Plane => {
  const plane = emptyPlane({ width: size, height: size });
  plane.values[y * size + x] = value;
  return plane;
};

describe('a brush', () => {
  it('is whole in its core and ends at its radius', () => {
    expect(falloff(0, 10, 0)).toBe(1);
    expect(falloff(5, 10, 0.5)).toBe(1);
    expect(falloff(7.5, 10, 0.5)).toBeCloseTo(0.5);
    expect(falloff(10, 10, 0.5)).toBe(0);
    const soft = Array.from({ length: 11 }, (_, d) => falloff(d, 10, 0));
    expect(soft).toEqual(soft.toSorted((a, b) => b - a));
  });

  it('that is hard has an edge of one pixel', () => {
    expect([8, 9, 9.5, 11].map((d) => falloff(d, 10, 1))).toEqual([1, 1, 1, 0]);
  });

  it('covers a line once, however often the pointer passes', () => {
    const plane = emptyPlane({ width: 40, height: 20 });
    const stroke = new Stroke(plane, { erases: false, hardness: 0 });
    const [a, b] = [
      { x: 10, y: 10, radius: 6 },
      { x: 30, y: 10, radius: 6 },
    ];
    stroke.line(a, b);
    const once = plane.values.slice();
    stroke.line(b, a);
    expect(plane.values).toEqual(once);
    expect(at(plane, 20, 10)).toBeGreaterThan(240);
    expect(at(plane, 20, 3)).toBe(0);
    expect(at(plane, 20, 13)).toBeGreaterThan(20);
    expect(at(plane, 20, 13)).toBeLessThan(235);
  });

  it('erases by the same hardness, and leaves the rest', () => {
    const plane = filled(emptyPlane({ width: 40, height: 20 }), 255);
    const stroke = new Stroke(plane, { erases: true, hardness: 0.5 });
    stroke.line({ x: 20, y: 10, radius: 6 }, { x: 20, y: 10, radius: 6 });
    expect(at(plane, 20, 10)).toBe(0);
    expect(at(plane, 2, 2)).toBe(255);
    expect(stroke.touched).toEqual({ x: 13, y: 3, width: 14, height: 14 });
  });

  it('beyond the picture changes nothing', () => {
    const plane = emptyPlane({ width: 8, height: 8 });
    new Stroke(plane, { erases: false, hardness: 1 }).line(
      { x: -50, y: -50, radius: 9 },
      { x: -20, y: 4, radius: 9 },
    );
    expect(isBlank(plane)).toBe(true);
  });
});

describe('a mask', () => {
  it('grows by a disc, to the pixel', () => {
    const grown = reshaped(dot(31, 15, 15, 200), { kind: 'grow', px: 6 });
    for (let y = 0; y < 31; y++)
      for (let x = 0; x < 31; x++) {
        const distance = Math.hypot(x - 15, y - 15);
        if (distance <= 6) expect(at(grown, x, y)).toBe(200);
        if (distance > 6.5) expect(at(grown, x, y)).toBe(0);
      }
  });

  it('keeps its soft edge as it grows and shrinks', () => {
    const soft = reshaped(dot(41, 20, 20), { kind: 'grow', px: 10 });
    const edge = reshaped(soft, { kind: 'feather', px: 4 });
    const grown = reshaped(edge, { kind: 'grow', px: 3 });
    for (let x = 20; x < 38; x++) expect(at(grown, x, 20)).toBe(at(edge, Math.max(20, x - 3), 20));
    const shrunk = reshaped(edge, { kind: 'shrink', px: 3 });
    for (let x = 20; x < 36; x++) {
      expect(at(shrunk, x, 20)).toBeLessThanOrEqual(at(edge, x + 3, 20));
      // The disc is a little wider than its radius, and the edge is round.
      expect(at(shrunk, x, 20)).toBeGreaterThanOrEqual(at(edge, x + 4, 20));
    }
  });

  it('that reaches the border does not shrink there', () => {
    const full = filled(emptyPlane({ width: 16, height: 9 }), 255);
    expect(reshaped(full, { kind: 'shrink', px: 5 }).values).toEqual(full.values);
  });

  it('gets a ramp around its edge by feathering, and keeps its sum', () => {
    const half = emptyPlane({ width: 80, height: 5 });
    for (let i = 0; i < half.values.length; i++) half.values[i] = i % 80 < 40 ? 255 : 0;
    const ramp = reshaped(half, { kind: 'feather', px: 8 });
    const row = [...ramp.values.subarray(160, 240)];
    expect(row).toEqual(row.toSorted((a, b) => b - a));
    expect((row[39] as number) + (row[40] as number)).toBe(255);
    expect(row[20]).toBe(255);
    expect(row[60]).toBe(0);
    expect(row[44]).toBeGreaterThan(0);
    expect(reshaped(filled(half, 90), { kind: 'feather', px: 8 }).values).toEqual(filled(half, 90).values);
  });

  it('is read of alpha and of a picture, and written as a grey picture', () => {
    const rgba = new Uint8ClampedArray([255, 0, 0, 255, 128, 9, 9, 255, 255, 255, 255, 0, 200, 0, 0, 128]);
    const size = { width: 2, height: 2 };
    expect([...fromAlpha(rgba, size, 'opaque').values]).toEqual([255, 255, 0, 128]);
    expect([...fromAlpha(rgba, size, 'transparent').values]).toEqual([0, 0, 255, 127]);
    const plane = fromPicture(rgba, size);
    expect([...plane.values]).toEqual([255, 128, 0, 100]);
    expect([...fromPicture(rgbaOf(plane, whole(plane), 'grey'), size).values]).toEqual([...plane.values]);
    expect([...inverted(plane).values]).toEqual([0, 127, 255, 155]);
  });
});

describe('the history of a mask', () => {
  const paint = (history: MaskHistory, plane: Plane, x: number) => {
    const stroke = new Stroke(plane, { erases: false, hardness: 1 });
    stroke.line({ x, y: 5, radius: 3 }, { x, y: 5, radius: 3 });
    if (stroke.touched) history.add(stroke.before, stroke.touched);
  };

  it('takes steps back and forth, each exactly', () => {
    const plane = emptyPlane({ width: 40, height: 10 });
    const history = new MaskHistory();
    const seen = [plane.values.slice()];
    for (const x of [5, 7, 30]) {
      paint(history, plane, x);
      seen.push(plane.values.slice());
    }
    for (const i of [2, 1, 0]) {
      history.undo(plane);
      expect(plane.values).toEqual(seen[i]);
    }
    expect(history.undo(plane)).toBeNull();
    for (const i of [1, 2, 3]) {
      history.redo(plane);
      expect(plane.values).toEqual(seen[i]);
    }
    history.undo(plane);
    paint(history, plane, 20);
    expect(history.canRedo).toBe(false);
  });

  it('drops its oldest steps beyond its limit, never the newest', () => {
    const plane = emptyPlane({ width: 40, height: 10 });
    const history = new MaskHistory(200);
    for (const x of [5, 15, 25, 35]) paint(history, plane, x);
    let steps = 0;
    while (history.undo(plane)) steps++;
    expect(steps).toBeGreaterThan(0);
    expect(steps).toBeLessThan(4);
    const tiny = new MaskHistory(1);
    paint(tiny, plane, 5);
    expect(tiny.canUndo).toBe(true);
    // A dropped step of the mask still is a change of it.
    tiny.addFrame(NO_FRAME, { ...NO_FRAME, left: 8 });
    expect(tiny.undo(plane)).toEqual({ frame: NO_FRAME });
    expect([tiny.canUndo, tiny.isPainted]).toEqual([false, true]);
  });

  it('takes back the last change of mask or frame, in order', () => {
    const plane = emptyPlane({ width: 40, height: 10 });
    const history = new MaskHistory();
    const [one, two] = [
      { ...NO_FRAME, left: 64 },
      { ...NO_FRAME, left: 64, feather: 8 },
    ];
    history.addFrame(NO_FRAME, one);
    expect([history.canUndo, history.isPainted]).toEqual([true, false]);
    paint(history, plane, 20);
    const painted = plane.values.slice();
    history.addFrame(one, two);
    history.addFrame(two, two);
    expect(history.undo(plane)).toEqual({ frame: one });
    expect(plane.values).toEqual(painted);
    expect(history.undo(plane)).toHaveProperty('rect');
    expect(isBlank(plane)).toBe(true);
    expect(history.undo(plane)).toEqual({ frame: NO_FRAME });
    expect(history.undo(plane)).toBeNull();
    expect(history.redo(plane)).toEqual({ frame: one });
    expect(history.redo(plane)).toHaveProperty('rect');
    expect(plane.values).toEqual(painted);
    expect(history.redo(plane)).toEqual({ frame: two });
  });

  it('takes a number that is typed as one step, and the next one as another', () => {
    const plane = emptyPlane({ width: 4, height: 4 });
    const history = new MaskHistory();
    const left = (px: number) => ({ ...NO_FRAME, left: px });
    history.addFrame(NO_FRAME, left(1), 'left');
    history.addFrame(left(1), left(12), 'left');
    expect(history.isTyping).toBe(true);
    history.endTyping();
    expect(history.isTyping).toBe(false);
    history.addFrame(left(12), left(5), 'left');
    history.addFrame(left(5), { ...left(5), top: 7 }, 'top');
    expect(history.undo(plane)).toEqual({ frame: left(5) });
    expect(history.undo(plane)).toEqual({ frame: left(12) });
    expect(history.undo(plane)).toEqual({ frame: NO_FRAME });
    // A number that is typed back to what it was is no step.
    history.addFrame(NO_FRAME, left(3), 'left');
    history.addFrame(left(3), NO_FRAME, 'left');
    expect([history.canUndo, history.canRedo]).toEqual([false, false]);
  });
});

describe('a frame', () => {
  const picture = { width: 1000, height: 700 };

  it('has sides that are multiples of what the model paints', () => {
    const margins = withMargin(picture, NO_MARGINS, 'left', 250, 16);
    expect((1000 + margins.left) % 16).toBe(0);
    expect(Math.abs(margins.left - 250)).toBeLessThanOrEqual(8);
    expect(margin(picture, margins, 'left', 3, 16)).toBe(0);
    expect(margin(picture, margins, 'right', -50, 16)).toBe(0);
  });

  it('stays within its limits, however far it is dragged', () => {
    const left = margin(picture, NO_MARGINS, 'left', 99_999, 16);
    expect(left).toBeLessThanOrEqual(4096);
    expect(left).toBeGreaterThan(4000);
    const wide = {
      ...NO_MARGINS,
      left,
      right: margin(picture, { ...NO_MARGINS, left }, 'right', 99_999, 16),
    };
    expect(1000 + wide.left + wide.right).toBeLessThanOrEqual(8192);
    const top = margin(picture, wide, 'top', 99_999, 16);
    expect((1000 + wide.left + wide.right) * (700 + top)).toBeLessThanOrEqual(32_000_000);
  });

  it('takes a shape around the picture without cutting it', () => {
    const square = shaped(picture, { ratio: 1 }, 8);
    expect(square).toMatchObject({ left: 0, right: 0, top: 150 });
    expect(700 + square.top + square.bottom).toBe(1000);
    const wide = shaped(picture, { ratio: 16 / 9 }, 8);
    expect(wide).toMatchObject({ top: 0 });
    expect((1000 + wide.left + wide.right) % 8).toBe(0);
    expect((1000 + wide.left + wide.right) / 700).toBeCloseTo(16 / 9, 1);
    const larger = shaped(picture, { factor: 1.5 }, 8);
    expect([1000 + larger.left + larger.right, 700 + larger.top + larger.bottom]).toEqual([1504, 1048]);
  });
});
