/**
 * From a prompt to a sharp PNG with alpha, composed as vectors from open icon libraries, without a model.
 *
 * Steps: read the prompt → cast an icon for each thing → draw it in its colours → lay the drawings out → render → give
 * the pixels their style. Every choice comes from the seed, so the same job gives the same bytes.
 */
import { type Bilingual, type Size, StudioError } from '@limner/contract';
import { simplified } from '../../../chinese/simplified.ts';
import { withLongerSide } from '../../size.ts';
import { cast, type Role } from './casting.ts';
import { type Drawing, draw, drawTexture, namedColour, UNITS } from './drawing.ts';
import { glow, silhouette, watercolour } from './finish.ts';
import { type Ground, ground } from './ground.ts';
import { type Actor, arrange, placedSvg } from './layout.ts';
import { type Library, library } from './library.ts';
import { lowPoly } from './low-poly.ts';
import { cellsOf, cellsOver, enlarged, type Grid, gridOf, sampledSize } from './pixel-grid.ts';
import { plainPrompt } from './prompt-syntax.ts';
import { details, summary } from './provenance.ts';
import { hash, pickSpread, Random } from './random.ts';
import { over, type Raster, rasterise, toPng } from './raster.ts';
import { readPrompt } from './reading.ts';
import { type Seat, seatOf } from './seats.ts';
import { rasteriseSoft } from './soft.ts';
import { cellsFor, type StyleParams, styleFor } from './style-params.ts';
import type { Reading, Thing } from './thing.ts';
import { Vocabulary } from './vocabulary.ts';
import { COLOURS } from './words/colours.ts';

export interface ComposeJob extends StyleParams {
  prompt: string;
  seed: number;
  width: number;
  height: number;
  /** Words that also name a texture, such as grass, are one. */
  asTexture?: boolean;
  signal?: AbortSignal;
}

interface PictureNotes {
  summary: Bilingual;
  /** Provenance for the picture: what each word was mapped to, and whose art it is. */
  details: Record<string, unknown>;
}

export interface ComposeResult extends PictureNotes {
  png: Buffer;
}

/** What was composed, before it becomes pixels. */
export interface Composition extends PictureNotes {
  /** A texture alone, which continues at its opposite edges. */
  isTexture: boolean;
  /** In the requested size. */
  raster(): Promise<Raster>;
  /** At most `longerPx` on the longer side; some styles return the requested size. */
  small(longerPx: number): Promise<Raster>;
}

interface Opened {
  library: Library;
  vocabulary: Vocabulary;
}

let opened: Opened | undefined;

function open(): Opened {
  opened ??= { library: library(), vocabulary: new Vocabulary(library()) };
  return opened;
}

/** Without a prompt it draws any one thing, which the seed chooses. */
export async function compose(job: ComposeJob): Promise<ComposeResult> {
  const { raster, summary, details } = composition({
    ...job,
    prompt: job.prompt.trim() || anyThing(job.seed),
  });
  return { png: await toPng(await raster()), summary, details };
}

/** Topics of the glossary whose every first word is a thing by itself. */
const THINGS: readonly string[] = ['food', 'items', 'weapons', 'world'];

/** The prompt where none is given. */
export function anyThing(seed: number): string {
  const lines = open().library.glossary.filter(({ topic = '' }) => THINGS.includes(topic));
  return pickSpread(lines, () => 1, seed, 'any thing').words[0] as string;
}

/** The composition before rendering, for the painting model. Throws `nothing_recognised`. */
export function composition(job: ComposeJob): Composition {
  job.signal?.throwIfAborted();
  const { library, vocabulary } = open();
  const { reading, said, back } = readJob(job, vocabulary);
  const random = new Random(job.seed ^ hash(job.prompt));
  const { roles, set } = cast(
    reading.things,
    { library: job.library, style: reading.style },
    library,
    vocabulary,
    job.seed,
  );
  settleStyle(reading, roles, said);
  const grid = reading.style === 'pixel' ? gridOf(job, cellsFor(job)) : null;
  const size = grid ? sampledSize(grid) : { width: job.width, height: job.height };
  const { base, filled, tiles } = groundFor(reading, roles, size, random);
  const drawn = roles.map((role, at) => ({
    role,
    drawing: draw(role, library, random, reading.style, `i${at}`),
  }));
  const actors = drawn.filter(({ role }) => !isTexture(role)).map(actorOf);
  const placed = arrange(actors, base.area, random);
  job.signal?.throwIfAborted();
  const picture: Picture = { drawn: placed.map(placedSvg).join(''), ground: base.svg, filled, tiles, size };
  const parts = drawn.map(({ role, drawing }) => ({
    role: roleAsTyped(role, back),
    zh: role.thing.meaning.zh ?? vocabulary.chineseName(role.concept),
    recoloured: drawing.recoloured,
  }));
  reading.notDrawn.push(...roles.flatMap((role) => unusedHints(role, vocabulary)));
  const typed = asTyped(reading, back);
  return {
    isTexture: roles.every(isTexture),
    ...(grid ? onGrid(picture, grid, job) : rasters(picture, reading, job, random)),
    summary: summary(parts, typed),
    details: { ...details(parts, typed), library: set ?? 'mixed', pixel_grid: grid && gridDetails(grid) },
  };
}

interface ReadJob {
  reading: Reading;
  /** The style in the prompt, which the request may replace. */
  said: Reading['style'];
  back: Back;
}

function readJob(job: ComposeJob, vocabulary: Vocabulary): ReadJob {
  const { text, taken } = plainPrompt(job.prompt);
  const looked = simplified(text);
  const reading = readPrompt(looked, vocabulary, job.asTexture);
  const back = backTo(text, looked);
  if (reading.things.length === 0) throw notRecognised(job.prompt, reading.unknown.map(back));
  reading.notDrawn.push(...taken);
  const said = reading.style;
  reading.style = styleFor(job, said);
  return { reading, said, back };
}

const isTexture = ({ icon }: Role): boolean => icon.own?.texture !== undefined;

/** A texture takes no style but pixels, which keep it seamless. A style word without effect is reported. */
function settleStyle(reading: Reading, roles: Role[], said: Reading['style']): void {
  if (roles.every(isTexture) && reading.style !== 'pixel') reading.style = undefined;
  if (reading.styleWord !== undefined && reading.style !== said) reading.notDrawn.push(reading.styleWord);
}

type Back = (word: string) => string;

/** Reports words as they were typed: in traditional characters, although they are looked up in simplified ones. */
const backTo =
  (typed: string, simplified: string): Back =>
  (word) => {
    const at = typed === simplified ? -1 : simplified.indexOf(word);
    return at < 0 ? word : typed.slice(at, at + word.length);
  };

const asTyped = (reading: Reading, back: Back): Reading => ({
  ...reading,
  unknown: reading.unknown.map(back),
  notDrawn: reading.notDrawn.map(back),
  idle: reading.idle.map(back),
});

const roleAsTyped = (role: Role, back: Back): Role => ({
  ...role,
  thing: { ...role.thing, word: back(role.thing.word) },
});

/** A texture lies under everything else, or is the whole picture. */
function groundFor(
  reading: Reading,
  roles: Role[],
  size: Size,
  random: Random,
): { base: Ground; filled: boolean; tiles: boolean } {
  const { width, height } = size;
  const lightness = roles[0]?.icon.tone.lightness ?? 0.6;
  const texture = roles.find(isTexture);
  const plate = texture && reading.plate === 'none' ? 'full' : reading.plate;
  const base = ground(plate, reading.plateColour?.hex, lightness, width, height, random);
  const svg = texture?.icon.own?.texture && drawTexture(texture.icon.own.texture, texture, size, random);
  return {
    base: svg ? { ...base, svg } : base,
    filled: plate === 'full',
    tiles: texture !== undefined,
  };
}

const actorOf = ({ role: { thing, icon }, drawing }: { role: Role; drawing: Drawing }): Actor => ({
  drawing,
  size: thing.size,
  join: thing.join,
  // Painted pieces are lit from one side.
  mirrors: icon.set.id !== 'game' && icon.own === undefined,
  turns: icon.own === undefined,
  // A drawing of a whole forest is one.
  count: icon.name === 'forest' || icon.name === 'jungle' ? 1 : thing.count,
  seat: (how) => inUnits(seatOf(icon, how)),
});

const inUnits = ({ x, y, size }: Seat): Seat => ({ x: x * UNITS, y: y * UNITS, size: size * UNITS });

/** Words about a thing that its drawing does not show. */
const unusedHints = ({ thing, icon }: Role, vocabulary: Vocabulary): string[] =>
  thing.hints.filter((hint) => !vocabulary.about(icon.concept, hint) && !isColourOf(thing, hint));

const isColourOf = ({ colour }: Thing, hint: string): boolean =>
  colour !== undefined && hint.split(' ').some((word) => COLOURS.get(word) === colour);

/** As SVG in pixels of `size`. */
interface Picture {
  drawn: string;
  ground: string;
  /** The ground fills the picture. */
  filled: boolean;
  /** The ground is a texture. */
  tiles: boolean;
  size: Size;
}

const gridDetails = ({ across, down, cellPx }: Grid) => ({ across, down, cell_px: cellPx });

/** Every cell of the picture, ground included, is a cell of the grid. */
function onGrid(
  { drawn, ground, filled, tiles, size }: Picture,
  grid: Grid,
  { width, height, signal }: ComposeJob,
): Pick<Composition, 'raster' | 'small'> {
  const worked = async () => {
    const upper = await cellsOf(await rasteriseSoft(drawn, size), grid, { outlined: true, tiles: false });
    const cells =
      ground === ''
        ? upper
        : cellsOver(upper, await cellsOf(await rasterise(ground, size), grid, { outlined: false, tiles }));
    return enlarged(cells, grid, { width, height }, filled);
  };
  return once(() => stoppable(worked(), signal));
}

/** Made once, because it differs in another size or draws from the seed. */
function once(make: () => Promise<Raster>): Pick<Composition, 'raster' | 'small'> {
  let made: Promise<Raster> | undefined;
  const raster = () => {
    made ??= make();
    return made;
  };
  return { raster, small: raster };
}

/** The style changes only the picture; a ground stays as it was drawn. */
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
      small: (longerPx) => stoppable(rasteriseSoft(drawing, size, withLongerSide(longerPx, size)), signal),
    };
  }
  const worked = async () => {
    const picture = await finished(await rasteriseSoft(drawn, size), style, reading, random);
    return ground === '' ? picture : over(picture, await rasterise(ground, size));
  };
  return once(() => stoppable(worked(), signal));
}

const WORKED = ['silhouette', 'neon', 'watercolour', 'lowpoly'] as const;
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
    case 'lowpoly':
      return lowPoly(plain, random);
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
