/**
 * The position of a picture in its pane. Pure: a view is the scale and the position of the picture's corner, and every
 * move returns a view that keeps the picture in the pane.
 */
export interface Box {
  width: number;
  height: number;
}

export interface Look {
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
export function fitted(picture: Box, room: Box): Look {
  const scale = Math.min(room.width / picture.width, room.height / picture.height);
  return held({ scale, x: 0, y: 0 }, picture, room);
}

/** Zooms around `at`. */
export function zoomed(look: Look, picture: Box, room: Box, factor: number, at: Point): Look {
  const fit = fitted(picture, room).scale;
  const least = Math.min(fit * LEAST_OF_FIT, 1);
  const scale = Math.min(Math.max(look.scale * factor, least), Math.max(MOST, fit));
  const grown = scale / look.scale;
  const place = { scale, x: at.x - (at.x - look.x) * grown, y: at.y - (at.y - look.y) * grown };
  return held(place, picture, room);
}

export function moved(look: Look, picture: Box, room: Box, dx: number, dy: number): Look {
  return held({ ...look, x: look.x + dx, y: look.y + dy }, picture, room);
}

/** Centred if it is smaller than the pane, otherwise without gaps at the edges. */
function held({ scale, x, y }: Look, picture: Box, room: Box): Look {
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

export const isLargerThan = (look: Look, picture: Box, room: Box): boolean =>
  picture.width * look.scale > room.width + 1 || picture.height * look.scale > room.height + 1;
