/**
 * A soft round brush. A stroke is a chain of segments with a radius at each end; what one stroke covers twice counts once,
 * so that a soft edge does not get hard where the pointer lingers. Pure.
 */
import { clipped, joined, type Plane, type Rect } from './plane.ts';

export interface Tip {
  x: number;
  y: number;
  radius: number;
}

/** 1 within the hard core, 0 at the radius. @param hardness the core's share of the radius, 0…1 */
export function falloff(distance: number, radius: number, hardness: number): number {
  // A hard edge is one pixel wide, so that it is not jagged.
  const core = Math.min(radius * hardness, radius - 0.5);
  if (distance <= core) return 1;
  if (distance >= Math.max(radius, core + 1)) return 0;
  const left = 1 - (distance - core) / Math.max(1, radius - core);
  return left * left * (3 - 2 * left);
}

export class Stroke {
  readonly #plane: Plane;
  readonly #before: Uint8ClampedArray;
  readonly #covered: Uint8ClampedArray;
  readonly #erases: boolean;
  readonly #hardness: number;
  /** What it changed so far; null: nothing. */
  touched: Rect | null = null;

  /** Changes the plane in place. */
  constructor(plane: Plane, { erases, hardness }: { erases: boolean; hardness: number }) {
    this.#plane = plane;
    this.#before = plane.values.slice();
    this.#covered = new Uint8ClampedArray(plane.values.length);
    this.#erases = erases;
    this.#hardness = hardness;
  }

  get before(): Plane {
    return { ...this.#plane, values: this.#before };
  }

  /** From one tip to the next; the same twice makes a dot. @returns the part of the plane that may have changed */
  line(from: Tip, to: Tip): Rect {
    const most = Math.max(from.radius, to.radius) + 1;
    const rect = clipped(
      Math.min(from.x, to.x) - most,
      Math.min(from.y, to.y) - most,
      Math.max(from.x, to.x) + most,
      Math.max(from.y, to.y) + most,
      this.#plane,
    );
    const [dx, dy] = [to.x - from.x, to.y - from.y];
    const length = dx * dx + dy * dy;
    for (let y = rect.y; y < rect.y + rect.height; y++)
      for (let x = rect.x; x < rect.x + rect.width; x++) {
        const [px, py] = [x + 0.5 - from.x, y + 0.5 - from.y];
        const along = length === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / length));
        const distance = Math.hypot(px - along * dx, py - along * dy);
        const radius = from.radius + along * (to.radius - from.radius);
        this.#cover(y * this.#plane.width + x, Math.round(255 * falloff(distance, radius, this.#hardness)));
      }
    this.touched = joined(this.touched, rect);
    return rect;
  }

  #cover(at: number, share: number): void {
    if (share <= (this.#covered[at] ?? 0)) return;
    this.#covered[at] = share;
    const before = this.#before[at] ?? 0;
    const kept = before * (1 - share / 255);
    this.#plane.values[at] = Math.round(this.#erases ? kept : kept + share);
  }
}
