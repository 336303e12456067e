/**
 * From a prompt to a crisp PNG with alpha, made in vector form from open icon libraries, with no model.
 *
 * The way: read the prompt → cast an icon for each thing → draw it in its colours → lay the drawings out → render → give
 * the pixels their style. Every choice comes from the seed, so the same job gives the same bytes.
 */
import type { Bilingual } from '@limner/contract';
import { StudioError } from '@limner/contract';
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

export interface ComposedRaster extends Told {
  raster: Raster;
}

let opened: { library: Library; vocabulary: Vocabulary } | undefined;

function open(): { library: Library; vocabulary: Vocabulary } {
  opened ??= { library: library(), vocabulary: new Vocabulary(library()) };
  return opened;
}

export async function compose(job: ComposeJob): Promise<ComposeResult> {
  const { raster, ...told } = await composeRaster(job);
  return { png: await toPng(raster), ...told };
}

/** The same as pixels, for whoever paints over them. */
export async function composeRaster(job: ComposeJob): Promise<ComposedRaster> {
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
  const raster = await finished(drawn, base.svg, reading, job, random);
  job.signal?.throwIfAborted();
  const parts = roles.map((role, at) => ({ role, recoloured: drawings[at]?.recoloured ?? ('no' as const) }));
  return { raster, summary: summary(parts, reading), details: details(parts, reading) };
}

/** The style is worked into the picture alone; the ground, where there is one, stays as it was drawn. */
async function finished(
  drawn: string,
  ground: string,
  reading: Reading,
  { width, height }: ComposeJob,
  random: Random,
): Promise<Raster> {
  const { style, things } = reading;
  const worked = style === 'pixel' || style === 'silhouette' || style === 'neon' || style === 'watercolour';
  if (!worked) return rasteriseSoft(ground + drawn, width, height);
  const plain = await rasteriseSoft(drawn, width, height);
  const picture =
    style === 'pixel'
      ? await pixelArt(plain, random)
      : style === 'silhouette'
        ? silhouette(plain, (things[0] && namedColour(things[0])) ?? '#1d1e26')
        : style === 'neon'
          ? await glow(plain)
          : await watercolour(plain, random);
  return ground === '' ? picture : over(picture, await rasterise(ground, width, height));
}

function notRecognised(prompt: string, unknown: string[]): StudioError {
  const words = unknown.length > 0 ? [...new Set(unknown)] : [prompt.trim().slice(0, 80)];
  return new StudioError('nothing_recognised', { data: { words }, field: 'prompt' });
}
