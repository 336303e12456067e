/**
 * From a prompt to a crisp PNG with alpha, made in vector form from open icon libraries, with no model.
 *
 * The way: read the prompt → cast an icon for each thing → draw it in its colours → lay the drawings out → render → give
 * the pixels their style. Every choice comes from the seed, so the same job gives the same bytes.
 */
import { type Bilingual, StudioError } from '@limner/contract';
import { scaledTo } from '../shape.ts';
import { cast } from './casting.ts';
import { draw, namedColour } from './drawing.ts';
import { glow, pixelArt, silhouette, watercolour } from './finish.ts';
import { ground } from './ground.ts';
import { arrange, placedSvg } from './layout.ts';
import { type Library, library } from './library.ts';
import { hash, Random } from './random.ts';
import { over, type Raster, rasterise, toPng } from './raster.ts';
import { type Reading, readPrompt } from './reading.ts';
import { rasteriseSoft } from './soft.ts';
import { details, summary } from './telling.ts';
import { Vocabulary } from './vocabulary.ts';

export interface ComposeJob {
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
  const random = new Random(job.seed ^ hash(job.prompt));
  const roles = cast(reading, library, vocabulary, job.seed);
  const base = ground(
    reading.plate,
    reading.plateColour?.hex,
    roles[0]?.icon.tone.lightness ?? 0.6,
    job.width,
    job.height,
    random,
  );
  const drawings = roles.map((role, at) => draw(role, library, random, reading.style, `i${at}`));
  const actors = roles.map(({ thing }, at) => ({
    drawing: drawings[at] as ReturnType<typeof draw>,
    size: thing.size,
    join: thing.join,
    mirrors: true,
    count: thing.count,
  }));
  const placed = arrange(actors, base.area, random);
  job.signal?.throwIfAborted();
  const drawn = placed.map(placedSvg).join('');
  const parts = roles.map((role, at) => ({ role, recoloured: drawings[at]?.recoloured ?? ('no' as const) }));
  return {
    ...rasters(drawn, base.svg, reading, job, random),
    summary: summary(parts, reading),
    details: details(parts, reading),
  };
}

/** The style is worked into the picture alone; the ground, where there is one, stays as it was drawn. */
function rasters(
  drawn: string,
  ground: string,
  reading: Reading,
  { width, height, signal }: ComposeJob,
  random: Random,
): Pick<Composition, 'raster' | 'small'> {
  const size = { width, height };
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
  // Cells, palettes and paper come out otherwise in another size, and draw from the seed.
  let made: Promise<Raster> | undefined;
  const raster = () => {
    made ??= stoppable(worked(), signal);
    return made;
  };
  return { raster, small: raster };
}

const WORKED = ['pixel', 'silhouette', 'neon', 'watercolour'] as const;
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
    case 'pixel':
      return pixelArt(plain, random);
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
