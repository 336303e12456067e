/**
 * From a prompt to a crisp PNG with alpha, made in vector form from open icon libraries, with no model.
 *
 * The way: read the prompt → cast an icon for each thing → draw it in its colours → lay the drawings out → render → give
 * the pixels their style. Every choice comes from the seed, so the same job gives the same bytes.
 */
import { type Bilingual, StudioError } from '@limner/contract';
import { type Size, scaledTo } from '../shape.ts';
import { cast } from './casting.ts';
import { type Drawing, draw, namedColour } from './drawing.ts';
import { glow, silhouette, watercolour } from './finish.ts';
import { ground } from './ground.ts';
import { arrange, placedSvg } from './layout.ts';
import { type Library, library } from './library.ts';
import { DEFAULT_PIXEL_GRID, type LookWish, styleFor } from './look.ts';
import { cellsOf, cellsOver, enlarged, type Grid, gridOf, sampledSize } from './pixel-grid.ts';
import { hash, Random } from './random.ts';
import { over, type Raster, rasterise, toPng } from './raster.ts';
import { type Reading, readPrompt } from './reading.ts';
import { rasteriseSoft } from './soft.ts';
import { details, summary } from './telling.ts';
import { Vocabulary } from './vocabulary.ts';

export interface ComposeJob extends LookWish {
  prompt: string;
  seed: number;
  width: number;
  height: number;
  signal?: AbortSignal;
}

interface Told {
  summary: Bilingual;
  /** Provenance for the picture: what each word was mapped to, and whose art it is. */
  details: Record<string, unknown>;
}

export interface ComposeResult extends Told {
  png: Buffer;
}

/** What was composed, before it becomes pixels. */
export interface Composition extends Told {
  /** In the size that was asked for. */
  raster(): Promise<Raster>;
  /** For whoever needs no more than `longerPx` on the longer side; some styles come in the size that was asked for. */
  small(longerPx: number): Promise<Raster>;
}

let opened: { library: Library; vocabulary: Vocabulary } | undefined;

function open(): { library: Library; vocabulary: Vocabulary } {
  opened ??= { library: library(), vocabulary: new Vocabulary(library()) };
  return opened;
}

export async function compose(job: ComposeJob): Promise<ComposeResult> {
  const { raster, summary, details } = composition(job);
  return { png: await toPng(await raster()), summary, details };
}

/** For whoever paints over it. Throws `nothing_recognised`. */
export function composition(job: ComposeJob): Composition {
  job.signal?.throwIfAborted();
  const { library, vocabulary } = open();
  const reading = readPrompt(job.prompt, vocabulary);
  if (reading.things.length === 0) throw notRecognised(job.prompt, reading.unknown);
  reading.style = styleFor(job, reading.style);
  const grid = reading.style === 'pixel' ? gridOf(job, job.pixel_grid ?? DEFAULT_PIXEL_GRID) : null;
  const random = new Random(job.seed ^ hash(job.prompt));
  const wish = { library: job.library, style: reading.style };
  const { roles, set } = cast(reading.things, wish, library, vocabulary, job.seed);
  const size = grid ? sampledSize(grid) : { width: job.width, height: job.height };
  const lightness = roles[0]?.icon.tone.lightness ?? 0.6;
  const base = ground(reading.plate, reading.plateColour?.hex, lightness, size.width, size.height, random);
  const drawings = roles.map((role, at) => draw(role, library, random, reading.style, `i${at}`));
  const actors = roles.map(({ thing, icon }, at) => ({
    drawing: drawings[at] as Drawing,
    size: thing.size,
    join: thing.join,
    // Painted pieces are lit from one side.
    mirrors: icon.set.id !== 'game',
    count: thing.count,
  }));
  const placed = arrange(actors, base.area, random);
  job.signal?.throwIfAborted();
  const picture: Picture = { drawn: placed.map(placedSvg).join(''), ground: base.svg, size };
  const parts = roles.map((role, at) => ({ role, recoloured: drawings[at]?.recoloured ?? ('no' as const) }));
  return {
    ...(grid ? onGrid(picture, grid, reading, job) : rasters(picture, reading, job, random)),
    summary: summary(parts, reading),
    details: { ...details(parts, reading), library: set ?? 'mixed', pixel_grid: grid && toldGrid(grid) },
  };
}

/** As SVG in pixels of `size`. */
interface Picture {
  drawn: string;
  ground: string;
  size: Size;
}

const toldGrid = ({ across, down, cellPx }: Grid) => ({ across, down, cell_px: cellPx });

/** Ground and all: every cell of the picture is one of the grid's. */
function onGrid(
  { drawn, ground, size }: Picture,
  grid: Grid,
  { plate }: Reading,
  { width, height, signal }: ComposeJob,
): Pick<Composition, 'raster' | 'small'> {
  const worked = async () => {
    const upper = await cellsOf(await rasteriseSoft(drawn, size), grid, true);
    const cells =
      ground === '' ? upper : cellsOver(upper, await cellsOf(await rasterise(ground, size), grid, false));
    return enlarged(cells, grid, { width, height }, plate === 'full');
  };
  return once(() => stoppable(worked(), signal));
}

/** What comes out otherwise in another size, or draws from the seed, is made once. */
function once(make: () => Promise<Raster>): Pick<Composition, 'raster' | 'small'> {
  let made: Promise<Raster> | undefined;
  const raster = () => {
    made ??= make();
    return made;
  };
  return { raster, small: raster };
}

/** The style is worked into the picture alone; the ground, where there is one, stays as it was drawn. */
function rasters(
  { drawn, ground, size }: Picture,
  reading: Reading,
  { signal }: ComposeJob,
  random: Random,
): Pick<Composition, 'raster' | 'small'> {
  const { style } = reading;
  if (!isWorked(style)) {
    const drawing = ground + drawn;
    return {
      raster: () => stoppable(rasteriseSoft(drawing, size), signal),
      small: (longerPx) => stoppable(rasteriseSoft(drawing, size, scaledTo(longerPx, size)), signal),
    };
  }
  const worked = async () => {
    const picture = await finished(await rasteriseSoft(drawn, size), style, reading, random);
    return ground === '' ? picture : over(picture, await rasterise(ground, size));
  };
  return once(() => stoppable(worked(), signal));
}

const WORKED = ['silhouette', 'neon', 'watercolour'] as const;
type WorkedStyle = (typeof WORKED)[number];

const isWorked = (style: Reading['style']): style is WorkedStyle =>
  (WORKED as readonly (typeof style)[]).includes(style);

async function finished(
  plain: Raster,
  style: WorkedStyle,
  { things }: Reading,
  random: Random,
): Promise<Raster> {
  switch (style) {
    case 'silhouette':
      return silhouette(plain, (things[0] && namedColour(things[0])) ?? '#1d1e26');
    case 'neon':
      return glow(plain);
    case 'watercolour':
      return watercolour(plain, random);
  }
}

async function stoppable(work: Promise<Raster>, signal: AbortSignal | undefined): Promise<Raster> {
  const raster = await work;
  signal?.throwIfAborted();
  return raster;
}

function notRecognised(prompt: string, unknown: string[]): StudioError {
  const words = unknown.length > 0 ? [...new Set(unknown)] : [prompt.trim().slice(0, 80)];
  return new StudioError('nothing_recognised', { data: { words }, field: 'prompt' });
}
