import { type ReactNode, type RefObject, useRef } from 'react';
import { useZoomGestures, type Zoom } from './use-zoom.ts';
import styles from './zoom-room.module.css';

interface ZoomRoomProps {
  zoom: Zoom;
  /** For measuring; panes with one placement have the size of the first. */
  room?: RefObject<HTMLDivElement | null>;
  onSwipe?: (direction: 1 | -1) => void;
  children: ReactNode;
}

/** Handles wheel, touch and double clicks for the pictures in it. */
export function ZoomRoom({ zoom, room, onSwipe, children }: ZoomRoomProps) {
  const own = useRef<HTMLDivElement>(null);
  const gestures = useZoomGestures(room ?? own, zoom, onSwipe);
  return (
    <div ref={room ?? own} className={styles.room} data-large={zoom.isLarge} {...gestures}>
      {children}
    </div>
  );
}
