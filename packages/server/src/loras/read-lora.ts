/**
 * Which model a LoRA file is for. Every tensor must belong to a module that ComfyUI knows of that model: it only logs
 * the others and paints without them, so a LoRA of another model would look like a weak one.
 */
import { LORA_MODELS, type LoraModel } from './lora-models.ts';
import { type ModuleShape, namesOf } from './module-names.ts';
import type { SafetensorsHeader, TensorEntry } from './safetensors-header.ts';
import { isOfTextEncoder, type TensorName, tensorName } from './tensor-names.ts';

export interface ReadLora {
  /** All that it fits, the likeliest first; empty: none. More than one: its modules exist in each. */
  models: LoraModel[];
  /** Of the plain pairs; null: another kind of adapter. */
  rank: number | null;
  /** Tensors to be renamed for the first of `models`, by their names. */
  renames: ReadonlyMap<string, string>;
  /** Tensors that the nearest model does not know; of a file that fits none. */
  unknown: string[];
  /** The model that knows most of its tensors; null: it is no LoRA. */
  nearest: LoraModel | null;
  /** Whether it also changes a text encoder. */
  hasTextEncoder: boolean;
}

interface Part extends TensorName {
  name: string;
  entry: TensorEntry;
}

/** `only`: the answer is about this model. */
export function readLora(
  { tensors, metadata }: Pick<SafetensorsHeader, 'tensors' | 'metadata'>,
  only?: LoraModel,
): ReadLora {
  const parts: Part[] = [];
  const foreign: string[] = [];
  for (const [name, entry] of tensors) {
    const read = tensorName(name);
    if (read) parts.push({ ...read, name, entry });
    else foreign.push(name);
  }
  const painted = parts.filter(({ name }) => !isOfTextEncoder(name));
  const hasTextEncoder = painted.length < parts.length;
  const rank = rankOf(painted);
  if (painted.length === 0)
    return {
      ...{ models: [], rank, hasTextEncoder, nearest: null },
      renames: new Map(),
      unknown: [...tensors.keys()],
    };
  const fits = (only ? [only] : LORA_MODELS).map((model) => fitOf(model, painted));
  const whole = fits.filter(({ unknown }) => unknown.length === 0 && foreign.length === 0);
  const models = byLikelihood(
    whole.map(({ model }) => model),
    metadata,
  );
  const chosen = whole.find(({ model }) => model === models[0]);
  const nearest = fits.reduce((best, each) => (each.unknown.length < best.unknown.length ? each : best));
  return {
    models,
    rank,
    hasTextEncoder,
    renames: chosen?.renames ?? new Map(),
    unknown: chosen ? [] : [...foreign, ...nearest.unknown],
    nearest: nearest.unknown.length < painted.length ? nearest.model : null,
  };
}

interface Fit {
  model: LoraModel;
  renames: Map<string, string>;
  unknown: string[];
}

function fitOf(model: LoraModel, parts: readonly Part[]): Fit {
  const names = namesOf(model);
  const renames = new Map<string, string>();
  const unknown: string[] = [];
  // ComfyUI must find all parts of a file under one form, or none is renamed.
  const needsRename = parts.some(({ module }) => !names.has(module));
  for (const { name, module, suffix, part, entry } of parts) {
    const respelt = needsRename ? renamed(model, module, names) : module;
    const shape = names.get(respelt);
    if (shape === undefined || !isOfShape(part, entry, shape)) unknown.push(name);
    else if (respelt !== module) renames.set(name, respelt + suffix);
  }
  return { model, renames, unknown };
}

function renamed(model: LoraModel, module: string, names: ReadonlyMap<string, ModuleShape>): string {
  for (const [pattern, to] of model.renames ?? []) {
    const respelt = typeof to === 'string' ? module.replace(pattern, to) : module.replace(pattern, to);
    if (respelt !== module && names.has(respelt)) return respelt;
  }
  return module;
}

/** Rows of the upper matrix, columns of the lower one; kernels of convolutions count as columns. */
function isOfShape(part: TensorName['part'], { shape }: TensorEntry, expected: ModuleShape): boolean {
  if (!expected || shape.length < 2) return true;
  const [out, input] = expected;
  if (part === 'up') return shape[0] === out;
  if (part === 'down') return shape.slice(1).reduce((product, side) => product * side, 1) === input;
  return true;
}

function rankOf(parts: readonly Part[]): number | null {
  const ranks = parts.flatMap(({ part, entry }) => (part === 'down' ? (entry.shape[0] ?? []) : []));
  return ranks.length > 0 ? ranks.reduce((most, rank) => Math.max(most, rank), 0) : null;
}

/** What trainers write of the model: sd-scripts and musubi, Stability's specification, ai-toolkit. */
const SAYS: readonly [RegExp, string][] = [
  [/flux[._ -]?2.*klein.*9b/i, 'flux2-klein-9b'],
  [/flux[._ -]?2.*klein|klein.*4b/i, 'flux2-klein-4b'],
  [/flux[._ -]?2/i, 'flux2-dev'],
  [/z[._ -]?image/i, 'z-image'],
  [/qwen/i, 'qwen-image'],
  [/krea[._ -]?2/i, 'krea2'],
  [/flux/i, 'flux1'],
  [/sd[_-]?xl|stable-diffusion-xl/i, 'sdxl'],
  [/wan.*5b/i, 'wan22-5b'],
  [/wan/i, 'wan22-14b'],
];
const TOLD_IN = [
  'modelspec.architecture',
  'ss_base_model_version',
  'ss_sd_model_name',
  'model',
  'base_model',
];

function byLikelihood(models: LoraModel[], metadata: Readonly<Record<string, string>>): LoraModel[] {
  const told = TOLD_IN.flatMap((key) => metadata[key] ?? []).flatMap(
    (text) => SAYS.find(([pattern]) => pattern.test(text))?.[1] ?? [],
  );
  const named = models.filter(({ id }) => told.includes(id));
  return named.length > 0 ? named : models;
}
