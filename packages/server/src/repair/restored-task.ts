/** Makes tasks of files without rows: which files belong together, and the rows they get. Pure. */
import {
  type Choice,
  type DrawnWords,
  isPictureType,
  Recipe,
  type Seed,
  storedSeed,
  type TaskKind,
  undrawn,
} from '@limner/contract';
import type { FrameRow, OutputRow } from '../db/schema.ts';
import { outputKey } from '../outputs/output-name.ts';
import type { TaskPlan } from '../tasks/plan.ts';
import type { FoundOutput } from './found-output.ts';

/** Family and engine of a task whose files do not say what made them. */
export const UNKNOWN = 'unknown';

const NOTE: Choice['note'] = {
  en: 'Recovered from files that were set aside.',
  zh: '由另行存放的文件找回。',
};
const NO_RECIPE: Choice['note'] = {
  en: 'Recovered from files that were set aside. They contain no recipe, so prompt and model are not known.',
  zh: '由另行存放的文件找回。文件中没有配方，因此提示词和模型未知。',
};

/**
 * The outputs of one task id, by the tasks they came from: frames of a task share a recipe but for the seed, and each place
 * is taken once. More than one, where databases gave an id twice. What contains no recipe belongs to the only one there is.
 */
export function groupsOf(found: FoundOutput[]): FoundOutput[][] {
  const recipes = new Set(found.flatMap(({ recipe }) => (recipe ? [shared(recipe)] : [])));
  const groups: { recipe: string | null; outputs: FoundOutput[] }[] = [];
  const inOrder = [...found].sort(
    (a, b) => Number(b.recipe !== null) - Number(a.recipe !== null) || (a.file.key < b.file.key ? -1 : 1),
  );
  for (const output of inOrder) {
    const recipe = output.recipe ? shared(output.recipe) : null;
    const fits = (group: (typeof groups)[number]) =>
      (group.recipe === recipe || (recipe === null && recipes.size === 1)) &&
      group.outputs.every((other) => areTogether(other, output));
    const group = groups.find(fits);
    if (group) group.outputs.push(output);
    else groups.push({ recipe, outputs: [output] });
  }
  return groups.map(({ outputs }) => outputs);
}

/** Frames of a task share their recipe but for seeds and what was drawn. */
const shared = (recipe: Recipe): string => JSON.stringify({ ...undrawn(recipe), seed: null });

/** Not the same output, and not two frames of one index. */
function areTogether(a: FoundOutput, b: FoundOutput): boolean {
  if (a.file.name.frame !== b.file.name.frame) return true;
  const isSameFrame = !a.recipe || !b.recipe || a.recipe.seed === b.recipe.seed;
  return isSameFrame && a.file.name.place !== b.file.name.place;
}

export interface RestoredTask {
  kind: TaskKind;
  recipe: Recipe | null;
  plan: TaskPlan;
  /** Of the oldest file; ms. */
  createdMs: number;
  frames: Pick<FrameRow, 'frame_index' | 'seed' | 'drawn' | 'completed_at'>[];
  outputs: FoundOutput[];
}

/** `outputs` of one group. */
export function restoredTask(outputs: FoundOutput[]): RestoredTask {
  const recipe = outputs.find((output) => output.recipe)?.recipe ?? null;
  const provenance = outputs.find((output) => output.provenance)?.provenance;
  const kind = recipe?.kind ?? kindByName(outputs);
  const frames = framesOf(outputs);
  const family = recipe?.family ?? provenance?.family ?? UNKNOWN;
  const choice: Choice = {
    family,
    engine: provenance?.engine ?? UNKNOWN,
    why: 'asked',
    note: recipe ? NOTE : NO_RECIPE,
    ignored: [],
  };
  const type = kind === 'generation' ? 'txt2img' : null;
  return {
    kind,
    recipe,
    plan: {
      recipe: { ...(recipe ? undrawn(recipe) : Recipe.parse({ kind, type })), seed: seedOf(frames, recipe) },
      choice,
    },
    createdMs: Math.round(Math.min(...outputs.map(({ file }) => file.modifiedMs))),
    frames,
    outputs,
  };
}

const kindByName = (outputs: FoundOutput[]): TaskKind =>
  outputs.some(({ file }) => file.isCutOut) ? 'remove_bg' : 'generation';

function framesOf(outputs: FoundOutput[]): RestoredTask['frames'] {
  const indexes = [...new Set(outputs.map(({ file }) => file.name.frame))].sort((a, b) => a - b);
  return indexes.map((frame_index) => {
    const own = outputs.filter(({ file }) => file.name.frame === frame_index);
    const recipe = own.find((output) => output.recipe)?.recipe ?? null;
    const completed_at = Math.round(Math.max(...own.map(({ file }) => file.modifiedMs)));
    return { frame_index, seed: String(recipe?.seed ?? 0), drawn: drawnOf(recipe), completed_at };
  });
}

function drawnOf(recipe: Recipe | null): string | null {
  if (!recipe?.template) return null;
  const { prompt, negative_prompt, loras, template } = recipe;
  const words: DrawnWords = { prompt, negative_prompt, loras, choices: template.choices };
  return JSON.stringify(words);
}

/** The seed of the task, where those of its frames follow from it; null: each drew its own. */
function seedOf(frames: RestoredTask['frames'], recipe: Recipe | null): Seed | null {
  if (!recipe) return null;
  const bases = new Set(frames.map(({ seed, frame_index }) => BigInt(seed) - BigInt(frame_index)));
  const [base] = bases;
  return bases.size === 1 && base !== undefined && base >= 0n ? storedSeed(String(base)) : null;
}

export type RestoredOutput = Omit<OutputRow, 'task_id'>;

/** The row of an output in the task `id`; its `file` is the key that it gets. */
export function outputRow(
  id: number,
  kind: TaskKind,
  output: FoundOutput,
  isStarred: boolean,
): RestoredOutput {
  const { file, mediaType, width, height, provenance } = output;
  return {
    frame_index: file.name.frame,
    place: file.name.place,
    role: roleOf(output),
    file: outputKey({ ...file.name, task: id }, kind, file.extension),
    media_type: mediaType,
    width,
    height,
    duration_ms: output.durationMs ?? null,
    fps: output.fps ?? null,
    size_bytes: file.sizeBytes,
    provenance: provenance && JSON.stringify(provenance),
    starred: isStarred ? 1 : 0,
    created_at: Math.round(file.modifiedMs),
  };
}

const ROLES: Record<string, OutputRow['role']> = {
  'application/json': 'data',
  'image/tiff': 'data',
  'application/zip': 'archive',
  'application/x-safetensors': 'lora',
};

/**
 * A layer says so itself, and the pictures of a video are its poster and then its frames. Other files are what was asked
 * for.
 */
function roleOf({ mediaType, recipe, file, provenance }: FoundOutput): OutputRow['role'] {
  if (recipe?.kind === 'video' && isPictureType(mediaType)) return file.name.place === 1 ? 'poster' : 'still';
  return ROLES[mediaType] ?? (typeof provenance?.details.layer === 'number' ? 'layer' : 'main');
}
