/** What all pictures of one request share: the set their drawings come from, their finish, the grid of their pixel art. */
import { type Params, PIXEL_GRIDS } from '@limner/contract';
import type { Style } from './words/grammar.ts';

export type PixelGrid = (typeof PIXEL_GRIDS)[number];
export const DEFAULT_PIXEL_GRID: PixelGrid = 32;

/** As requested; the prompt decides what is absent, never the seed. */
export type StyleParams = Pick<Params, 'library' | 'treatment' | 'pixel_grid'>;

/** The requested grid, or else the grid in the prompt ("32x32 pixel art"). */
export function cellsFor({ pixel_grid, prompt }: StyleParams & { prompt: string }): PixelGrid {
  const [, across, down] = /(?<!\d)(\d\d)\s*[x×*]\s*(\d\d)(?!\d)/i.exec(prompt) ?? [];
  const promptStyle = across === down ? PIXEL_GRIDS.find((cells) => String(cells) === across) : undefined;
  return pixel_grid ?? promptStyle ?? DEFAULT_PIXEL_GRID;
}

/** The requested treatment takes precedence over the prompt. */
export function styleFor({ treatment = 'auto' }: StyleParams, said: Style | undefined): Style | undefined {
  if (treatment === 'auto') return said;
  return treatment === 'plain' ? undefined : treatment;
}
