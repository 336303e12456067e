/** The draft of the form, stored in this browser, so that it survives a reload. */

import {
  type ControlType,
  type FamilyParam,
  type Lora,
  MAX_REFERENCES,
  MAX_STYLE_IMAGES,
  type Outpaint,
  type Seed,
  type Size,
  type Upload,
} from '@limner/contract';
import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import { storageKey } from '../../api/base.ts';

export const MODES = ['txt2img', 'img2img', 'edit', 'inpaint', 'video'] as const;
export type Mode = (typeof MODES)[number];
export type Ratio = '1:1' | '4:3' | '16:9' | '3:4' | 'free';

export interface Picture {
  ref: string;
  url: string;
  width: number;
  height: number;
}

/** A picture whose style is taken. */
export interface StylePicture {
  picture: Picture;
  /** null: the family's default. */
  strength: number | null;
}

export interface Control {
  enabled: boolean;
  type: ControlType;
  picture: Picture | null;
  strength: number;
  start: number;
  end: number;
}

/**
 * Initial settings per control type. Depth ends early, so that fine details may differ; tile and blur contain colours,
 * so they are weaker.
 */
const CONTROL_STARTS: Record<ControlType, Pick<Control, 'strength' | 'start' | 'end'>> = {
  canny: { strength: 0.7, start: 0, end: 1 },
  depth: { strength: 0.7, start: 0, end: 0.8 },
  tile: { strength: 0.6, start: 0, end: 1 },
  blur: { strength: 0.6, start: 0, end: 1 },
  pose: { strength: 0.8, start: 0, end: 0.8 },
};

/** Another type sets its initial values, unless the user has changed the sliders. */
export function withType(control: Control, type: ControlType): Control {
  const { strength, start, end } = CONTROL_STARTS[control.type];
  const untouched = control.strength === strength && control.start === start && control.end === end;
  return { ...control, type, ...(untouched ? CONTROL_STARTS[type] : {}) };
}

/** By the key of the family's parameter. */
export type ParamValues = Record<string, number | string | boolean>;

/** null: the family's usual length and rate. */
export interface VideoDraft {
  seconds: number | null;
  fps: number | null;
  keepFrames: boolean;
}

export interface Draft {
  mode: Mode;
  prompt: string;
  /** null: the family's default. */
  negative: string | null;
  /** null: the best one available here. */
  family: string | null;
  /** null: random each time. */
  seed: Seed | null;
  /** Invalid text in the seed field; null: none. */
  seedText: string | null;
  count: number;
  ratio: Ratio;
  /** The requested long side, and the free size. null: the family's default. */
  longSide: number | null;
  free: Size | null;
  /** Only parameters that the user changed; others have the family's defaults. */
  params: Record<string, ParamValues>;
  input: Picture | null;
  mask: Picture | null;
  /** How an inpainting extends its input; null: not. */
  outpaint: Outpaint | null;
  /** The last frame of a video. */
  end: Picture | null;
  video: VideoDraft;
  /** References of an edit; the first is the one that is changed. */
  references: Picture[];
  styleImages: StylePicture[];
  control: Control;
  /** In addition to the style's LoRA, in the order in which they are applied. */
  loras: Lora[];
  /** Newest first. */
  promptHistory: string[];
}

const FRESH: Draft = {
  mode: 'txt2img',
  prompt: '',
  negative: null,
  family: null,
  seed: null,
  seedText: null,
  count: 4,
  ratio: '1:1',
  longSide: null,
  free: null,
  params: {},
  input: null,
  mask: null,
  outpaint: null,
  end: null,
  video: { seconds: null, fps: null, keepFrames: false },
  references: [],
  styleImages: [],
  control: { enabled: false, type: 'canny', picture: null, ...CONTROL_STARTS.canny },
  loras: [],
  promptHistory: [],
};

export const useDraft = create<Draft>()(
  persist(() => FRESH, { name: storageKey('limner.draft'), version: 2, migrate: fromEarlier }),
);

/** Before version 2 an empty negative prompt meant the family's default. */
function fromEarlier(kept: unknown): Draft {
  const draft = kept as Draft;
  return { ...draft, negative: draft.negative || null };
}

/** Another input picture brings its own shape and no frame, and another frame its shape, unless more comes with them. */
export function compose(change: Partial<Draft>): void {
  useDraft.setState(({ input, outpaint }) => {
    const isOther = change.input && change.input.ref !== input?.ref;
    const isReframed = change.outpaint !== undefined && !isSame(change.outpaint, outpaint);
    return {
      ...(isOther ? { outpaint: null } : {}),
      ...(isOther || isReframed ? { ratio: '1:1', longSide: null, free: null } : {}),
      ...change,
    };
  });
}

const isSame = (a: Outpaint | null, b: Outpaint | null): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Sets the picture to begin with; a mode that takes none becomes image to image. */
export function composeInput(input: Picture, as: Mode = useDraft.getState().mode): void {
  const isHeld = useDraft.getState().input?.ref === input.ref;
  const mode = as === 'inpaint' || as === 'video' ? as : 'img2img';
  compose({ input, mode, ...(isHeld ? {} : { mask: null }) });
}

export function setParam(family: string, key: FamilyParam['key'], value: number | string | null): void {
  useDraft.setState(({ params }) => {
    const { [key]: _, ...others } = params[family] ?? {};
    return { params: { ...params, [family]: value === null ? others : { ...others, [key]: value } } };
  });
}

const PROMPTS_KEPT = 30;

export function rememberPrompt(prompt: string): void {
  useDraft.setState(({ promptHistory }) => ({
    promptHistory: [prompt, ...promptHistory.filter((old) => old !== prompt)].slice(0, PROMPTS_KEPT),
  }));
}

/** Appends up to the limit; false if some were omitted. */
export function addReferences(pictures: Picture[]): boolean {
  const { references } = useDraft.getState();
  const fresh = pictures.filter(({ ref }) => references.every((held) => held.ref !== ref));
  const all = [...references, ...fresh];
  compose({ mode: 'edit', references: all.slice(0, MAX_REFERENCES) });
  return all.length <= MAX_REFERENCES;
}

/** Appends up to the limit; false if some were omitted. */
export function addStyleImages(pictures: Picture[]): boolean {
  const { styleImages } = useDraft.getState();
  const fresh = pictures.filter(({ ref }) => styleImages.every((held) => held.picture.ref !== ref));
  const all = [...styleImages, ...fresh.map((picture) => ({ picture, strength: null }))];
  compose({ styleImages: all.slice(0, MAX_STYLE_IMAGES) });
  return all.length <= MAX_STYLE_IMAGES;
}

export const pictureOfUpload = (upload: Upload): Picture => ({
  ref: upload.id,
  url: upload.url,
  width: upload.width,
  height: upload.height,
});
