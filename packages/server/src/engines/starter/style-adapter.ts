/** The adapter of a style that was trained here, checked against the weights it was trained on. */
import { join } from 'node:path';
import { type FrameRecipe, promptOf, StudioError } from '@limner/contract';
import { weightsHash } from '../embedded/weights.ts';
import type { FrameContext } from '../engine.ts';
import { PAINT_FAMILY, STARTER_FAMILIES } from './families.ts';
import { scaledAdapter } from './paint/lora.ts';
import { DENOISER_WEIGHTS } from './paint/model.ts';
import { readStyleFile } from './style-file.ts';

/** Only styles trained for starter-paint fit; any other LoRA belongs to a ComfyUI server. */
export const hasOwnStyle = ({ style, family }: FrameRecipe): boolean =>
  style?.lora_path != null && style.family === PAINT_FAMILY && family === PAINT_FAMILY;

/** The prompt without the words of a style that was trained on them: the library would draw them as a thing. */
export function drawnWords(frame: FrameRecipe): string {
  const prompt = promptOf(frame);
  const words = frame.style?.trigger_words.trim().toLowerCase();
  if (!words || !hasOwnStyle(frame)) return prompt;
  const at = prompt.toLowerCase().indexOf(words);
  if (at < 0) return prompt;
  const left = prompt.slice(0, at) + prompt.slice(at + words.length);
  return left.replace(/^[\s,，、]+|[\s,，、]+$/g, '') || prompt;
}

/**
 * Scaled to the requested strength. null where the request has no such style, or nothing of it.
 * @throws StudioError `lora_missing`, or `lora_outdated` after a change of the weights
 */
export async function styleAdapter(
  frame: FrameRecipe,
  ctx: FrameContext,
  modelsDir: string,
): Promise<Float32Array | null> {
  const strength = frame.style?.strength ?? 1;
  if (!frame.style || !hasOwnStyle(frame) || strength === 0) return null;
  const data = {
    style: frame.style.name,
    family: STARTER_FAMILIES.find(({ id }) => id === PAINT_FAMILY)?.label,
  };
  const file = readStyleFile(await (await ctx.openLora(frame.style)).read());
  if (!file) throw new StudioError('lora_missing', { data, field: 'style_id' });
  if (file.base !== (await weightsHash(join(modelsDir, 'starter'), DENOISER_WEIGHTS)))
    throw new StudioError('lora_outdated', { data, field: 'style_id' });
  return strength === 1 ? file.adapter : scaledAdapter(file.adapter, strength);
}
