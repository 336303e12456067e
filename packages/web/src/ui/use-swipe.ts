/** A swipe of one finger to the side over something that is not zoomed. */
import { type TouchEventHandler, useRef } from 'react';

/** Shorter ones are taps. */
export const SWIPE_PX = 56;

/** @param ignores touches that begin there are for something else */
export function useSwipe(
  onSwipe: (direction: 1 | -1) => void,
  ignores: (touch: { x: number; y: number }, element: Element) => boolean = () => false,
): { onTouchStart: TouchEventHandler; onTouchEnd: TouchEventHandler } {
  const begin = useRef<{ x: number; y: number } | null>(null);
  return {
    onTouchStart: ({ touches, currentTarget }) => {
      const touch = touches[0];
      const at = touch && { x: touch.clientX, y: touch.clientY };
      begin.current = at && touches.length === 1 && !ignores(at, currentTarget) ? at : null;
    },
    onTouchEnd: ({ changedTouches }) => {
      const touch = changedTouches[0];
      if (!begin.current || !touch) return;
      const [dx, dy] = [touch.clientX - begin.current.x, touch.clientY - begin.current.y];
      begin.current = null;
      if (Math.abs(dx) > SWIPE_PX && Math.abs(dx) > 2 * Math.abs(dy)) onSwipe(dx < 0 ? 1 : -1);
    },
  };
}
