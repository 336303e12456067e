/**
 * Zoom by wheel, pinch, drag and double click. The placement is null while the picture is fitted, so that it follows the
 * window; several panes may share one placement.
 */

import type { Size } from '@limner/contract';
import { type PointerEvent, type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { SWIPE_PX } from '../use-swipe.ts';
import { fitted, isLargerThan, moved, type Placement, type Point, zoomed } from './zoom.ts';

export interface Zoom {
  placement: Placement;
  fits: boolean;
  /** Larger than the pane, so a drag moves it. */
  isLarge: boolean;
  /** 100 is one picture pixel on one pixel of the screen. */
  percent: number;
  fit: () => void;
  actual: () => void;
  by: (factor: number, at?: Point) => void;
  pan: (dx: number, dy: number) => void;
  toggle: (at?: Point) => void;
}

/** One press of a button or a key. */
export const ZOOM_STEP = 1.25;
const onePixel = (): number => 1 / devicePixelRatio;

export function useZoom(picture: Size, room: Size): Zoom {
  const [placement, setPlacement] = useState<Placement | null>(null);
  const { width, height } = picture;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another picture is fitted again
  useEffect(() => setPlacement(null), [width, height]);
  return useMemo(() => {
    const box = { width, height };
    const usable = width > 0 && room.width > 0;
    const fit = usable ? fitted(box, room) : { scale: 1, x: 0, y: 0 };
    const now = placement ?? fit;
    const change = (make: (from: Placement) => Placement) =>
      usable && setPlacement((held) => make(held ?? fit));
    const middle = { x: room.width / 2, y: room.height / 2 };
    const by = (factor: number, at: Point = middle) => change((from) => zoomed(from, box, room, factor, at));
    const actual = (at: Point = middle) =>
      change((from) => zoomed(from, box, room, onePixel() / from.scale, at));
    return {
      placement: now,
      fits: placement === null,
      isLarge: isLargerThan(now, box, room),
      percent: Math.round(now.scale * devicePixelRatio * 100),
      fit: () => setPlacement(null),
      actual: () => actual(),
      by,
      pan: (dx, dy) => change((from) => moved(from, box, room, dx, dy)),
      toggle: (at) => {
        if (placement !== null) setPlacement(null);
        // A picture that is enlarged when fitted is zoomed to twice that instead.
        else if (fit.scale >= onePixel() * 0.95) by(2, at);
        else actual(at);
      },
    };
  }, [placement, width, height, room]);
}

/** The inner size of an element as it changes. */
export function useRoom(ref: RefObject<HTMLElement | null>): Size {
  const [room, setRoom] = useState<Size>({ width: 0, height: 0 });
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const measure = () => setRoom({ width: element.clientWidth, height: element.clientHeight });
    const watch = new ResizeObserver(measure);
    watch.observe(element);
    measure();
    return () => watch.disconnect();
  }, [ref]);
  return room;
}

const TAP_PX = 6;
const DOUBLE_TAP_MS = 350;

/** Elements in a pane that use the pointer themselves. */
const ownUse = (target: EventTarget): boolean =>
  target instanceof Element && target.closest('button, a, input, [role="slider"]') !== null;

/** Handlers for a pane. A swipe across a fitted picture: 1 to the left, -1 to the right. */
export function useZoomGestures(
  ref: RefObject<HTMLElement | null>,
  zoom: Zoom,
  onSwipe?: (direction: 1 | -1) => void,
) {
  useWheel(ref, zoom);
  const fingers = useRef(new Map<number, Point>());
  const start = useRef<Point | null>(null);
  const lastTap = useRef<Point & { atMs: number }>({ x: 0, y: 0, atMs: 0 });

  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0 || ownUse(event.target)) return;
    const at = placeIn(event.currentTarget, event);
    fingers.current.set(event.pointerId, at);
    start.current = fingers.current.size === 1 ? at : null;
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    const before = fingers.current.get(event.pointerId);
    if (!before) return;
    const at = placeIn(event.currentTarget, event);
    const other = [...fingers.current].find(([id]) => id !== event.pointerId)?.[1];
    fingers.current.set(event.pointerId, at);
    if (!other && !zoom.isLarge) return;
    // Captured only after a move, because a press may belong to an element in the pane.
    event.currentTarget.setPointerCapture(event.pointerId);
    if (other) pinch(zoom, before, at, other);
    else zoom.pan(at.x - before.x, at.y - before.y);
  };
  const onPointerUp = (event: PointerEvent<HTMLElement>) => {
    if (!fingers.current.delete(event.pointerId)) return;
    const from = start.current;
    start.current = null;
    if (!from || event.type === 'pointercancel') return;
    const at = placeIn(event.currentTarget, event);
    const [dx, dy] = [at.x - from.x, at.y - from.y];
    if (Math.hypot(dx, dy) < TAP_PX) {
      const twice =
        event.timeStamp - lastTap.current.atMs < DOUBLE_TAP_MS &&
        Math.hypot(at.x - lastTap.current.x, at.y - lastTap.current.y) < TAP_PX * 4;
      lastTap.current = { ...at, atMs: twice ? 0 : event.timeStamp };
      if (twice) zoom.toggle(at);
    } else if (!zoom.isLarge && event.pointerType === 'touch') {
      if (Math.abs(dx) > SWIPE_PX && Math.abs(dx) > Math.abs(dy) * 2) onSwipe?.(dx < 0 ? 1 : -1);
    }
  };
  const onPointerLeave = (event: PointerEvent<HTMLElement>) => {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) return;
    fingers.current.delete(event.pointerId);
    start.current = null;
  };
  return { onPointerDown, onPointerMove, onPointerUp, onPointerCancel: onPointerUp, onPointerLeave };
}

export function pinch(zoom: Zoom, before: Point, at: Point, other: Point): void {
  const was = Math.hypot(before.x - other.x, before.y - other.y);
  const is = Math.hypot(at.x - other.x, at.y - other.y);
  zoom.pan((at.x - before.x) / 2, (at.y - before.y) / 2);
  if (was > 0) zoom.by(is / was, { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 });
}

/** React listens to wheels passively, and then the page would scroll or zoom instead. */
export function useWheel(ref: RefObject<HTMLElement | null>, zoom: Zoom): void {
  const latest = useRef(zoom);
  latest.current = zoom;
  const turned = useCallback((event: WheelEvent) => {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    const factor = Math.exp(-event.deltaY * lines * (event.ctrlKey ? 0.01 : 0.0018));
    latest.current.by(factor, placeIn(event.currentTarget as HTMLElement, event));
  }, []);
  useEffect(() => {
    const element = ref.current;
    element?.addEventListener('wheel', turned, { passive: false });
    return () => element?.removeEventListener('wheel', turned);
  }, [ref, turned]);
}

function placeIn(element: Element, { clientX, clientY }: { clientX: number; clientY: number }): Point {
  const box = element.getBoundingClientRect();
  return { x: clientX - box.left, y: clientY - box.top };
}
