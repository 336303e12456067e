/** From the form to what is sent, and from a task back into the form. */
import type { EditInput, FamilyOffer, GenerateInput, Params, Seed, Task } from '@limner/contract';
import type { Size } from '../sizes.ts';
import {
  type Control,
  compose,
  type Draft,
  type Mode,
  type ParamValues,
  type Picture,
  useDraft,
} from './draft.ts';
import { sizeFor } from './draft-rules.ts';

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
export function composeFrom(task: Task, seed: Seed | null): void {
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
    params: { ...useDraft.getState().params, [task.family]: heldParams(task.params) },
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
