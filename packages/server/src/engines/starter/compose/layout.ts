/** The layout: boxes in fractions of the free area, so that every aspect ratio is used well. */
import type { Drawing } from './drawing.ts';
import type { Random } from './random.ts';
import type { Seat } from './seats.ts';
import type { Join } from './words/grammar.ts';

export interface Placed {
  drawing: Drawing;
  /** Centre in pixels. */
  x: number;
  y: number;
  scale: number;
  /** Degrees. */
  tilt: number;
  flip: boolean;
}

export interface Actor {
  drawing: Drawing;
  size: number;
  join: Join;
  /** May be mirrored. */
  mirrors: boolean;
  /** May be rotated a little; interface parts may not. */
  turns: boolean;
  /** Number of copies in a group. */
  count: number;
  /** Where another drawing sits on it, in units. */
  seat(how: 'emblem' | 'inset'): Seat;
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Fits a drawing into a box, turned: the turned ink box never leaves it. */
function fit(drawing: Drawing, box: Box, size: number, tilt: number): number {
  const angle = (Math.abs(tilt) * Math.PI) / 180;
  const wide = drawing.width * Math.cos(angle) + drawing.height * Math.sin(angle);
  const tall = drawing.width * Math.sin(angle) + drawing.height * Math.cos(angle);
  return Math.min(box.width / wide, box.height / tall) * size;
}

export function arrange(actors: Actor[], area: Box, random: Random): Placed[] {
  const backdrops = ['sky', 'behind'].flatMap((place) => actors.filter(({ join }) => join === place));
  const mains = actors.filter((actor) => !backdrops.includes(actor) && !isAttached(actor.join));
  const mainArea = backdrops.length > 0 && mains.length > 0 ? before(area) : area;
  const boxes = split(mains, mainArea, random);
  return [
    ...backdrops.flatMap((actor) => stand(actor, backOf(area), random, actors.length)),
    ...mains.flatMap((actor, at) => {
      const placed = stand(actor, boxes[at] as Box, random, mains.length);
      return [...placed, ...placed.flatMap((host) => attached(actors, actor, host))];
    }),
  ];
}

const isAttached = (join: Join): join is 'emblem' | 'inset' => join === 'emblem' || join === 'inset';

/** The area in front of a place, low in the picture. */
const before = ({ x, y, width, height }: Box): Box => ({
  x: x + width * 0.19,
  y: y + height * 0.38,
  width: width * 0.62,
  height: height * 0.62,
});

const backOf = ({ x, y, width, height }: Box): Box => ({ x, y, width, height: height * 0.9 });

/** The sign or stone of an actor, on every copy of it, rotated with it. */
function attached(actors: Actor[], host: Actor, placed: Placed): Placed[] {
  const at = actors.indexOf(host);
  const next = actors.slice(at + 1).findIndex(({ join }) => !isAttached(join));
  const own = actors.slice(at + 1, next < 0 ? undefined : at + 1 + next);
  return own.flatMap(({ drawing, join }) =>
    isAttached(join) ? [seated(drawing, host.seat(join), placed)] : [],
  );
}

function seated(drawing: Drawing, seat: Seat, host: Placed): Placed {
  const { drawing: under, scale, tilt, flip } = host;
  const dx = (seat.x - (under.left + under.width / 2)) * scale * (flip ? -1 : 1);
  const dy = (seat.y - (under.top + under.height / 2)) * scale;
  const angle = (tilt * Math.PI) / 180;
  return {
    drawing,
    x: host.x + dx * Math.cos(angle) - dy * Math.sin(angle),
    y: host.y + dx * Math.sin(angle) + dy * Math.cos(angle),
    scale: (seat.size * scale) / Math.max(drawing.width, drawing.height),
    tilt,
    flip: false,
  };
}

function split(actors: Actor[], area: Box, random: Random): Box[] {
  if (actors.length <= 1) return [area];
  const wide = area.width >= area.height * 0.8;
  const last = actors.at(-1) as Actor;
  if (last.join === 'prop') return onStage(actors.length - 1, area);
  if (actors.length === 2 && last.join === 'with') return together(area, random);
  if (actors.length === 2 && last.join === 'on') return stacked(area);
  if (actors.length === 2 && last.join === 'under') return stacked(area).reverse();
  if (
    actors.length === 2 &&
    area.width < area.height * 1.25 &&
    area.height < area.width * 1.25 &&
    random.chance(0.5)
  )
    return diagonal(area, random);
  return row(actors.length, area, wide);
}

/** Side by side, or one above the other on a tall canvas, overlapping a little. */
function row(count: number, area: Box, wide: boolean): Box[] {
  const across = wide ? area.width : area.height;
  const step = across / count;
  return Array.from({ length: count }, (_, at) =>
    wide
      ? { x: area.x + at * step, y: area.y, width: step, height: area.height }
      : { x: area.x, y: area.y + at * step, width: area.width, height: step },
  );
}

function diagonal(area: Box, random: Random): Box[] {
  const side = 0.6;
  const mirrored = random.chance(0.5);
  const first = {
    x: area.x + (mirrored ? area.width * (1 - side) : 0),
    y: area.y,
    width: area.width * side,
    height: area.height * side,
  };
  const second = {
    x: area.x + (mirrored ? 0 : area.width * (1 - side)),
    y: area.y + area.height * (1 - side),
    width: area.width * side,
    height: area.height * side,
  };
  return [first, second];
}

/** The first fills the picture, the second is held in front of it. */
function together(area: Box, random: Random): Box[] {
  const left = random.chance(0.3);
  const main = {
    x: area.x + (left ? area.width * 0.16 : 0),
    y: area.y,
    width: area.width * 0.84,
    height: area.height * 0.9,
  };
  const side = 0.5;
  const held = {
    x: area.x + (left ? 0 : area.width * (1 - side)),
    y: area.y + area.height * (1 - side),
    width: area.width * side,
    height: area.height * side,
  };
  return [main, held];
}

/** The first at the back in the middle, the others along the floor in front of it. */
function onStage(props: number, { x, y, width, height }: Box): Box[] {
  const step = width / props;
  return [
    { x: x + width * 0.2, y, width: width * 0.6, height: height * 0.62 },
    ...Array.from({ length: props }, (_, at) => ({
      x: x + at * step + step * 0.12,
      y: y + height * 0.56,
      width: step * 0.76,
      height: height * 0.44,
    })),
  ];
}

function stacked(area: Box): Box[] {
  return [
    { x: area.x + area.width * 0.14, y: area.y, width: area.width * 0.72, height: area.height * 0.56 },
    { x: area.x, y: area.y + area.height * 0.5, width: area.width, height: area.height * 0.5 },
  ];
}

function stand(actor: Actor, box: Box, random: Random, company: number): Placed[] {
  const places = actor.count === 1 ? [box] : crowd(actor.count, box);
  return places.map((place, at) => {
    const askew = actor.count > 1 ? random.between(-8, 8) : random.between(-6, 6) * (company > 1 ? 0.7 : 1);
    const tilt = actor.turns ? askew : 0;
    const flip = actor.mirrors && (at === 0 ? random.chance(0.35) : random.chance(0.5));
    const scale = fit(actor.drawing, place, actor.size, tilt);
    return {
      drawing: actor.drawing,
      x: place.x + place.width / 2,
      y: place.y + place.height / 2,
      scale,
      tilt,
      flip,
    };
  });
}

/** Rows like billiard balls, back row first: three stand as a triangle, five as two before three. */
function crowd(count: number, box: Box): Box[] {
  const rows =
    box.width > box.height * 1.7 ? 1 : box.height > box.width * 1.7 ? count : Math.round(Math.sqrt(count));
  const sizes = Array.from(
    { length: rows },
    (_, at) => Math.floor(count / rows) + (rows - at <= count % rows ? 1 : 0),
  );
  const widest = Math.max(...sizes);
  const side = Math.min(box.width / (1 + (widest - 1) * 0.86), box.height / (1 + (rows - 1) * 0.86));
  const height = side * (1 + (rows - 1) * 0.86);
  return sizes.flatMap((inRow, line) => {
    const width = side * (1 + (inRow - 1) * 0.86);
    return Array.from({ length: inRow }, (_, at) => ({
      x: box.x + (box.width - width) / 2 + at * side * 0.86,
      y: box.y + (box.height - height) / 2 + line * side * 0.86,
      width: side,
      height: side,
    }));
  });
}

export function placedSvg({ drawing, x, y, scale, tilt, flip }: Placed): string {
  const cx = drawing.left + drawing.width / 2;
  const cy = drawing.top + drawing.height / 2;
  const s = scale.toFixed(5);
  return `<g transform="translate(${x.toFixed(2)} ${y.toFixed(2)}) rotate(${tilt.toFixed(2)}) scale(${flip ? `-${s} ${s}` : s}) translate(${(-cx).toFixed(2)} ${(-cy).toFixed(2)})">${drawing.svg}</g>`;
}
