/**
 * From a request to a plan: everything that decides what the frames look like, fixed when the task is made. Pure: what
 * chance there is comes in as `random`.
 */
import {
  type Choice,
  type ControlNet,
  DEFAULT_NEGATIVE_PROMPT,
  type Family,
  type GenerateRequest,
  MAX_SEED,
  type Params,
  StudioError,
  type TaskKind,
} from '@limner/contract';
import type { FrameRequest, FrameStyle } from '../engines/engine.ts';

/** What the frames of a task share. Stored as JSON; pictures are named by id. */
export interface TaskPlan {
  type: FrameRequest['type'];
  /** As typed; the engine's prompt has the style's trigger words before it. */
  prompt: string;
  enginePrompt: string;
  negativePrompt: string | null;
  inputImage: string | null;
  maskImage: string | null;
  references: string[];
  controlnet: ControlNet | null;
  /** As asked; null when it was drawn. */
  seed: number | null;
  width: number | null;
  height: number | null;
  params: Params;
  style: FrameStyle | null;
  choice: Choice;
}

/** The plan of a stored task. */
export const planOf = (task: { plan: string }): TaskPlan => JSON.parse(task.plan) as TaskPlan;

/** A random seed: uniform in 0…2³²−1. `random` gives 0 ≤ x < 1. */
export const randomSeed = (random: () => number): number => Math.floor(random() * (MAX_SEED + 1));

/** null: each frame draws its own. Given: seed + index, around the end of the range. 0 is a seed. */
export function frameSeeds(seed: number | null, count: number, random: () => number): number[] {
  return Array.from({ length: count }, (_, index) =>
    seed === null ? randomSeed(random) : (seed + index) % (MAX_SEED + 1),
  );
}

/** The style's trigger words come first, unless the prompt says them already. */
export function withTriggerWords(prompt: string, triggerWords: string): string {
  const words = triggerWords.trim();
  if (words === '' || prompt.toLowerCase().includes(words.toLowerCase())) return prompt;
  return `${words}, ${prompt}`;
}

/**
 * The size a family paints, in pixels: asked or default, rounded to its step.
 * @throws StudioError `size_not_supported` beyond what it can.
 */
export function sizeFor(family: Family, width: number | undefined, height: number | undefined) {
  const { size } = family;
  if (!size) return { width: null, height: null };
  const side = (asked: number | undefined, field: string): number => {
    const value = asked ?? size.default;
    if (value > size.max)
      throw new StudioError('size_not_supported', { data: { family: family.label, max: size.max }, field });
    const stepped = Math.round(value / size.step) * size.step;
    return Math.min(size.max, Math.max(size.min, stepped));
  };
  return { width: side(width, 'width'), height: side(height, 'height') };
}

/** Fields that were given and change nothing on this family. */
export function ignoredFields(
  family: Family,
  request: Pick<GenerateRequest, 'negative_prompt' | 'params'>,
  style: FrameStyle | null,
): string[] {
  const effective = new Set<string>(family.params.filter((param) => param.effect).map((param) => param.key));
  const ignored = Object.entries(request.params)
    .filter(([key, value]) => value !== undefined && !effective.has(key))
    .map(([key]) => `params.${key}`);
  const asksNegative = request.negative_prompt !== '' && request.negative_prompt !== DEFAULT_NEGATIVE_PROMPT;
  if (asksNegative && !effective.has('negative_prompt')) ignored.push('negative_prompt');
  if (style?.loraPath && !family.loras) ignored.push('style.lora_path');
  return ignored;
}

/** One frame of the plan as the engine gets it. */
export function frameRequest(kind: TaskKind, family: string, plan: TaskPlan, seed: number): FrameRequest {
  const { controlnet } = plan;
  return {
    kind,
    family,
    type: plan.type,
    prompt: plan.enginePrompt,
    negativePrompt: plan.negativePrompt ?? '',
    seed,
    width: plan.width,
    height: plan.height,
    params: plan.params,
    style: plan.style,
    inputImage: plan.inputImage,
    maskImage: plan.maskImage,
    references: plan.references,
    controlnet: controlnet?.enabled ? { ...controlnet } : null,
  };
}

/** A long batch must not hold up a cut-out: quick kinds have a lane of their own beside each engine's. */
export function laneOf(kind: TaskKind, engine: string): string {
  const quick: TaskKind[] = ['remove_bg', 'control_preview', 'upscale'];
  return quick.includes(kind) ? `${engine}.quick` : engine;
}

/** Every lane that can exist with these engines. */
export const lanesOf = (engines: string[]): string[] =>
  engines.flatMap((engine) => [engine, `${engine}.quick`]);
