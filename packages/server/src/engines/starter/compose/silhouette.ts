/**
 * The closed shape of a one-coloured drawing: its fine holes as paths of their own, so that they can be painted instead of
 * showing what lies behind. Big openings, such as the inside of a bow, stay open.
 */
interface Subpath {
  d: string;
  /** Signed, square units. */
  area: number;
}

const ARGUMENTS: Record<string, number> = { m: 2, l: 2, h: 1, v: 1, c: 6, s: 4, q: 4, t: 2, a: 7, z: 0 };
const NUMBER = /[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/gi;
/** Share of the 512 square; larger openings stay open. */
const LARGEST_HOLE = 0.03 * 512 * 512;

export function holes(body: string): string {
  const paths = [...body.matchAll(/\bd="([^"]+)"/g)].flatMap(([, d]) => subpaths(d as string));
  const outer = paths.reduce((best, path) => (Math.abs(path.area) > Math.abs(best) ? path.area : best), 0);
  return paths
    .filter(({ area }) => Math.sign(area) !== Math.sign(outer) && Math.abs(area) < LARGEST_HOLE)
    .map(({ d }) => d)
    .join('');
}

/** Splits a path into subpaths, each with an absolute start point. */
function subpaths(d: string): Subpath[] {
  const out: Subpath[] = [];
  let [x, y, startX, startY] = [0, 0, 0, 0];
  let piece: Subpath | undefined;
  const go = (toX: number, toY: number): void => {
    if (piece !== undefined) piece.area += (x * toY - toX * y) / 2;
    [x, y] = [toX, toY];
  };
  for (const [, letter = '', rest = ''] of d.matchAll(/([a-z])([^a-z]*)/gi)) {
    const kind = letter.toLowerCase();
    const relative = letter === kind;
    const values = kind === 'a' ? arcNumbers(rest) : (rest.match(NUMBER) ?? []).map(Number);
    if (kind === 'm') {
      [x, y] = relative
        ? [x + (values[0] as number), y + (values[1] as number)]
        : [values[0] as number, values[1] as number];
      [startX, startY] = [x, y];
      piece = { d: `M${x} ${y}`, area: 0 };
      out.push(piece);
      if (values.length > 2) piece.d += `${relative ? 'l' : 'L'}${values.slice(2).join(' ')}`;
      for (let at = 2; at < values.length; at += 2)
        go((relative ? x : 0) + (values[at] as number), (relative ? y : 0) + (values[at + 1] as number));
      continue;
    }
    if (piece === undefined) continue;
    piece.d += `${letter}${values.join(' ')}`;
    if (kind === 'z') go(startX, startY);
    const step = ARGUMENTS[kind] as number;
    for (let at = 0; step > 0 && at + step <= values.length; at += step) {
      const [endX, endY] = [values[at + step - 2] as number, values[at + step - 1] as number];
      if (kind === 'h') go((relative ? x : 0) + endY, y);
      else if (kind === 'v') go(x, (relative ? y : 0) + endY);
      else go((relative ? x : 0) + endX, (relative ? y : 0) + endY);
    }
  }
  return out;
}

/** The flags of an arc may be written without a space: `a5 5 0 015 5`. */
function arcNumbers(text: string): number[] {
  const out: number[] = [];
  let rest = text.trim();
  while (rest !== '') {
    const flag = out.length % 7 === 3 || out.length % 7 === 4;
    const found = rest.match(flag ? /^[\s,]*([01])/ : /^[\s,]*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)/i);
    if (found === null) break;
    out.push(Number(found[1]));
    rest = rest.slice(found[0].length);
  }
  return out;
}
