/**
 * Pointers on the editor's stage. One paints, pans or does nothing, as the tool says; two fingers zoom and pan and take
 * the stroke that they began back; the space bar and the middle button pan.
 */
import { type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react';
import type { MaskTool } from '../../../../state/mask-editing.ts';
import { pinch, useWheel, type Zoom } from '../../../../ui/zoom/use-zoom.ts';
import type { Point } from '../../../../ui/zoom/zoom.ts';
import type { MaskState } from './use-plane.ts';

interface Stage {
  stage: RefObject<HTMLDivElement | null>;
  zoom: Zoom;
  tool: MaskTool;
  mask: MaskState;
  /** Of the picture's corner in the zoomed world, in pixels of the picture. */
  origin: Point;
  radius: number;
  hardness: number;
}

export function useStage({ stage, zoom, tool, mask, origin, radius, hardness }: Stage) {
  useWheel(stage, zoom);
  /** Shows where the brush is and how large. */
  const tip = useRef<HTMLDivElement>(null);
  const space = useSpace();
  const fingers = useRef(new Map<number, Point>());
  const doing = useRef<'paint' | 'pan' | null>(null);

  const tipOf = (event: { clientX: number; clientY: number; pointerType: string; pressure: number }) => {
    const box = stage.current?.getBoundingClientRect();
    const { scale, x, y } = zoom.placement;
    // A mouse always reports half of the pressure.
    const pressure = event.pointerType === 'pen' ? Math.max(0.1, event.pressure) : 1;
    return {
      x: (event.clientX - (box?.left ?? 0) - x) / scale - origin.x,
      y: (event.clientY - (box?.top ?? 0) - y) / scale - origin.y,
      radius: Math.max(0.5, radius * pressure),
    };
  };
  const placeOf = (event: PointerEvent<HTMLElement>): Point => {
    const box = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    if (event.target instanceof Element && event.target.closest('[data-handle]')) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    fingers.current.set(event.pointerId, placeOf(event));
    if (fingers.current.size > 1) {
      if (doing.current === 'paint') mask.end(false);
      doing.current = 'pan';
      return;
    }
    const paints = (tool === 'paint' || tool === 'erase') && event.button === 0 && !space && mask.ready;
    doing.current = paints ? 'paint' : 'pan';
    if (paints) mask.begin(tipOf(event), { erases: tool === 'erase', hardness });
  };
  const showTip = (event: PointerEvent<HTMLElement>) => {
    const at = placeOf(event);
    const size = 2 * tipOf(event).radius * zoom.placement.scale;
    if (!tip.current) return;
    tip.current.hidden = event.pointerType === 'touch' && !fingers.current.has(event.pointerId);
    Object.assign(tip.current.style, {
      ...{ left: `${at.x - size / 2}px`, top: `${at.y - size / 2}px` },
      ...{ width: `${size}px`, height: `${size}px` },
    });
  };
  const hideTip = () => {
    if (tip.current) tip.current.hidden = true;
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    showTip(event);
    const before = fingers.current.get(event.pointerId);
    if (!before) return;
    const at = placeOf(event);
    fingers.current.set(event.pointerId, at);
    const other = [...fingers.current].find(([id]) => id !== event.pointerId)?.[1];
    if (other) pinch(zoom, before, at, other);
    else if (doing.current === 'pan') zoom.pan(at.x - before.x, at.y - before.y);
    else {
      const all = event.nativeEvent.getCoalescedEvents?.() ?? [];
      for (const one of all.length > 0 ? all : [event.nativeEvent]) mask.lineTo(tipOf(one));
    }
  };
  const onPointerUp = (event: PointerEvent<HTMLElement>) => {
    if (!fingers.current.delete(event.pointerId)) return;
    if (doing.current === 'paint') mask.end(event.type !== 'pointercancel');
    if (fingers.current.size === 0) doing.current = null;
    if (event.pointerType === 'touch') hideTip();
  };
  return {
    handlers: {
      ...{ onPointerDown, onPointerMove, onPointerUp, onPointerCancel: onPointerUp },
      onPointerLeave: hideTip,
    },
    tip,
    pans: tool === 'move' || tool === 'extend' || space,
  };
}

/** Whether the space bar is held, unless it works a control. */
function useSpace(): boolean {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const onControl =
        event.target instanceof Element && event.target.closest('button, input, [role="slider"]');
      if (event.key !== ' ' || onControl) return;
      event.preventDefault();
      setHeld(event.type === 'keydown');
    };
    const lost = () => setHeld(false);
    addEventListener('keydown', pressed);
    addEventListener('keyup', pressed);
    addEventListener('blur', lost);
    return () => {
      removeEventListener('keydown', pressed);
      removeEventListener('keyup', pressed);
      removeEventListener('blur', lost);
    };
  }, []);
  return held;
}
