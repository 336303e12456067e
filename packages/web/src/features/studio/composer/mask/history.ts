/**
 * Undo and redo of a mask and its frame, in the order of the changes. A step of the mask keeps only the part that it
 * changed, and old steps are dropped beyond a limit.
 */
import type { Outpaint } from '@limner/contract';
import { isSameFrame } from './frame.ts';
import type { Plane, Rect } from './plane.ts';

/** Of all steps together: 4 whole masks of the largest picture. */
const MAX_BYTES = 64 * 1024 ** 2;
/** Of a step of the frame, roughly. */
const FRAME_BYTES = 256;

interface MaskStep {
  rect: Rect;
  /** What the part holds on the other side of the step. */
  other: Uint8ClampedArray;
}

interface FrameStep {
  from: Outpaint;
  to: Outpaint;
  /** That is still being typed into: its next number belongs to this step. */
  field: string | null;
}

type Step = MaskStep | FrameStep;

/** The part of the plane that was changed in place, or the frame that holds now. */
export type Change = { rect: Rect } | { frame: Outpaint };

export class MaskHistory {
  readonly #maxBytes: number;
  #done: Step[] = [];
  #undone: Step[] = [];
  #isPainted = false;

  constructor(maxBytes = MAX_BYTES) {
    this.#maxBytes = maxBytes;
  }

  get canUndo(): boolean {
    return this.#done.length > 0;
  }

  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  /** Whether the mask was ever changed, even if that was taken back or its step was dropped. */
  get isPainted(): boolean {
    return this.#isPainted;
  }

  /** After a change of `rect`. @param before the plane as it was */
  add(before: Plane, rect: Rect): void {
    if (rect.width * rect.height === 0) return;
    this.#isPainted = true;
    this.#push({ rect, other: part(before, rect) });
  }

  /** After a change of the frame. @param field that was typed into: until `endTyping` its changes are one step */
  addFrame(from: Outpaint, to: Outpaint, field: string | null = null): void {
    if (isSameFrame(from, to)) return;
    const last = this.#done.at(-1);
    const isMore = field !== null && last !== undefined && 'field' in last && last.field === field;
    if (isMore) this.#done.pop();
    const start = isMore ? last.from : from;
    if (isSameFrame(start, to)) this.#undone = [];
    else this.#push({ from: start, to, field });
  }

  get isTyping(): boolean {
    const last = this.#done.at(-1);
    return last !== undefined && 'field' in last && last.field !== null;
  }

  /** What is typed next is a step of its own. */
  endTyping(): void {
    const last = this.#done.at(-1);
    if (last && 'field' in last) last.field = null;
  }

  /** Changes the plane in place. @returns what changed; null: nothing to undo */
  undo(plane: Plane): Change | null {
    const step = this.#done.pop();
    if (!step) return null;
    if ('rect' in step) return { rect: swapped(step, this.#undone, plane) };
    this.#undone.push({ ...step, field: null });
    return { frame: step.from };
  }

  redo(plane: Plane): Change | null {
    const step = this.#undone.pop();
    if (!step) return null;
    if ('rect' in step) return { rect: swapped(step, this.#done, plane) };
    this.#done.push(step);
    return { frame: step.to };
  }

  #push(step: Step): void {
    this.#undone = [];
    this.#done.push(step);
    let bytes = this.#done.reduce((sum, one) => sum + bytesOf(one), 0);
    while (bytes > this.#maxBytes && this.#done.length > 1) {
      const dropped = this.#done.shift();
      if (dropped) bytes -= bytesOf(dropped);
    }
  }
}

const bytesOf = (step: Step): number => ('rect' in step ? step.other.length : FRAME_BYTES);

/** Puts the part of a step into the plane, and what was there into the step on the other side. */
function swapped({ rect, other }: MaskStep, to: Step[], plane: Plane): Rect {
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
