/**
 * The placement of a picture in its pane. Pure: a placement is the scale and the position of the picture's corner, and
 * every move returns a placement that keeps the picture in the pane.
 */
import type { Size } from '@limner/contract';

export interface Placement {
  /** Window pixels per picture pixel. */
  scale: number;
  /** Position of the picture's top left corner, in window pixels of the pane. */
  x: number;
  y: number;
}

export interface Point {
  x: number;
  y: number;
}

/** Maximum scale. */
const MOST = 32;
const LEAST_OF_FIT = 0.5;

/** The largest scale that shows the whole picture. */
export function fitted(picture: Size, room: Size): Placement {
  const scale = Math.min(room.width / picture.width, room.height / picture.height);
  return held({ scale, x: 0, y: 0 }, picture, room);
}

/** Zooms around `at`. */
export function zoomed(
  placement: Placement,
  picture: Size,
  room: Size,
  factor: number,
  at: Point,
): Placement {
  const fit = fitted(picture, room).scale;
  const least = Math.min(fit * LEAST_OF_FIT, 1);
  const scale = Math.min(Math.max(placement.scale * factor, least), Math.max(MOST, fit));
  const grown = scale / placement.scale;
  const place = { scale, x: at.x - (at.x - placement.x) * grown, y: at.y - (at.y - placement.y) * grown };
  return held(place, picture, room);
}

export function moved(placement: Placement, picture: Size, room: Size, dx: number, dy: number): Placement {
  return held({ ...placement, x: placement.x + dx, y: placement.y + dy }, picture, room);
}

/** Centred if it is smaller than the pane, otherwise without gaps at the edges. */
function held({ scale, x, y }: Placement, picture: Size, room: Size): Placement {
  return {
    scale,
    x: along(x, picture.width * scale, room.width),
    y: along(y, picture.height * scale, room.height),
  };
}

function along(start: number, length: number, room: number): number {
  if (length <= room) return (room - length) / 2;
  return Math.min(0, Math.max(room - length, start));
}

export const isLargerThan = (placement: Placement, picture: Size, room: Size): boolean =>
  picture.width * placement.scale > room.width + 1 || picture.height * placement.scale > room.height + 1;
