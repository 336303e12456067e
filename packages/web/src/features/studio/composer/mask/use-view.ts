/** Where picture and frame lie on the editor's stage, which may be zoomed. */
import type { Margins, Size } from '@limner/contract';
import type { RefObject } from 'react';
import { useRoom, useZoom, type Zoom } from '../../../../ui/zoom/use-zoom.ts';
import type { Point } from '../../../../ui/zoom/zoom.ts';

/** Beyond the frame, in shares of the picture's longer side: to drag a handle into. */
const ROOM_SHARE = 0.25;

export interface View {
  zoom: Zoom;
  /** Of the picture's corner, in pixels of the picture, in the world that is zoomed. */
  origin: Point;
  /** A picture with these margins, in pixels of the stage. */
  place: (margins: Margins) => { left: number; top: number; width: number; height: number };
}

/** @param margins that the view has room for; they stay while a handle is dragged */
export function useView(
  stage: RefObject<HTMLElement | null>,
  { width, height }: Size,
  margins: Margins,
  isFraming: boolean,
): View {
  const room = isFraming ? Math.round(ROOM_SHARE * Math.max(width, height)) : 0;
  const origin = { x: margins.left + room, y: margins.top + room };
  const world = {
    width: origin.x + width + margins.right + room,
    height: origin.y + height + margins.bottom + room,
  };
  const zoom = useZoom(world, useRoom(stage));
  const { scale, x, y } = zoom.placement;
  const place = ({ left, top, right, bottom }: Margins) => ({
    left: x + (origin.x - left) * scale,
    top: y + (origin.y - top) * scale,
    width: (left + width + right) * scale,
    height: (top + height + bottom) * scale,
  });
  return { zoom, origin, place };
}
