import { join } from 'node:path';
import { type FrameRecipe, type RecipeStyle, StudioError } from '@limner/contract';
import { describe, expect, it } from 'vitest';
import { storedFile } from '../../../test/folder-run-files.ts';
import { MODELS_DIR } from '../embedded/job-testing.ts';
import { weightsHash } from '../embedded/weights.ts';
import type { FrameContext } from '../engine.ts';
import { LORA_VALUES, scaledAdapter } from './paint/lora.ts';
import { DENOISER_WEIGHTS } from './paint/model.ts';
import { drawnWords, styleAdapter } from './style-adapter.ts';
import { writeStyleFile } from './style-file.ts';

const ink: RecipeStyle = {
  id: 2,
  name: 'Ink',
  lora_path: 'loras/trained-1.safetensors',
  family: 'starter-paint',
  trigger_words: 'ink drawing',
};
const frame = (prompt: string, style: RecipeStyle | null = ink) =>
  ({ family: 'starter-paint', prompt, style }) as FrameRecipe;
const holding = (file: Buffer) => ({ openLora: async () => storedFile(file) }) as unknown as FrameContext;
const facts = { steps: 300, triggerWords: '', pictures: 20 };

describe('a style trained for the painting hand', () => {
  it('keeps its words out of what the library draws', () => {
    expect(drawnWords(frame('ink drawing, a red dragon'))).toBe('a red dragon');
    expect(drawnWords(frame('a red dragon'))).toBe('a red dragon');
    expect(drawnWords(frame('a dragon, Ink drawing'))).toBe('a dragon');
    expect(drawnWords(frame('ink drawing'))).toBe('ink drawing');
    expect(drawnWords(frame('ink drawing, a dragon', null))).toBe('ink drawing, a dragon');
  });

  it('is refused on other weights, and when its file is no style', async () => {
    const old = writeStyleFile(new Float32Array(4), { base: 'an earlier one', ...facts });
    const refused = (file: Buffer) =>
      styleAdapter(frame('a dragon'), holding(file), MODELS_DIR).catch((error) => error);
    expect(await refused(old)).toMatchObject({ code: 'lora_outdated', field: 'style_id' });
    expect(await refused(Buffer.from('{}'))).toMatchObject({ code: 'lora_missing' });
    expect(await refused(old)).toBeInstanceOf(StudioError);
  });

  it('has the requested strength, and without any its file is not read', async () => {
    const base = await weightsHash(join(MODELS_DIR, 'starter'), DENOISER_WEIGHTS);
    const trained = new Float32Array(LORA_VALUES).fill(1);
    const file = holding(writeStyleFile(trained, { base, ...facts }));
    const at = (strength: number) => styleAdapter(frame('a dragon', { ...ink, strength }), file, MODELS_DIR);
    expect(await at(0.5)).toEqual(scaledAdapter(trained, 0.5));
    expect(await at(1)).toEqual(trained);
    const never = {
      openLora: async () => {
        throw new Error('the file is not needed');
      },
    } as unknown as FrameContext;
    const without = frame('a dragon', { ...ink, strength: 0 });
    expect(await styleAdapter(without, never, MODELS_DIR)).toBeNull();
  });

  it('is none where the request has no such style', async () => {
    expect(await styleAdapter(frame('a dragon', null), holding(Buffer.alloc(0)), MODELS_DIR)).toBeNull();
    const foreign = frame('a dragon', { ...ink, family: null });
    expect(await styleAdapter(foreign, holding(Buffer.alloc(0)), MODELS_DIR)).toBeNull();
  });
});
