import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { infotextOf, parseInfotext } from './infotext.ts';
import { type FrameRecipe, promptOf, Recipe } from './recipe.ts';
import { samplerNamed, scheduleNamed } from './sampler-names.ts';
import { anyRecipe, anySeed } from './testing.ts';

const SIZE = { width: 640, height: 512 };
const frameOf = (recipe: object): FrameRecipe => ({
  ...Recipe.parse({ kind: 'generation', ...recipe }),
  family: 'sdxl',
  seed: 7,
});

describe('the line of our pictures', () => {
  it('has the keys in the order of A1111, and only those that are set', () => {
    const line = infotextOf(
      frameOf({
        prompt: '红色的龙',
        negative_prompt: 'fog: thick, low',
        loras: [{ name: 'ink/inkStyle.safetensors', weight: 0.7 }],
        style: { name: 'Pen', trigger_words: 'penned', lora_path: 'pen.safetensors' },
        params: {
          steps: 28,
          cfg: 6.5,
          sampler: 'dpmpp_2m',
          scheduler: 'karras',
          model: 'xl/base.safetensors',
        },
        width: 832,
        height: 1216,
      }),
      SIZE,
      'SDXL',
    );
    expect(line).toBe(
      [
        'penned, 红色的龙, <lora:pen:1>, <lora:inkStyle:0.7>',
        'Negative prompt: fog: thick, low',
        'Steps: 28, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 6.5, Seed: 7, Size: 832x1216, Model: base, Version: Limner',
      ].join('\n'),
    );
  });

  it('names the second pass as A1111 does, and none where there is none', () => {
    const params = {
      hires_scale: 1.5,
      hires_steps: 12,
      hires_denoise: 0.4,
      hires_upscaler: 'latent-bicubic',
    };
    const line = (type: string, more: object = {}) =>
      infotextOf(frameOf({ prompt: 'a key', type, params: { ...params, ...more } }), SIZE, 'SDXL');
    expect(line('txt2img')).toContain(
      'Denoising strength: 0.4, Hires upscale: 1.5, Hires steps: 12, Hires upscaler: Latent (bicubic), Version',
    );
    expect(line('txt2img', { hires_upscaler: 'up/4x-Sharp.pth' })).toContain('Hires upscaler: 4x-Sharp');
    expect(line('img2img')).not.toContain('Hires');
    expect(line('txt2img', { hires_scale: 1 })).not.toMatch(/Hires|Denoising/);
  });

  it("has the picture's own size and the name of the model where the recipe says nothing", () => {
    expect(infotextOf(frameOf({ prompt: 'a cat' }), SIZE, 'Flux: dev, fp8')).toBe(
      'a cat\nSeed: 7, Size: 640x512, Model: "Flux: dev, fp8", Version: Limner',
    );
  });

  it('does not name a LoRA that was trained here', () => {
    const style = {
      name: 'Ink',
      trigger_words: 'inky',
      lora_path: 'styles/2.safetensors',
      family: 'starter',
    };
    expect(infotextOf(frameOf({ prompt: 'a cat', style }), SIZE, 'x')).not.toContain('<lora:');
  });

  it('is read as it was written', () => {
    // A line of a prompt that begins like A1111's own marks cannot be told from them.
    const isPlain = ({ prompt, negative_prompt, style }: Recipe) =>
      !/[\r\v\f\u0085\u2028\u2029]/.test(`${prompt}${negative_prompt}${style?.trigger_words}`) &&
      ![prompt, style?.trigger_words ?? ''].some((text) => /(^|\n)\s*Negative prompt:/.test(text));
    fc.assert(
      fc.property(anyRecipe.filter(isPlain), anySeed, (recipe, seed) => {
        const frame = {
          ...recipe,
          loras: [],
          style: recipe.style && { ...recipe.style, lora_path: null },
          family: 'a',
          seed,
        };
        const { prompt, negative, settings } = parseInfotext(infotextOf(frame, SIZE, 'm'));
        expect(prompt).toBe(promptOf(frame).trim());
        expect(negative).toBe(frame.negative_prompt.trim());
        expect(settings.get('Seed')).toBe(String(seed));
        expect(settings.get('Steps')).toBe(frame.params.steps?.toString());
        expect(settings.get('CFG scale')).toBe(frame.params.cfg?.toString());
        expect(settings.get('Size')).toBe(`${frame.width ?? 640}x${frame.height ?? 512}`);
      }),
    );
  });
});

describe('reading', () => {
  it('takes a last line with fewer than three pairs for the prompt', () => {
    expect(parseInfotext('a castle\nSteps: 20, Seed: 5')).toEqual({
      prompt: 'a castle\nSteps: 20, Seed: 5',
      negative: '',
      settings: new Map(),
    });
  });

  it('takes three pairs without a usual key for the prompt', () => {
    const prompt = 'portrait\nhair: red, eyes: blue, mood: calm';
    expect(parseInfotext(prompt)).toMatchObject({ prompt, settings: new Map() });
  });

  it('decodes quoted values and keeps undecodable ones', () => {
    const { settings } = parseInfotext(
      'x\nSteps: 2, Sampler: Euler, Seed: 1, A: "b: c, \\"d\\"\\n红", B: "\\x", C: "open, D: e',
    );
    expect(Object.fromEntries(settings)).toMatchObject({
      A: 'b: c, "d"\n红',
      B: '"\\x"',
      C: '"open',
      D: 'e',
    });
  });

  it('reads a long line of anything in time', () => {
    for (const long of [
      'a '.repeat(200_000),
      ' '.repeat(400_000),
      '"\\'.repeat(200_000),
      'a:{'.repeat(100_000),
    ])
      expect(parseInfotext(`x\n${long}`).prompt).not.toBe('');
  });
});

it.each([
  ['DPM++ 2M Karras', 'dpmpp_2m', 'karras'],
  ['dpmpp_2m', 'dpmpp_2m', null],
  ['Euler a', 'euler_ancestral', null],
  ['DDIM', 'ddim', null],
  ['DPM++ 2M SDE Exponential', 'dpmpp_2m_sde', 'exponential'],
  ['Restart', null, null],
])('the sampler %s is %s with %s', (written, sampler, scheduler) =>
  expect(samplerNamed(written)).toEqual({ sampler, scheduler }),
);

it.each([
  ['SGM Uniform', 'sgm_uniform'],
  ['karras', 'karras'],
  ['Turbo', null],
])('the schedule %s is %s', (written, schedule) => expect(scheduleNamed(written)).toBe(schedule));
