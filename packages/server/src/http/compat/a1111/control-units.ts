/**
 * Units of the ControlNet extension, `alwayson_scripts.ControlNet.args`. A picture has one control here, so the first
 * enabled unit is used.
 */
import { type Bilingual, type ControlNet, type ControlType, StudioError } from '@limner/contract';
import { z } from 'zod';

import { invalid, parse } from '../../parse.ts';
import { Base64, flag, number, optional, optionalPicture, text } from './generation-body.ts';

const UnitPicture = optionalPicture(
  z.union([Base64, z.object({ image: optionalPicture(Base64), mask: z.unknown().optional() })]),
);

export const ControlUnit = z.object({
  enabled: flag,
  image: UnitPicture,
  /** The picture, from older clients. */
  input_image: UnitPicture,
  module: text,
  model: text,
  weight: number(z.number().min(0).max(2)),
  guidance_start: number(z.number().min(0).max(1)),
  guidance_end: number(z.number().min(0).max(1)),
});
export type ControlUnit = z.output<typeof ControlUnit>;

export interface AskedControl {
  unit: ControlUnit;
  /** Where it stands in the body. */
  field: string;
  notes: Bilingual[];
}

const SCRIPT = /^controlnet$/i;
const Script = z.object({ args: optional(z.array(z.unknown())) });

/** The first enabled unit; null without one. A client may send the units one by one or as one list. */
export function askedControl(scripts: Record<string, unknown> | undefined): AskedControl | null {
  const name = Object.keys(scripts ?? {}).find((key) => SCRIPT.test(key));
  if (name === undefined) return null;
  const path = `alwayson_scripts.${name}.args`;
  const { args = [] } = at(`alwayson_scripts.${name}`, () => parse(Script, scripts?.[name] ?? {}, ''));
  const units = args
    .flat()
    .map((arg, index) => ({ arg, field: `${path}.${index}` }))
    .filter(({ arg }) => typeof arg === 'object' && arg !== null)
    .map(({ arg, field }) => ({ unit: at(field, () => parse(ControlUnit, arg, '')), field }))
    .filter(({ unit }) => unit.enabled !== false && (hasModule(unit) || hasModel(unit)));
  const [first, ...others] = units;
  return first ? { ...first, notes: others.length > 0 ? [oneUnit] : [] } : null;
}

/** The same refusal with the path of the unit. */
function at<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    throw error.inField([path, error.field].filter(Boolean).join('.'));
  }
}

const named = (value: string | undefined): boolean => !/^(none)?$/i.test(value?.trim() ?? '');
const hasModule = ({ module }: ControlUnit): boolean => named(module);
const hasModel = ({ model }: ControlUnit): boolean => named(model);

/** The picture of a unit as the client sent it; null if it relies on the picture that is painted over. */
export function pictureOfUnit({ image, input_image }: ControlUnit): string | null {
  const sent = image ?? input_image;
  return (typeof sent === 'object' ? sent.image : sent) ?? null;
}

/** In this order: a softedge module of a depth model is soft edges. */
const TYPES: [named: RegExp, type: ControlType, exact: boolean][] = [
  [/canny/i, 'canny', true],
  [/depth/i, 'depth', true],
  [/pose/i, 'pose', true],
  [/tile/i, 'tile', true],
  [/blur/i, 'blur', true],
  [/lineart|soft_?edge|scribble|mlsd|hed|pidinet|teed|sketch|anime/i, 'canny', false],
];

/** @throws StudioError for a kind that has no near one here */
export function controlOf(
  { unit, field, notes }: AskedControl,
  image: string,
): { control: ControlNet; notes: Bilingual[] } {
  const { module = '', model = '' } = unit;
  const source = hasModule(unit) ? module : model;
  const known = TYPES.find(([name]) => name.test(source));
  if (!known) throw invalid(`${field}.${hasModule(unit) ? 'module' : 'model'}`, refusalOf(source));
  const [, type, exact] = known;
  const start = unit.guidance_start ?? 0;
  return {
    control: {
      enabled: true,
      type,
      image,
      strength: unit.weight ?? 1,
      start,
      end: Math.max(start, unit.guidance_end ?? 1),
    },
    notes: [...notes, ...(exact ? [] : [nearest(source)]), ...(hasModule(unit) ? [] : [prepared(type)])],
  };
}

/** The type that a module of `controlnet/detect` stands for. @throws StudioError `invalid_request` */
export function controlTypeOf(module: string, field: string): ControlType {
  const known = TYPES.find(([name, , exact]) => exact && name.test(module));
  if (!known) throw invalid(field, refusalOf(module));
  return known[1];
}

/** Their picture is one of the looks, not of the composition. */
const LOOKS = /reference|ip.?adapter|revision|style|clip_vision|instant_?id|shuffle/i;

const refusalOf = (source: string): Bilingual => (LOOKS.test(source) ? STYLE_KIND : UNKNOWN_KIND);

const UNKNOWN_KIND: Bilingual = {
  en: 'must be a kind of canny, depth, pose, tile or blur',
  zh: '必须属于 canny、depth、pose、tile 或 blur',
};

const STYLE_KIND: Bilingual = {
  en: 'guides by the looks of a picture, which this API does not offer; send the picture as style_images to POST /api/generate, or use canny, depth, pose, tile or blur',
  zh: '以图片的外观引导，此接口不提供；请在 POST /api/generate 中以 style_images 发送该图片，或使用 canny、depth、pose、tile 或 blur',
};

const oneUnit: Bilingual = {
  en: 'Only the first ControlNet unit is used: a picture has one control here.',
  zh: '只使用第一个 ControlNet 单元：此处每张图只有一个控制图。',
};

const nearest = (source: string): Bilingual => ({
  en: `ControlNet uses canny, the nearest to ${source}.`,
  zh: `ControlNet 使用与 ${source} 最接近的 canny。`,
});

const prepared = (type: ControlType): Bilingual => ({
  en: `ControlNet prepares the picture as ${type}, also one that is prepared already.`,
  zh: `ControlNet 会按 ${type} 处理该图片，即使它已处理过。`,
});
