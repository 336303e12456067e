/** What is being composed: kept in this browser, so that a reload or a lost connection costs nobody a prompt. */
import {
  type ControlType,
  type EditInput,
  type FamilyOffer,
  type FamilyParam,
  type GenerateInput,
  MAX_REFERENCES,
  type Params,
  type Task,
  type Upload,
} from '@limner/contract';
import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import { fit, type Size, sizeOfRatio } from './sizes.ts';

export const MODES = ['txt2img', 'img2img', 'edit', 'inpaint'] as const;
export type Mode = (typeof MODES)[number];
export type Ratio = '1:1' | '4:3' | '16:9' | '3:4' | 'free';

export interface Picture {
  ref: string;
  url: string;
  width: number;
  height: number;
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
 * Where each type of control starts: strong enough to be followed, weak enough to leave the model its hand. Depth lets go
 * before the end, so that fine things may differ; tile and blur, which carry colours, hold less tightly.
 */
const CONTROL_STARTS: Record<ControlType, Pick<Control, 'strength' | 'start' | 'end'>> = {
  canny: { strength: 0.7, start: 0, end: 1 },
  depth: { strength: 0.7, start: 0, end: 0.8 },
  tile: { strength: 0.6, start: 0, end: 1 },
  blur: { strength: 0.6, start: 0, end: 1 },
  pose: { strength: 0.8, start: 0, end: 0.8 },
};

/** Another type brings its own start, unless somebody has moved the sliders. */
export function withType(control: Control, type: ControlType): Control {
  const { strength, start, end } = CONTROL_STARTS[control.type];
  const untouched = control.strength === strength && control.start === start && control.end === end;
  return { ...control, type, ...(untouched ? CONTROL_STARTS[type] : {}) };
}

/** By the key of the family's parameter. */
export type ParamValues = Record<string, number | string>;

export interface Draft {
  mode: Mode;
  prompt: string;
  negative: string;
  /** null: the best one available here. */
  family: string | null;
  /** null: random each time. */
  seed: number | null;
  count: number;
  ratio: Ratio;
  /** The long side wanted, and the free size. null: as the family suggests. */
  longSide: number | null;
  free: Size | null;
  /** Only what a person changed; the family's defaults hold for the rest. */
  params: Record<string, ParamValues>;
  input: Picture | null;
  mask: Picture | null;
  /** What an edit looks at; the first is the one that is changed. */
  references: Picture[];
  control: Control;
  /** Newest first. */
  promptHistory: string[];
}

const FRESH: Draft = {
  mode: 'txt2img',
  prompt: '',
  negative: '',
  family: null,
  seed: null,
  count: 4,
  ratio: '1:1',
  longSide: null,
  free: null,
  params: {},
  input: null,
  mask: null,
  references: [],
  control: { enabled: false, type: 'canny', picture: null, ...CONTROL_STARTS.canny },
  promptHistory: [],
};

export const useComposer = create<Draft>()(persist(() => FRESH, { name: 'limner.draft', version: 1 }));

export function compose(change: Partial<Draft>): void {
  useComposer.setState(change);
}

export function setParam(family: string, key: FamilyParam['key'], value: number | string | null): void {
  useComposer.setState(({ params }) => {
    const { [key]: _, ...others } = params[family] ?? {};
    return { params: { ...params, [family]: value === null ? others : { ...others, [key]: value } } };
  });
}

const PROMPTS_KEPT = 30;

export function rememberPrompt(prompt: string): void {
  useComposer.setState(({ promptHistory }) => ({
    promptHistory: [prompt, ...promptHistory.filter((old) => old !== prompt)].slice(0, PROMPTS_KEPT),
  }));
}

/** Whether a model paints from this. */
export const knowsMode = ({ kind, types }: FamilyOffer, mode: Mode): boolean =>
  mode === 'edit' ? kind === 'edit' : kind === 'generation' && types.includes(mode);

export const canEdit = (families: FamilyOffer[]): boolean =>
  families.some((family) => family.available && family.kind === 'edit');

/** The family a draft is painted with: the one that was picked while it can serve, otherwise the best that can. */
export function familyFor(
  families: FamilyOffer[],
  draft: Pick<Draft, 'family' | 'mode'>,
): FamilyOffer | null {
  const able = families.filter((family) => knowsMode(family, draft.mode));
  const here = able.filter((family) => family.available);
  return (
    here.find((family) => family.id === draft.family) ??
    here.find((family) => !family.experimental) ??
    here[0] ??
    null
  );
}

export function sizeFor(family: FamilyOffer, draft: Pick<Draft, 'ratio' | 'longSide' | 'free'>): Size | null {
  if (!family.size) return null;
  if (draft.ratio === 'free')
    return fit(draft.free ?? { width: family.size.default, height: family.size.default }, family.size);
  return sizeOfRatio(draft.ratio, draft.longSide, family.size);
}

/** Why nothing can be generated yet: the key of a sentence; null when it can. */
export function obstacle(
  draft: Draft,
  family: FamilyOffer | null,
  styleId: number | null,
  /** The one family the chosen style works with; null where any does. */
  styleFamily: string | null = null,
) {
  if (!family) return 'composer.noModel' as const;
  if (styleId === null) return 'styles.first' as const;
  if (styleFamily !== null && styleFamily !== family.id) return 'styles.otherModel' as const;
  if (draft.prompt.trim() === '') return 'composer.promptFirst' as const;
  if (draft.mode === 'edit') return referencesInTheWay(draft, family);
  if (draft.mode !== 'txt2img' && !draft.input) return 'composer.inputFirst' as const;
  if (draft.mode === 'inpaint' && !draft.mask) return 'composer.maskFirst' as const;
  return null;
}

function referencesInTheWay({ references }: Draft, family: FamilyOffer) {
  if (references.length === 0) return 'composer.referenceFirst' as const;
  return references.length > family.references ? ('composer.referencesTooMany' as const) : null;
}

export type GenerationDraft = Draft & { mode: Exclude<Mode, 'edit'> };

export function requestOf(draft: GenerationDraft, family: FamilyOffer, styleId: number): GenerateInput {
  const negative = family.params.find((param) => param.key === 'negative_prompt');
  const { control } = draft;
  const controlled = control.enabled && control.picture && family.controls.includes(control.type);
  const size = sizeFor(family, draft);
  return {
    type: draft.mode,
    prompt: draft.prompt.trim(),
    ...(negative?.effect && draft.negative.trim() ? { negative_prompt: draft.negative.trim() } : {}),
    style_id: styleId,
    family: family.id,
    seed: draft.seed,
    batch_size: draft.count,
    ...(size ?? {}),
    params: wireParams(draft.params[family.id] ?? {}, family),
    ...(draft.mode === 'txt2img' ? {} : { input_image: draft.input?.ref }),
    ...(draft.mode === 'inpaint' ? { mask_image: draft.mask?.ref } : {}),
    ...(controlled ? { controlnet: wireControl(control) } : {}),
  };
}

/** The size is that of the first picture: none is named. */
export function editRequestOf(draft: Draft, family: FamilyOffer, styleId: number): EditInput {
  const { reference_mode: mode, ...params } = wireParams(draft.params[family.id] ?? {}, family);
  return {
    prompt: draft.prompt.trim(),
    images: draft.references.map(({ ref }) => ref),
    style_id: styleId,
    family: family.id,
    seed: draft.seed,
    batch_size: draft.count,
    params: draft.references.length > 1 && mode ? { ...params, reference_mode: mode } : params,
  };
}

/** Appends what there is room for; false when something was left out. */
export function addReferences(pictures: Picture[]): boolean {
  const { references } = useComposer.getState();
  const fresh = pictures.filter(({ ref }) => references.every((held) => held.ref !== ref));
  const all = [...references, ...fresh];
  compose({ mode: 'edit', references: all.slice(0, MAX_REFERENCES) });
  return all.length <= MAX_REFERENCES;
}

/** What belongs to an imported workflow is sent under `inputs`; what would do nothing is not sent. */
function wireParams(values: ParamValues, family: FamilyOffer): Params {
  const useful = new Set<string>(family.params.filter((param) => param.effect).map((param) => param.key));
  const set = Object.entries(values).filter(([key]) => useful.has(key));
  const own = set.filter(([key]) => !key.startsWith(INPUTS));
  const inputs = set
    .filter(([key]) => key.startsWith(INPUTS))
    .map(([key, value]) => [key.slice(INPUTS.length), value]);
  return { ...Object.fromEntries(own), ...(inputs.length > 0 ? { inputs: Object.fromEntries(inputs) } : {}) };
}

const INPUTS = 'inputs.';

function heldParams({ inputs, ...own }: Params): ParamValues {
  const theirs = Object.entries(inputs ?? {}).map(([key, value]) => [`${INPUTS}${key}`, value]);
  return { ...own, ...Object.fromEntries(theirs) };
}

function wireControl({ type, picture, strength, start, end }: Control) {
  return { enabled: true, type, image: picture?.ref ?? '', strength, start, end };
}

/** Lays a finished task's recipe into the form; with a seed it paints the same picture again. */
export function composeFrom(task: Task, seed: number | null): void {
  const free = task.width && task.height ? { width: task.width, height: task.height } : null;
  compose({
    mode: task.task_kind === 'edit' ? 'edit' : (task.type ?? 'txt2img'),
    prompt: task.prompt,
    negative: task.negative_prompt ?? '',
    family: task.family,
    seed,
    count: seed === null ? task.batch_size : 1,
    ...(free
      ? {
          ratio: free.width === free.height ? '1:1' : 'free',
          longSide: Math.max(free.width, free.height),
          free,
        }
      : {}),
    params: { ...useComposer.getState().params, [task.family]: heldParams(task.params) },
    input: task.input_image ? pictureOfRef(task.input_image, free) : null,
    mask: null,
    ...(task.task_kind === 'edit'
      ? { references: task.references.map((ref) => pictureOfRef(ref, null)) }
      : {}),
  });
}

/** An output's id is `{task}_{frame}`; anything else we were given is an upload. */
export function pictureOfRef(ref: string, size: Size | null): Picture {
  const url = ref.startsWith('/')
    ? ref
    : /^(\d+_\d+|rmbg_\d+)$/.test(ref)
      ? `/outputs/${ref}.png`
      : `/uploads/${ref}`;
  return { ref, url, width: size?.width ?? 0, height: size?.height ?? 0 };
}

export const pictureOfUpload = (upload: Upload): Picture => ({
  ref: upload.id,
  url: upload.url,
  width: upload.width,
  height: upload.height,
});
