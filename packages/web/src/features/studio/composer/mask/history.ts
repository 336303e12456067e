/** Undo and redo of a mask. A step keeps only the part that it changed, and old steps are dropped beyond a limit. */
import type { Plane, Rect } from './plane.ts';

/** Of all steps together: 4 whole masks of the largest picture. */
const MAX_BYTES = 64 * 1024 ** 2;

interface Step {
  rect: Rect;
  /** What the part holds on the other side of the step. */
  other: Uint8ClampedArray;
}

export class MaskHistory {
  readonly #maxBytes: number;
  #done: Step[] = [];
  #undone: Step[] = [];

  constructor(maxBytes = MAX_BYTES) {
    this.#maxBytes = maxBytes;
  }

  get canUndo(): boolean {
    return this.#done.length > 0;
  }

  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  /** After a change of `rect`. @param before the plane as it was */
  add(before: Plane, rect: Rect): void {
    if (rect.width * rect.height === 0) return;
    this.#undone = [];
    this.#done.push({ rect, other: part(before, rect) });
    let bytes = this.#done.reduce((sum, { other }) => sum + other.length, 0);
    while (bytes > this.#maxBytes && this.#done.length > 1) bytes -= this.#done.shift()?.other.length ?? 0;
  }

  /** Changes the plane in place. @returns what changed; null: nothing to undo */
  undo(plane: Plane): Rect | null {
    return moved(this.#done, this.#undone, plane);
  }

  redo(plane: Plane): Rect | null {
    return moved(this.#undone, this.#done, plane);
  }
}

function moved(from: Step[], to: Step[], plane: Plane): Rect | null {
  const step = from.pop();
  if (!step) return null;
  const { rect, other } = step;
  to.push({ rect, other: part(plane, rect) });
  for (let y = 0; y < rect.height; y++)
    plane.values.set(
      other.subarray(y * rect.width, (y + 1) * rect.width),
      (rect.y + y) * plane.width + rect.x,
    );
  return rect;
}

function part({ values, width }: Plane, rect: Rect): Uint8ClampedArray {
  const out = new Uint8ClampedArray(rect.width * rect.height);
  for (let y = 0; y < rect.height; y++) {
    const start = (rect.y + y) * width + rect.x;
    out.set(values.subarray(start, start + rect.width), y * rect.width);
  }
  return out;
}
