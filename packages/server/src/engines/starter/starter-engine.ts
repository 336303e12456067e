/** The engine that works on every machine, without GPU, server or download. */
import { join } from 'node:path';
import {
  type Bilingual,
  type ControlType,
  type Family,
  type FrameRecipe,
  hasSecondPass,
  type Missing,
  promptOf,
  type Size,
  StudioError,
  secondPassSize,
  tiledAxes,
} from '@limner/contract';
import { PictureEngine } from '../embedded/picture-engine.ts';
import { missingWeights } from '../embedded/weights.ts';
import type { EngineOutput, FrameContext, InputPicture } from '../engine.ts';
import { withLongerSide } from '../size.ts';
import {
  COMPOSE_FAMILY,
  CONTROL_PREVIEW_FAMILY,
  DEFAULT_STYLE_STRENGTH,
  PAINT_DEFAULTS,
  STARTER_FAMILIES,
} from './families.ts';
import { COMPOSE, CONTROL_PREVIEW, PAINT, REPAINT, TONE } from './jobs.ts';
import { PAINT_CONTROLS, type PaintControl } from './paint/control.ts';
import { PAINT_FILES } from './paint/model.ts';
import type { PaintJob } from './paint/paint-job.ts';
import { SHARPENER_FILE } from './paint/sharpen.ts';
import { drawnWords, hasOwnStyle, styleAdapter } from './style-adapter.ts';
import type { ToneJob } from './tone/tone.ts';

export class StarterEngine extends PictureEngine {
  readonly id = 'starter';
  readonly label: Bilingual = { en: 'Starter (built in)', zh: '入门引擎（内置）' };

  families(): Family[] {
    return [...STARTER_FAMILIES];
  }

  protected lacking(family: string): Missing[] {
    if (family === COMPOSE_FAMILY) return [];
    return missingWeights(join(this.modelsDir, 'starter'), [...PAINT_FILES, SHARPENER_FILE]);
  }

  supports(request: FrameRecipe): Missing[] {
    const family = STARTER_FAMILIES.find((each) => each.id === request.family);
    if (!family) return this.missing(request.family);
    const missing = this.missing(family.id);
    const control = request.controlnet?.type;
    if (control && !family.controls.includes(control)) missing.push(needsControl(control, family.id));
    const foreignStyle = request.style?.lora_path && !hasOwnStyle(request);
    if (foreignStyle || request.loras.length > 0) {
      missing.push(needsComfy('A trained style (LoRA)', '训练过的风格（LoRA）'));
    }
    if (request.type && !family.types.includes(request.type)) missing.push(needsType(request.type));
    return missing;
  }

  protected async draw(frame: FrameRecipe, ctx: FrameContext): Promise<EngineOutput[]> {
    if (frame.family === CONTROL_PREVIEW_FAMILY) return [await this.#look(frame, ctx)];
    if (frame.type === 'inpaint') return [await this.#repainted(frame, ctx)];
    return [await this.#inTone(await this.#painted(frame, ctx), frame, ctx)];
  }

  async #painted(frame: FrameRecipe, ctx: FrameContext): Promise<EngineOutput> {
    const { width, height } = sizeOf(frame);
    const prompt = promptOf(frame);
    const seed = Number(frame.seed);
    const tileable = tiledAxes(frame.params.tileable);
    const asTexture = tileable !== null;
    if (frame.family === COMPOSE_FAMILY) {
      const { library, treatment, pixel_grid } = frame.params;
      const job = { prompt, seed, width, height, library, treatment, pixel_grid, tileable, asTexture };
      return this.runJob(COMPOSE, job, frame, ctx);
    }
    const start = await bytesOf(frame.input_image, ctx);
    const { steps, guidance, denoise } = { ...PAINT_DEFAULTS, ...frame.params };
    const control = await paintControl(frame, ctx);
    const lora = await styleAdapter(frame, ctx, this.modelsDir);
    const settings = {
      steps,
      guidance,
      denoise,
      start,
      control,
      lora,
      library: frame.params.library,
      asTexture,
    };
    const drawn = drawnWords(frame);
    const job = { modelsDir: this.modelsDir, prompt, drawn, seed, width, height, tileable, ...settings };
    return hasSecondPass(frame) ? this.#paintTwice(job, frame, ctx) : this.runJob(PAINT, job, frame, ctx);
  }

  /** The second pass paints over the first picture at the larger size. */
  async #paintTwice(job: PaintJob, frame: FrameRecipe, ctx: FrameContext): Promise<EngineOutput> {
    const first = await this.process.run(PAINT, job, partOf(ctx, 0));
    const size = secondPassSize(frame.params, job, 1);
    const { hires_steps = job.steps, hires_denoise = PAINT_DEFAULTS.hires_denoise } = frame.params;
    const over = { ...job, ...size, steps: hires_steps, denoise: hires_denoise, start: first.png };
    const second = await this.runJob(PAINT, over, frame, partOf(ctx, 1));
    const { width, height } = size;
    const summary = {
      en: `${first.summary.en} Then enlarged and painted over at ${width} × ${height}.`,
      zh: `${first.summary.zh}再放大到 ${width} × ${height} 重绘。`,
    };
    const second_pass = { ...size, steps: hires_steps, strength: hires_denoise };
    const details = { ...first.details, second_pass };
    return { ...second, provenance: { ...second.provenance, summary, details } };
  }

  /** With the colours of the style pictures. */
  async #inTone(painted: EngineOutput, frame: FrameRecipe, ctx: FrameContext): Promise<EngineOutput> {
    const styles = await stylesOf(frame, ctx);
    if (styles.length === 0) return painted;
    const toned = await this.runJob(TONE, { picture: painted.body as Buffer, styles }, frame, ctx);
    const [first, second] = [painted.provenance, toned.provenance];
    const summary = {
      en: `${first.summary.en} ${second.summary.en}`,
      zh: `${first.summary.zh}${second.summary.zh}`,
    };
    return { ...toned, provenance: { ...first, summary, details: { ...first.details, ...second.details } } };
  }

  /** Within the mask and around the picture. Style pictures colour only what is repainted. */
  async #repainted(frame: FrameRecipe, ctx: FrameContext): Promise<EngineOutput> {
    const picture = await bytesOf(frame.input_image, ctx);
    if (!picture) throw new StudioError('input_image_missing');
    const { treatment, pixel_grid, library } = frame.params;
    const job = {
      ...{ picture, mask: await bytesOf(frame.mask_image, ctx), outpaint: frame.outpaint },
      ...{ prompt: promptOf(frame), seed: Number(frame.seed), library, treatment, pixel_grid },
      styles: await stylesOf(frame, ctx),
    };
    return this.runJob(REPAINT, job, frame, ctx);
  }

  async #look(frame: FrameRecipe, ctx: FrameContext): Promise<EngineOutput> {
    const type = PAINT_CONTROLS.find((each) => each === frame.controlnet?.type);
    if (!frame.controlnet || type === undefined) throw new StudioError('input_image_missing');
    const input = await ctx.openInput(frame.controlnet.image);
    const job = {
      modelsDir: this.modelsDir,
      type,
      picture: await input.read(),
      ...previewSize(frame, input),
    };
    return this.runJob(CONTROL_PREVIEW, job, frame, ctx);
  }
}

/** Progress of one of two passes. */
const partOf = (ctx: FrameContext, pass: 0 | 1): FrameContext => ({
  ...ctx,
  progress: (fraction) => ctx.progress((pass + fraction) / 2),
});

async function stylesOf({ style_images }: FrameRecipe, ctx: FrameContext): Promise<ToneJob['styles']> {
  const styles: ToneJob['styles'] = [];
  for (const { image, strength } of style_images) {
    const picture = await (await ctx.openInput(image)).read();
    styles.push({ picture, strength: strength ?? DEFAULT_STYLE_STRENGTH });
  }
  return styles;
}

const bytesOf = async (id: string | null, ctx: FrameContext): Promise<Buffer | null> =>
  id === null ? null : (await ctx.openInput(id)).read();

/** Without a requested size, the control picture's own, within the limits. */
function previewSize(frame: FrameRecipe, picture: InputPicture): Size {
  if (frame.width !== null || frame.height !== null) return sizeOf(frame);
  const most = STARTER_FAMILIES.find(({ id }) => id === CONTROL_PREVIEW_FAMILY)?.size?.max ?? 0;
  const { width, height } = withLongerSide(Math.min(most, Math.max(picture.width, picture.height)), picture);
  return { width, height };
}

async function paintControl({ controlnet }: FrameRecipe, ctx: FrameContext): Promise<PaintControl | null> {
  const type = PAINT_CONTROLS.find((each) => each === controlnet?.type);
  if (!controlnet || type === undefined) return null;
  const { image, strength, start, end } = controlnet;
  return { type, picture: await (await ctx.openInput(image)).read(), strength, start, end };
}

function sizeOf(frame: FrameRecipe): Size {
  const size = STARTER_FAMILIES.find((family) => family.id === frame.family)?.size;
  if (!size) throw new StudioError('family_not_found', { data: { family: frame.family } });
  const { width, height } = { width: frame.width ?? size.default, height: frame.height ?? size.default };
  if (Math.max(width, height) > size.max) {
    throw new StudioError('size_not_supported', { data: { family: frame.family, max: size.max } });
  }
  return { width, height };
}

function needsComfy(en: string, zh: string): Missing {
  return {
    what: 'server',
    name: 'ComfyUI',
    cure: {
      en: `${en} needs a ComfyUI server with the Flux families. Add one under Settings, Engines.`,
      zh: `${zh}需要带有 Flux 模型的 ComfyUI 服务器，请在“设置 → 引擎”中添加。`,
    },
  };
}

const CONTROL_NAMES: Record<ControlType, Bilingual> = {
  canny: { en: 'Canny control', zh: '边缘（Canny）控制' },
  depth: { en: 'Depth control', zh: '深度控制' },
  tile: { en: 'Tile control', zh: '分块（Tile）控制' },
  blur: { en: 'Blur control', zh: '模糊控制' },
  pose: { en: 'Pose control', zh: '姿态控制' },
};

/** starter supports no ControlNet; starter-paint supports canny, blur and tile. */
function needsControl(type: ControlType, family: string): Missing {
  const { en, zh } = CONTROL_NAMES[type];
  const painted = PAINT_CONTROLS.some((each) => each === type);
  if (family !== COMPOSE_FAMILY || !painted) return needsComfy(en, zh);
  return {
    what: 'server',
    name: 'ComfyUI',
    cure: {
      en: `${en} needs a ComfyUI server, or the family starter-paint of the built-in engine.`,
      zh: `${zh}需要 ComfyUI 服务器，或改用内置引擎的 starter-paint。`,
    },
  };
}

function needsType(type: string): Missing {
  const { en, zh } =
    type === 'inpaint' ? { en: 'Inpainting', zh: '局部重绘' } : { en: 'Image to image', zh: '图生图' };
  return {
    what: 'server',
    name: 'ComfyUI',
    cure: {
      en: `${en} needs a ComfyUI server, or the family starter-paint of the built-in engine.`,
      zh: `${zh}需要 ComfyUI 服务器，或改用内置引擎的 starter-paint。`,
    },
  };
}
