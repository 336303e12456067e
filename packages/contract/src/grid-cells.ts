/** From the axes of a grid to the recipes of its cells. Pure. */
import { StudioError } from './error.ts';
import type { GridField } from './grid-fields.ts';
import {
  gathered,
  gridItems,
  gridLines,
  gridNumbers,
  MAX_GRID_CELLS,
  refusedValue,
  tooLarge,
} from './grid-values.ts';
import type { Params } from './params.ts';
import type { Recipe, RecipeStyle } from './recipe.ts';
import { samplerNamed, scheduleNamed } from './sampler-names.ts';
import { isSeedAbove, seedOf } from './seed.ts';

export const GRID_AXES = ['x', 'y', 'z'] as const;
export type GridAxisName = (typeof GRID_AXES)[number];
export type GridScalar = string | number;
/** As typed, or one by one. */
export type TypedValues = string | GridScalar[];

/** Checks each value against its field. @throws StudioError `grid_axis` */
export function checkedValues(field: GridField, values: GridScalar[]): GridScalar[] {
  if (values.length === 0) throw refusedValue('it has no values.', '没有取值。');
  const held = new Set<GridScalar>();
  return values.map((value) => {
    const one = checked(field, value);
    if (held.has(one)) throw refusedValue(`"${one}" is there twice.`, `「${one}」重复。`);
    held.add(one);
    return one;
  });
}

/** The values of an axis, not yet checked. @throws StudioError `grid_axis` for what is no number, `grid_too_large` */
export function typedValues({ type }: Pick<GridField, 'type'>, typed: TypedValues): GridScalar[] {
  const isNumeric = type === 'integer' || type === 'number' || type === 'seed';
  if (typeof typed !== 'string')
    return isNumeric
      ? gathered(typed, (one) => (typeof one === 'number' ? [one] : numbersIn(type, one)))
      : typed;
  if (isNumeric) return numbersIn(type, typed);
  return type === 'lines' || typed.includes('\n') ? gridLines(typed) : gridItems(typed);
}

/** Seeds beyond the numbers that JSON has stay text. */
const numbersIn = (type: GridField['type'], text: string): GridScalar[] =>
  type === 'seed' && /^\s*\d{16,}\s*$/.test(text)
    ? [seedOf(text.trim()) ?? text.trim()]
    : gridNumbers(text, type !== 'number');

function checked(field: GridField, value: GridScalar): GridScalar {
  switch (field.type) {
    case 'choice':
      return chosen(field, value);
    case 'size':
      return sized(field, String(value));
    case 'seed':
      return seed(field, value);
    case 'integer':
    case 'number':
      return within(field, Number(value));
    default:
      return text(field, String(value));
  }
}

function within({ label, type, min = -Infinity, max = Infinity }: GridField, value: number): number {
  if (type === 'integer' && !Number.isInteger(value))
    throw refusedValue(`${value} is not a whole number.`, `${value} 不是整数。`);
  if (!(value >= min && value <= Number(max)))
    throw refusedValue(
      `${value} is outside the range of ${label.en}, ${min} to ${max}.`,
      `${value} 超出${label.zh}的范围 ${min} 至 ${max}。`,
    );
  return value;
}

function seed({ label, max = 0 }: GridField, value: GridScalar): GridScalar {
  const found = /^\d+$/.test(String(value)) ? seedOf(String(value)) : null;
  if (found === null || isSeedAbove(found, max))
    throw refusedValue(
      `${value} is outside the range of ${label.en}, 0 to ${max}.`,
      `${value} 超出${label.zh}的范围 0 至 ${max}。`,
    );
  return found;
}

function sized(field: GridField, value: string): string {
  const sides = /^\s*(\d+)(?:\s*[x×*]\s*(\d+))?\s*$/i.exec(value);
  if (!sides)
    throw refusedValue(`"${value}" is not a size such as 512x768.`, `「${value}」不是 512x768 这样的尺寸。`);
  const [, width, height = width] = sides;
  return `${within(field, Number(width))}x${within(field, Number(height))}`;
}

function text({ max }: GridField, value: string): string {
  if (max !== undefined && value.length > Number(max))
    throw refusedValue(
      `a value has ${value.length} characters. The limit is ${max}.`,
      `一个取值有 ${value.length} 个字符，上限为 ${max}。`,
    );
  return value;
}

const alike = (one: GridScalar, other: GridScalar): boolean =>
  String(one).trim().toLowerCase() === String(other).trim().toLowerCase();

/** By value or label; samplers and schedules also by A1111's names. */
function chosen({ field, label, choices }: GridField, value: GridScalar): GridScalar {
  if (!choices) return value;
  const comfy =
    field === 'sampler'
      ? samplerNamed(String(value)).sampler
      : field === 'scheduler'
        ? scheduleNamed(String(value))
        : null;
  const found =
    choices.find((choice) => alike(choice.value, value)) ??
    choices.find((choice) => alike(choice.label.en, value) || alike(choice.label.zh, value)) ??
    choices.find((choice) => choice.value === comfy);
  if (found) return found.value;
  const all = choices.map((choice) => choice.value).join(', ');
  throw refusedValue(
    `"${value}" is not a value of ${label.en}. There are: ${all}.`,
    `${label.zh}没有「${value}」，可用：${all}。`,
  );
}

/** A checked axis. */
export interface FilledAxis {
  field: string;
  values: GridScalar[];
}
export type FilledAxes = Partial<Record<GridAxisName, FilledAxis>>;

/** Indexes of a cell's values; 0 on an axis that the grid does not have. */
export interface GridPlace {
  x: number;
  y: number;
  z: number;
}

/** @throws StudioError `grid_too_large` */
export function gridCount(axes: Partial<Record<GridAxisName, { values: unknown[] }>>): number {
  const count = GRID_AXES.reduce((all, axis) => all * (axes[axis]?.values.length ?? 1), 1);
  if (count > MAX_GRID_CELLS) throw tooLarge(count);
  return count;
}

/** In the order of their tasks: along x, then y, then z. @throws StudioError `grid_too_large` */
export function gridPlaces(axes: Partial<Record<GridAxisName, { values: unknown[] }>>): GridPlace[] {
  const [columns, rows] = [axes.x?.values.length ?? 1, axes.y?.values.length ?? 1];
  return Array.from({ length: gridCount(axes) }, (_, index) => ({
    x: index % columns,
    y: Math.floor(index / columns) % rows,
    z: Math.floor(index / (columns * rows)),
  }));
}

/** What may not be on two axes of one grid. */
const CLAIMS: Record<string, string[]> = { size: ['width', 'height'] };

/** @throws StudioError `grid_axis` for two axes over one field */
export function refuseSameFields(axes: FilledAxes): void {
  const held = new Map<string, GridAxisName>();
  for (const axis of GRID_AXES)
    for (const claim of claimsOf(axes[axis])) {
      const other = held.get(claim);
      if (other)
        throw onAxis(axis, refusedValue(`it has the field of axis ${other}.`, `与 ${other} 轴的字段相同。`));
      held.set(claim, axis);
    }
}

/** Two replacements may be in one grid if they search for different words. */
const claimsOf = (axis: FilledAxis | undefined): string[] => {
  if (!axis) return [];
  if (axis.field === 'prompt_replace') return [`prompt_replace ${axis.values[0]}`];
  return CLAIMS[axis.field] ?? [axis.field];
};

/** The refusal with its axis. */
export function onAxis(axis: GridAxisName, error: unknown): unknown {
  if (!(error instanceof StudioError) || error.code !== 'grid_axis') return error;
  return new StudioError('grid_axis', { data: { ...error.data, axis }, field: `axes.${axis}` });
}

/** The recipe of one cell. @throws StudioError `grid_axis` for searched words that the prompts do not have */
export function cellRecipe(recipe: Recipe, axes: FilledAxes, place: GridPlace): Recipe {
  const order = GRID_AXES.toSorted((a, b) => turnOf(axes[a]) - turnOf(axes[b]));
  return order.reduce((cell, name) => {
    const axis = axes[name];
    const value = axis?.values[place[name]];
    if (!axis || value === undefined) return cell;
    try {
      return replaces(axis)
        ? replaced(cell, String(axis.values[0]), String(value))
        : withValue(cell, axis.field, value);
    } catch (error) {
      throw onAxis(name, error);
    }
  }, recipe);
}

/** A style comes before its strength and step. Words are replaced last, in the prompts of this cell. */
const turnOf = (axis: FilledAxis | undefined): number =>
  replaces(axis) ? 2 : axis?.field === 'style' ? 0 : 1;

const replaces = (axis: FilledAxis | undefined): boolean => axis?.field === 'prompt_replace';

function replaced(recipe: Recipe, search: string, value: string): Recipe {
  const { prompt, negative_prompt } = recipe;
  if (!prompt.includes(search) && !negative_prompt.includes(search))
    throw refusedValue(
      `"${search}" is not in the prompt "${prompt}".`,
      `提示词「${prompt}」中没有「${search}」。`,
    );
  return {
    ...recipe,
    prompt: prompt.replaceAll(search, () => value),
    negative_prompt: negative_prompt.replaceAll(search, () => value),
  };
}

const INPUTS = 'inputs.';

function withValue(recipe: Recipe, field: string, value: GridScalar): Recipe {
  if (field.startsWith(INPUTS))
    return withParams(recipe, { inputs: { ...recipe.params.inputs, [field.slice(INPUTS.length)]: value } });
  const lora = /^loras\.(\d+)\.weight$/.exec(field);
  if (lora) return withWeight(recipe, Number(lora[1]), Number(value));
  switch (field) {
    case 'prompt':
    case 'negative_prompt':
    case 'seed':
    case 'width':
    case 'height':
    case 'family':
      return { ...recipe, [field]: value };
    case 'style':
      return { ...recipe, style: { ...NO_STYLE, name: String(value) } };
    case 'style.strength':
      return { ...recipe, style: recipe.style && { ...recipe.style, strength: Number(value) } };
    case 'style.step':
      return { ...recipe, style: recipe.style && { ...recipe.style, step: Number(value) } };
    case 'size': {
      const [width = null, height = null] = String(value).split('x').map(Number);
      return { ...recipe, width, height };
    }
    case 'strength':
    case 'start':
    case 'end':
      return { ...recipe, controlnet: recipe.controlnet && { ...recipe.controlnet, [field]: Number(value) } };
    default:
      return withParams(recipe, { [field]: value });
  }
}

const NO_STYLE: RecipeStyle = { id: null, name: '', trigger_words: '', lora_path: null, family: null };

const withParams = (recipe: Recipe, params: Params): Recipe => ({
  ...recipe,
  params: { ...recipe.params, ...params },
});

const withWeight = (recipe: Recipe, at: number, weight: number): Recipe => ({
  ...recipe,
  loras: recipe.loras.map((lora, index) => (index === at ? { ...lora, weight } : lora)),
});
