import { cp, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ControlNet, type ControlType, type FrameRecipe, Recipe, RecipeStyle } from '@limner/contract';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FolderRunFiles, storedFile } from '../../../test/folder-run-files.ts';
import { CutoutEngine } from '../cutout/cutout-engine.ts';
import { MODELS_DIR } from '../embedded/job-testing.ts';
import { decode } from '../embedded/picture.ts';
import { EmbeddedProcess } from '../embedded/process.ts';
import { seamError } from '../embedded/seam-error.ts';
import { bundledChild } from '../embedded/testing.ts';
import type { FrameContext } from '../engine.ts';
import { UpscaleEngine } from '../upscale/upscale-engine.ts';
import { StarterEngine } from './starter-engine.ts';

let shared: EmbeddedProcess;
let userModelsDir = '';

beforeAll(async () => {
  shared = new EmbeddedProcess({ entry: await bundledChild() });
  userModelsDir = join(await mkdtemp(join(tmpdir(), 'limner-user-')), 'models', 'cutout');
}, 30_000);

afterAll(() => shared.close());

const frame = (over: Partial<FrameRecipe> = {}): FrameRecipe => ({
  ...Recipe.parse({ kind: 'generation', type: 'txt2img', prompt: 'a red dragon', width: 128, height: 128 }),
  family: 'starter',
  seed: 3,
  ...over,
});

const controlOf = (type: ControlType) => ControlNet.parse({ type, image: 'u1' });

async function thing(): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="80" height="60"><rect width="80" height="60" fill="white"/><circle cx="40" cy="30" r="20" fill="#c03020"/></svg>`;
  return sharp(Buffer.from(svg)).removeAlpha().png().toBuffer();
}

const context = (over: Partial<FrameContext> = {}): FrameContext => ({
  task: 1,
  frame: 0,
  signal: new AbortController().signal,
  progress: () => {},
  waits: () => {},
  preview: () => {},
  openInput: async () => {
    const bytes = await thing();
    return { sha256: '', mediaType: 'image/png', width: 80, height: 60, read: async () => bytes };
  },
  openLora: async () => storedFile(Buffer.alloc(0)),
  ticket: null,
  saveTicket: async () => {},
  run: new FolderRunFiles('never-written'),
  ...over,
});

const starter = () => new StarterEngine({ modelsDir: MODELS_DIR, process: shared });
const cutter = () => new CutoutEngine({ modelsDir: MODELS_DIR, userModelsDir, process: shared });
const enlarger = () => new UpscaleEngine({ modelsDir: MODELS_DIR, process: shared });

describe('the built-in engines', () => {
  it.each([
    ['starter', 'a castle in a meadow at sunset'],
    ['starter', 'seamless stone tile'],
    ['starter-paint', 'a castle in a meadow at sunset'],
  ])('%s makes the edges of "%s" meet, and says how', async (family, prompt) => {
    const asked = frame({
      family,
      prompt,
      params: { tileable: 'both', ...(family === 'starter' ? {} : { steps: 4 }) },
    });
    const [output] = await starter().run(asked, context());
    const error = seamError(await decode(output?.body as Buffer));
    expect(Math.max(error.x, error.y)).toBeLessThan(1.25);
    expect(output?.provenance.summary.en).toMatch(/opposite edges meet/);
    expect(output?.provenance.details).toMatchObject({
      tileable: 'both',
      seam_error: { x: expect.any(Number) },
    });
  });

  it('compose a picture in the child and record how it was made', async () => {
    const [output] = await starter().run(frame(), context());
    expect(output).toMatchObject({
      mediaType: 'image/png',
      provenance: { engine: 'starter', family: 'starter' },
    });
    expect(output?.provenance.summary.en).not.toBe('');
    expect(await sharp(output?.body as Buffer).metadata()).toMatchObject({
      width: 128,
      height: 128,
      hasAlpha: true,
    });
  });

  it('compose as small and in the look that was asked for', async () => {
    const params = { library: 'game', treatment: 'pixel', pixel_grid: 16 } as const;
    const [output] = await starter().run(frame({ width: 16, height: 16, params }), context());
    expect(output?.provenance.details).toMatchObject({
      library: 'game',
      style: 'pixel',
      pixel_grid: { across: 16 },
    });
    expect(await sharp(output?.body as Buffer).metadata()).toMatchObject({ width: 16, height: 16 });
  });

  it('extend a picture in the child, at its own size', async () => {
    const outpaint = { left: 16, top: 0, right: 8, bottom: 4, feather: 0 };
    const asked = { type: 'inpaint', input_image: 'u1', outpaint, width: 104, height: 64 } as const;
    const [output] = await starter().run(frame(asked), context());
    expect(output?.provenance).toMatchObject({ family: 'starter', details: { hand: 'repaint', outpaint } });
    expect(output?.provenance.summary.en).toContain('the prompt has no effect');
    expect(output?.provenance.summary.zh).toContain('提示词对扩展部分不起作用');
    const whole = sharp(output?.body as Buffer);
    expect(await whole.metadata()).toMatchObject({ width: 104, height: 64 });
    const inner = whole.extract({ left: 16, top: 0, width: 80, height: 60 });
    expect(
      (await inner.raw().toBuffer()).equals(
        await sharp(await thing())
          .raw()
          .toBuffer(),
      ),
    ).toBe(true);
  });

  it('name licences in words of no language, and in both where credits are found', () => {
    for (const { id, licence, description } of starter().families()) {
      expect(licence).toBe('Apache-2.0, MIT, CC BY 3.0');
      if (id === 'starter-control-preview') continue;
      expect(description.en).toContain('for your credits');
      expect(description.zh).toContain('署名');
    }
  });

  it('take a word for a texture where edges shall meet', async () => {
    const asked = { prompt: 'grass', width: 64, height: 64, params: { tileable: 'both' } } as const;
    const [output] = await starter().run(frame(asked), context());
    expect((await sharp(output?.body as Buffer).stats()).isOpaque).toBe(true);
  });

  it('paint over a picture with progress and a preview', async () => {
    const [fractions, previews]: [number[], string[]] = [[], []];
    const ctx = context({
      progress: (fraction) => fractions.push(fraction),
      preview: (_, mediaType) => previews.push(mediaType),
    });
    const request = frame({
      family: 'starter-paint',
      type: 'img2img',
      input_image: 'u1',
      width: 200,
      height: 200,
      params: { steps: 4 },
    });
    const [output] = await starter().run(request, ctx);
    expect(output?.provenance.details).toMatchObject({ steps: 4, guidance: 2, denoise: 0.8 });
    expect(fractions.at(-1)).toBe(1);
    expect(previews).toEqual(['image/png']);
  });

  it('paint over the enlarged picture where a second pass is asked for', async () => {
    const fractions: number[] = [];
    const request = frame({
      family: 'starter-paint',
      width: 96,
      height: 64,
      params: { steps: 4, hires_scale: 1.5, hires_denoise: 0.4 },
    });
    const [output] = await starter().run(
      request,
      context({ progress: (fraction) => fractions.push(fraction) }),
    );
    expect(await sharp(output?.body as Buffer).metadata()).toMatchObject({ width: 144, height: 96 });
    expect(output?.provenance.details).toMatchObject({
      steps: 4,
      second_pass: { width: 144, height: 96, steps: 4, strength: 0.4 },
    });
    expect(output?.provenance.summary.en).toContain('painted over at 144 × 96');
    expect([fractions.some((fraction) => fraction < 0.5), fractions.at(-1)]).toEqual([true, 1]);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
  });

  it('cut out and enlarge an input', async () => {
    const request = {
      family: 'remove-background',
      type: null,
      input_image: 'u1',
      width: null,
      height: null,
    } as const;
    const [cut] = await cutter().run(
      frame({ ...request, kind: 'remove_bg', params: { model: 'birefnet-hr' } }),
      context(),
    );
    expect(cut?.provenance.details).toMatchObject({ asked: 'birefnet-hr', used: 'sprite' });
    const [large] = await enlarger().run(
      frame({ ...request, family: 'upscale', kind: 'upscale', params: { model: 'slim' } }),
      context(),
    );
    expect(await sharp(large?.body as Buffer).metadata()).toMatchObject({ width: 160, height: 120 });
  });

  it('refuse sizes beyond their own', async () => {
    await expect(starter().run(frame({ width: 2048 }), context())).rejects.toMatchObject({
      code: 'size_not_supported',
      data: { max: 1024 },
    });
  });

  it('say what a request needs that they do not have', () => {
    const controlnet = controlOf('canny');
    const style = RecipeStyle.parse({ id: 2, name: 'ink', lora_path: 'ink.safetensors' });
    expect(starter().supports(frame())).toEqual([]);
    expect(starter().supports(frame({ controlnet }))).toMatchObject([{ what: 'server', name: 'ComfyUI' }]);
    expect(starter().supports(frame({ style }))).toHaveLength(1);
    expect(starter().supports(frame({ type: 'img2img' }))[0]?.cure.en).toContain('starter-paint');
    expect(starter().supports(frame({ family: 'starter-paint', type: 'img2img' }))).toEqual([]);
  });

  it('follow edges and colours when painting, and say what depth and pose need', () => {
    const asked = (family: string, type: 'canny' | 'blur' | 'tile' | 'depth' | 'pose') =>
      starter().supports(frame({ family, controlnet: controlOf(type) }));
    for (const type of ['canny', 'blur', 'tile'] as const) {
      expect(asked('starter-paint', type)).toEqual([]);
      expect(asked('starter', type)[0]?.cure.en).toContain('starter-paint');
    }
    expect(asked('starter-paint', 'depth')).toMatchObject([
      {
        what: 'server',
        name: 'ComfyUI',
        cure: { en: expect.stringContaining('Depth control needs a ComfyUI') },
      },
    ]);
    expect(asked('starter-paint', 'pose')[0]?.cure.zh).toContain('姿态控制需要');
  });

  it('show what they follow of a control picture in its own shape, and say what the rest needs', async () => {
    const asked = {
      kind: 'control_preview',
      family: 'starter-control-preview',
      type: null,
      width: null,
      height: null,
    } as const;
    const [output] = await starter().run(frame({ ...asked, controlnet: controlOf('canny') }), context());
    expect(output?.provenance).toMatchObject({ family: asked.family, details: { type: 'canny' } });
    expect(await sharp(output?.body as Buffer).metadata()).toMatchObject({ width: 80, height: 60 });
    expect(starter().supports(frame({ ...asked, controlnet: controlOf('depth') }))[0]?.cure.zh).toContain(
      '深度控制需要',
    );
  });

  it('offer the ONNX files that lie in the user’s folder, and no path beyond it', async () => {
    const request = (model: string) =>
      frame({ kind: 'remove_bg', family: 'remove-background', params: { model } });
    expect(cutter().supports(request('mine.onnx'))).toMatchObject([
      { what: 'model_file', name: 'mine.onnx' },
    ]);
    await mkdir(userModelsDir, { recursive: true });
    await cp(join(MODELS_DIR, 'cutout', 'person.onnx'), join(userModelsDir, 'mine.onnx'));
    await writeFile(join(userModelsDir, '..', 'elsewhere.onnx'), '');
    expect(cutter().supports(request('mine.onnx'))).toEqual([]);
    expect(cutter().supports(request('../elsewhere.onnx'))).toHaveLength(1);
    const choices = cutter()
      .families()[0]
      ?.params[0]?.choices?.map((choice) => choice.value);
    expect(choices).toContain('mine.onnx');
    const [output] = await cutter().run({ ...request('mine.onnx'), input_image: 'u1' }, context());
    expect(output?.provenance.details.used).toBe('mine.onnx');
  });

  it('report themselves idle and healthy', async () => {
    expect(await cutter().health()).toMatchObject([
      { id: 'cutout', status: 'ready', families: ['remove-background'], missing: [] },
    ]);
  });
});
