/** Rewrites the paints of a drawing for a finish: silhouette, line art, neon, paper cut. */
import { fromHex, hex } from './colour.ts';
import { withoutFilters } from './soft.ts';

interface Paint {
  fill: string;
  stroke: string;
  /** In the units of the drawing. */
  width: number;
}

/** Removes filters, masks and transparency, which would show through the finish. */
const harden = (body: string): string =>
  withoutFilters(body).replace(
    / (?:mask|opacity|fill-opacity|stroke-opacity|style|stroke-linejoin|stroke-linecap)="[^"]*"/g,
    '',
  );

/** All areas in one paint. Lines without an area stay lines and become wider by the outline. */
export function paintOver(body: string, { fill, stroke, width }: Paint): string {
  const bare = harden(body)
    .replace(/ fill="(?!none)[^"]*"/g, '')
    .replace(/ stroke="(?!none)[^"]*"/g, ` stroke="${stroke}"`)
    .replace(
      / stroke-width="([\d.]+)"/g,
      (_, own: string) => ` stroke-width="${(Number(own) + width).toFixed(3)}"`,
    );
  return `<g fill="${fill}" stroke="${stroke}" stroke-width="${width.toFixed(3)}" stroke-linejoin="round" stroke-linecap="round">${bare}</g>`;
}

/** Neon: every area becomes a dark body with a bright tube along its edge, in the brightest form of its own colour. */
export function neonTubes(body: string, width: number, fallback: string): string {
  const tube = (colour: string): string => {
    const { chroma, hue } = fromHex(colour);
    return hex(chroma < 0.05 ? fromHex(fallback) : { lightness: 0.8, chroma: 0.21, hue });
  };
  const lit = harden(body)
    .replace(/ stroke="(?!none)[^"]*"/g, '')
    .replace(/ stroke-width="[^"]*"/g, '')
    .replace(/ fill="(#[0-9a-f]+)"/gi, (_, colour: string) => ` fill="${DARK}" stroke="${tube(colour)}"`)
    .replace(/ fill="url[^"]*"/g, ` fill="${DARK}"`);
  return `<g fill="${DARK}" stroke="${fallback}" stroke-width="${width.toFixed(3)}" stroke-linejoin="round" stroke-linecap="round">${lit}</g>`;
}
const DARK = '#151022';

/** Each area throws a crisp shadow on the one beneath, like cut paper. */
export function paperLayers(body: string, lift: number): string {
  return harden(body).replace(
    /<(path|circle|ellipse|rect|polygon)\b([^>]*?)\/>/g,
    (element: string, name: string, attributes: string) => {
      if (/clip-path|fill="none"/.test(attributes)) return element;
      const shadow = attributes.replace(/ (fill|stroke)="[^"]*"/g, '');
      return `<g transform="translate(${(lift * 0.7).toFixed(3)} ${lift.toFixed(3)})" fill="#1b1424" fill-opacity=".3"><${name}${shadow}/></g>${element}`;
    },
  );
}
