/**
 * The model's guide. Alone the model is better at colours than at shapes, so it always has a guide: the user's picture,
 * or the drawing that *compose* makes for the same prompt and seed. With a control picture the drawing says only what
 * things are, the control says where, and painting starts from noise.
 */
import { type Bilingual, StudioError } from '@limner/contract';
import { decode, type Pixels } from '../../embedded/picture.ts';
import { withLongerSide } from '../../size.ts';
import { anyThing, composition } from '../compose/compose.ts';
import type { Raster } from '../compose/raster.ts';
import { onCanvas } from './canvas.ts';
import type { PaintControl } from './control.ts';
import type { Detail, DetailKind, DetailMaker } from './detail.ts';
import type { Hint } from './feeds.ts';
import { blurHint, edgesHint, premultipliedPlanes } from './hints.ts';
import { LATENT_VALUES } from './latent.ts';
import { CANVAS_PX, type PaintModel } from './model.ts';
import type { PaintJob } from './paint-job.ts';
import { sharpenedSides } from './sharpen.ts';

export interface Guide {
  start: Float32Array;
  denoise: number;
  hints: Hint[];
  /** Detail of the guide for the sharpener; null: none. */
  detail: Detail | null;
  /** The shape that limits a trained style; null: no limit. */
  shape: (() => Promise<Pixels>) | null;
  /** A texture that the painting must continue like; null: another picture. */
  texture: (() => Promise<Pixels>) | null;
  summary: Bilingual;
  details: Record<string, unknown>;
}

/** The subject of the guide, before any control. */
interface Subject {
  latent: Float32Array | null;
  /** Strength of the whole guide, 0…1. */
  strength: number;
  /** Further hints of it that are used only without a control picture. */
  traits: Hint[];
  /** As well. */
  detail: Detail | null;
  /** As well. */
  shape: Guide['shape'];
  /** As well. */
  texture: Guide['texture'];
  summary: Bilingual;
  details: Record<string, unknown>;
}

/** The inputs to make one. */
interface Making {
  job: PaintJob;
  model: PaintModel;
  makeDetail: DetailMaker;
  signal: AbortSignal;
}

export async function guideFor(making: Making): Promise<Guide> {
  const { job } = making;
  const control = job.control !== null && job.control.strength > 0 ? job.control : null;
  const subject = job.start
    ? await pictureSubject(job.start, control, making)
    : await librarySubject(control, making);
  if (control !== null) return controlled(subject, control, making);
  const { latent, strength, traits, ...rest } = subject;
  const start = latent ?? new Float32Array(LATENT_VALUES);
  return { ...rest, start, denoise: job.denoise, hints: [...whole(subject), ...traits] };
}

async function controlled(subject: Subject, control: PaintControl, making: Making): Promise<Guide> {
  const { job, model } = making;
  const { latent, details } = subject;
  const picture = await decode(control.picture);
  const rgba = await onCanvas(picture, job);
  const planes = premultipliedPlanes({ rgba });
  const { strength, start: from, end: to, type } = control;
  const hint: Hint =
    type === 'canny'
      ? { kind: 'edges', values: edgesHint(planes), strength, from, to }
      : { kind: 'blur', values: blurHint(planes), strength, from, to };
  const guide = {
    shape: null,
    texture: null,
    detail: controlDetail(control, picture, making),
    summary: withControl(subject.summary, type),
    details: { ...details, control: { type, strength, start: from, end: to } },
  };
  if (type === 'tile') {
    const tile = await model.encode(rgba);
    // A weak tile repaints more.
    const denoise = 1 - (1 - job.denoise) * Math.min(1, strength);
    return { ...guide, start: tile, denoise, hints: [{ ...hint, kind: 'reference', values: tile }, hint] };
  }
  // The user's picture is still painted over; a library drawing would contradict the layout of the control.
  const denoise = job.start ? job.denoise : 1;
  return {
    ...guide,
    start: latent ?? new Float32Array(LATENT_VALUES),
    denoise,
    hints: [...whole(subject), hint],
  };
}

/** The sharpener runs last, so it uses only controls that last to the end. */
function controlDetail(
  { end, type, strength }: PaintControl,
  picture: Pixels,
  making: Making,
): Detail | null {
  if (end < 1 || type === 'blur') return null;
  return detailOf(async () => picture, type === 'tile' ? 'whole' : 'lines', Math.min(1, strength), making);
}

/** Starts at once, because the networks take longer. */
function detailOf(
  picture: () => Promise<Pixels>,
  kind: DetailKind,
  weight: number,
  { job, makeDetail }: Making,
): Detail | null {
  const sides = sharpenedSides(job);
  if (weight === 0 || sides.length === 0) return null;
  const pixels = picture();
  const planesOf = async (sidePx: number) =>
    makeDetail(kind, await onCanvas(await pixels, job, sidePx), sidePx);
  const begun = (sidePx: number) => {
    const planes = planesOf(sidePx);
    // Errors reach the caller that awaits the planes.
    planes.catch(() => undefined);
    return planes;
  };
  return { planes: new Map(sides.map((sidePx) => [sidePx, begun(sidePx)])), weight };
}

/** A library drawing already has the right shapes and colours; a trained style must be able to change them. */
function traitsOf(rgba: Buffer, job: PaintJob): Hint[] {
  if (job.lora !== null) return [];
  const planes = premultipliedPlanes({ rgba });
  return [
    { ...ALWAYS, kind: 'edges', values: edgesHint(planes) },
    { ...ALWAYS, kind: 'blur', values: blurHint(planes) },
  ];
}

const ALWAYS = { strength: 1, from: 0, to: 1 };

const whole = ({ latent, strength }: Subject): Hint[] =>
  latent === null ? [] : [{ ...ALWAYS, kind: 'reference', values: latent, strength }];

/** All detail of the user's picture is used until half is repainted, then less; at the end only its outlines. */
async function pictureSubject(start: Buffer, control: PaintControl | null, making: Making): Promise<Subject> {
  const { job, model } = making;
  const picture = await decode(start);
  const rgba = await onCanvas(picture, job);
  const strength = Math.min(1, 2 * (1 - job.denoise));
  const detail = control === null ? detailOf(async () => picture, 'whole', strength, making) : null;
  return {
    latent: await model.encode(rgba),
    strength,
    traits: [{ ...ALWAYS, kind: 'edges', values: edgesHint(premultipliedPlanes({ rgba })) }],
    detail,
    shape: job.lora === null ? null : async () => picture,
    texture: null,
    summary: {
      en: 'Painted by the small built-in model (experimental) over your picture.',
      zh: '由内置小模型（实验性）在你的图片基础上绘制。',
    },
    details: {},
  };
}

const pixelsOf = ({ width, height, data }: Raster): Pixels => ({ width, height, rgba: data });

async function librarySubject(control: PaintControl | null, making: Making): Promise<Subject> {
  const { job, model, signal } = making;
  const { prompt, seed, library, asTexture } = job;
  const words = (job.drawn ?? prompt).trim();
  // A control picture says enough.
  const drawn = words === '' && control === null ? anyThing(seed) : words;
  const size = withLongerSide(sharpenedSides(job).at(-1) ?? CANVAS_PX, job);
  try {
    const { summary, details, isTexture, ...drawing } = composition({
      prompt: drawn,
      seed,
      library,
      asTexture,
      ...size,
      signal,
    });
    // The small rendering comes first, so that painting can start; the large one is rendered meanwhile.
    const rgba = await onCanvas(pixelsOf(await drawing.small(CANVAS_PX)), job);
    let rendered: Promise<Raster> | undefined;
    const large = async () => {
      rendered ??= drawing.raster();
      return pixelsOf(await rendered);
    };
    const kind = job.lora === null ? 'whole' : 'inner';
    const detail = control === null ? detailOf(large, kind, 1, making) : null;
    return {
      latent: await model.encode(rgba),
      strength: 1,
      traits: traitsOf(rgba, job),
      detail,
      shape: job.lora === null ? null : large,
      // A trained style changes the texture, so its edges would show.
      texture: isTexture && job.lora === null ? large : null,
      summary: {
        en: `Painted by the small built-in model (experimental), guided by a library drawing: ${summary.en}`,
        zh: `由内置小模型（实验性）参照图库图形绘制：${summary.zh}`,
      },
      details: { guide: details },
    };
  } catch (error) {
    const unknown = error instanceof StudioError && error.code === 'nothing_recognised';
    if (!unknown || control === null) throw error;
    return {
      latent: null,
      strength: 0,
      traits: [],
      detail: null,
      shape: null,
      texture: null,
      summary: {
        en: 'Painted by the small built-in model (experimental). The library has none of the words.',
        zh: '由内置小模型（实验性）绘制；图库不认识提示词中的任何词。',
      },
      details: {},
    };
  }
}

const CONTROL_NAMES: Record<PaintControl['type'], Bilingual> = {
  canny: { en: 'edges', zh: '边缘' },
  blur: { en: 'colours', zh: '色彩分布' },
  tile: { en: 'picture', zh: '画面' },
};

function withControl(summary: Bilingual, type: PaintControl['type']): Bilingual {
  const name = CONTROL_NAMES[type];
  return {
    en: `${summary.en} It follows the ${name.en} of the control picture.`,
    zh: `${summary.zh}并遵循控制图的${name.zh}。`,
  };
}
