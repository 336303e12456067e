/**
 * The text that A1111 puts into its pictures, and many programs after it: the prompt, an optional negative prompt, then
 * one line of `Key: value` pairs. A value with a comma, colon or line break is a JSON string.
 */
import { type FrameRecipe, promptOf, type Recipe } from './recipe.ts';
import { a1111Sampler, a1111Schedule } from './sampler-names.ts';
import { HIRES_UPSCALERS, hasSecondPass, isHiresUpscaler } from './second-pass.ts';
import type { Size } from './size.ts';

/** The keyword of the text in a PNG. */
export const INFOTEXT_KEYWORD = 'parameters';

export interface Infotext {
  /** With the tags of LoRAs. */
  prompt: string;
  negative: string;
  /** In the order of the text. */
  settings: Map<string, string>;
}

const NEGATIVE = 'Negative prompt:';
/** Fewer pairs belong to the prompt. */
const LEAST_PAIRS = 3;
/** A line of pairs without any of these is a prompt such as `hair: red, eyes: blue, mood: calm`. */
const USUAL = ['steps', 'sampler', 'seed', 'size', 'cfg scale', 'model', 'version'];

export function parseInfotext(text: string): Infotext {
  const lines = text.trim().split(/\r\n|\r|\n/);
  const settings = settingsIn(lines.at(-1) ?? '');
  if (settings.size > 0) lines.pop();
  const at = lines.findIndex((line) => line.trimStart().startsWith(NEGATIVE));
  const negative = at === -1 ? '' : lines.slice(at).join('\n').trimStart().slice(NEGATIVE.length);
  return {
    prompt: lines
      .slice(0, at === -1 ? undefined : at)
      .join('\n')
      .trim(),
    negative: negative.trim(),
    settings,
  };
}

/** Empty unless the line is one of settings. */
function settingsIn(line: string): Map<string, string> {
  const { rest, tails } = withoutJson(line);
  const pairs = [...pairsIn(rest), ...tails];
  const isUsual = pairs.some(([key]) => USUAL.includes(key.toLowerCase()));
  return new Map(pairs.length < LEAST_PAIRS || !isUsual ? [] : pairs);
}

type Pair = [key: string, value: string];
const KEY = /\s*([\p{L}\p{N}_][\p{L}\p{N}_ /.-]*):\s*/uy;
const QUOTED = /("(?:\\.|[^\\"])*")\s*(?:,|$)/y;

/** One pass: what is no pair is skipped to the next comma. */
function pairsIn(line: string): Pair[] {
  const pairs: Pair[] = [];
  for (let at = 0; at < line.length; ) {
    KEY.lastIndex = at;
    const key = KEY.exec(line);
    QUOTED.lastIndex = KEY.lastIndex;
    const quoted = key && QUOTED.exec(line);
    const comma = line.indexOf(',', key ? KEY.lastIndex : at);
    const end = comma === -1 ? line.length : comma;
    if (key)
      pairs.push([
        (key[1] ?? '').trim(),
        quoted ? unquoted(quoted[1] ?? '') : line.slice(KEY.lastIndex, end).trim(),
      ]);
    at = quoted ? QUOTED.lastIndex : end + 1;
  }
  return pairs;
}

function unquoted(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text;
  }
}

const JSON_TAIL = /(?:^|,)\s*(Civitai resources|Civitai metadata|Hashes):\s*(?=[[{])/g;

/** Pairs whose value is JSON without quotes, as Civitai writes them. */
function withoutJson(line: string): { rest: string; tails: Pair[] } {
  const tails: Pair[] = [];
  let rest = '';
  let from = 0;
  for (const match of line.matchAll(JSON_TAIL)) {
    const start = match.index + match[0].length;
    if (match.index < from) continue;
    const end = endOfJson(line, start);
    rest += line.slice(from, match.index);
    tails.push([match[1] ?? '', line.slice(start, end)]);
    from = end;
  }
  return { rest: rest + line.slice(from), tails };
}

/** Behind the bracket that closes the one at `start`; the end of the line if none does. */
function endOfJson(line: string, start: number): number {
  let depth = 0;
  let inText = false;
  for (let at = start; at < line.length; at += 1) {
    const char = line[at] ?? '';
    if (inText && char === '\\') at += 1;
    else if (char === '"') inText = !inText;
    else if (!inText && '[{'.includes(char)) depth += 1;
    else if (!inText && ']}'.includes(char) && --depth === 0) return at + 1;
  }
  return line.length;
}

type Setting = [key: string, value: string | number | undefined];

/** Of the second pass, under A1111's names; empty without one. */
export function hiresSettings(
  recipe: Pick<Recipe, 'kind' | 'type' | 'params'>,
): Record<string, string | number | undefined> {
  if (!hasSecondPass(recipe)) return {};
  const { hires_scale, hires_steps, hires_upscaler } = recipe.params;
  return {
    'Hires upscale': hires_scale,
    'Hires steps': hires_steps,
    'Hires upscaler': hires_upscaler && hiresName(hires_upscaler),
  };
}

const hiresName = (upscaler: string): string =>
  isHiresUpscaler(upscaler) ? HIRES_UPSCALERS[upscaler] : modelStem(upscaler);

/** The line for a picture of Limner. `size` is the picture's own, for recipes without one. */
export function infotextOf(recipe: FrameRecipe, size: Size, model: string): string {
  const { negative_prompt, params, width, height, seed } = recipe;
  const hires = hasSecondPass(recipe);
  const settings: Setting[] = [
    ['Steps', params.steps],
    ['Sampler', params.sampler && a1111Sampler(params.sampler)],
    ['Schedule type', params.scheduler && a1111Schedule(params.scheduler)],
    ['CFG scale', params.cfg],
    ['Distilled CFG Scale', params.guidance],
    ['Seed', seed],
    ['Size', `${width ?? size.width}x${height ?? size.height}`],
    ['Model', modelStem(params.model ?? model)],
    ['Denoising strength', hires ? params.hires_denoise : params.denoise],
    ...Object.entries(hiresSettings(recipe)),
    // As sd-dynamic-prompts names them.
    ['Template', recipe.template?.prompt],
    ['Negative Template', recipe.template?.negative_prompt || undefined],
    ['Version', 'Limner'],
  ];
  const pairs = settings.flatMap(([key, value]) =>
    value === undefined ? [] : `${key}: ${quoted(String(value))}`,
  );
  const prompt = [promptOf(recipe), ...lorasOf(recipe).map(tagOf)].join(', ');
  const negative = negative_prompt === '' ? [] : [`${NEGATIVE} ${negative_prompt}`];
  return [prompt, ...negative, pairs.join(', ')].join('\n').trim();
}

const quoted = (text: string): string => (/[,:\n\r]|^"/.test(text) ? JSON.stringify(text) : text);

/** The style's LoRA comes first; one that was trained here is known to no other program. */
const lorasOf = ({ style, loras }: FrameRecipe): FrameRecipe['loras'] =>
  style?.lora_path && style.family === null ? [{ name: style.lora_path, weight: 1 }, ...loras] : loras;

const tagOf = ({ name, weight }: FrameRecipe['loras'][number]): string =>
  `<lora:${modelStem(name).replace(/[:<>]/g, '_')}:${weight}>`;

/** The name of a model file without folder and extension. */
export const modelStem = (file: string): string =>
  (file.split(/[\\/]/).at(-1) ?? '').replace(/\.(safetensors|ckpt|gguf|pth?|sft)$/i, '');
