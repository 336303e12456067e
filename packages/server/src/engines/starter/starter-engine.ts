/** The engine that works on every machine: no GPU, no server, no download. */
import { join } from 'node:path';
import { type Bilingual, type Family, type Missing, StudioError } from '@limner/contract';
import { PictureEngine } from '../embedded/picture-engine.ts';
import type { EmbeddedProcess } from '../embedded/process.ts';
import { missingWeights } from '../embedded/weights.ts';
import type { EngineOutput, FrameContext, FrameRequest } from '../engine.ts';
import { ENLARGER_FILES } from '../upscale/models.ts';
import { COMPOSE_FAMILY, PAINT_DEFAULTS, PAINT_FAMILY, STARTER_FAMILIES } from './families.ts';
import { PAINT_FILES } from './paint/model.ts';

export interface StarterEngineOptions {
  /** The repository's `models` folder. */
  modelsDir: string;
  process: EmbeddedProcess;
}

export class StarterEngine extends PictureEngine {
  readonly id = 'starter';
  readonly label: Bilingual = { en: 'Starter (built in)', zh: '入门引擎（内置）' };
  readonly #modelsDir: string;

  constructor(options: StarterEngineOptions) {
    super(options.process);
    this.#modelsDir = options.modelsDir;
  }

  families(): Family[] {
    return [...STARTER_FAMILIES];
  }

  missing(family: string): Missing[] {
    if (family !== PAINT_FAMILY) return [];
    return [
      ...missingWeights(join(this.#modelsDir, 'starter'), PAINT_FILES),
      ...missingWeights(join(this.#modelsDir, 'upscale'), ENLARGER_FILES),
    ];
  }

  supports(request: FrameRequest): Missing[] {
    const family = STARTER_FAMILIES.find((each) => each.id === request.family);
    if (!family) return [needsComfy(`family ${request.family}`, request.family)];
    const missing = this.missing(family.id);
    if (request.controlnet) missing.push(needsComfy('ControlNet', 'ControlNet'));
    if (request.style?.loraPath || request.loras?.length) {
      missing.push(needsComfy('A trained style (LoRA)', '训练过的风格（LoRA）'));
    }
    if (request.type && !family.types.includes(request.type)) missing.push(needsType(request.type));
    return missing;
  }

  protected async draw(frame: FrameRequest, ctx: FrameContext): Promise<EngineOutput[]> {
    const { width, height } = sizeOf(frame);
    const { prompt, seed } = frame;
    if (frame.family === COMPOSE_FAMILY) {
      return [await this.runJob('compose', { prompt, seed, width, height }, frame, ctx)];
    }
    const start = frame.inputImage === null ? null : await (await ctx.openInput(frame.inputImage)).read();
    const { steps, guidance, denoise } = { ...PAINT_DEFAULTS, ...frame.params };
    const job = { modelsDir: this.#modelsDir, prompt, seed, width, height, steps, guidance, denoise, start };
    return [await this.runJob('paint', job, frame, ctx)];
  }
}

function sizeOf(frame: FrameRequest): { width: number; height: number } {
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

function needsType(type: string): Missing {
  if (type === 'img2img') {
    return {
      what: 'server',
      name: 'ComfyUI',
      cure: {
        en: 'Image to image needs a ComfyUI server, or the family starter-paint of the built-in engine.',
        zh: '图生图需要 ComfyUI 服务器，或改用内置引擎的 starter-paint。',
      },
    };
  }
  return needsComfy('Inpainting', '局部重绘');
}
