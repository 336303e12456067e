/** Enlarges pictures with small ESRGAN networks, without a GPU or a server. */
import { join } from 'node:path';
import { type Bilingual, type Family, type FrameRecipe, type Missing, StudioError } from '@limner/contract';
import { PictureEngine } from '../embedded/picture-engine.ts';
import { missingWeights } from '../embedded/weights.ts';
import type { EngineOutput, FrameContext } from '../engine.ts';
import { PICTURE_IN } from '../picture-family.ts';
import { DEFAULT_FACTOR } from '../upscale-limit.ts';
import { UPSCALE } from './jobs.ts';
import { ENLARGER_FILES, METHOD_LABELS, METHOD_NAMES, type MethodName } from './models.ts';

export const UPSCALE_FAMILY = 'upscale';

const family: Family = {
  id: UPSCALE_FAMILY,
  kind: 'upscale',
  label: { en: 'Upscale (built in)', zh: '放大（内置）' },
  description: {
    en: 'Enlarges a picture 2, 3 or 4 times with a small ESRGAN network, tile by tile, transparency included. Pixel art keeps its pixels and its colours.',
    zh: '用小型 ESRGAN 网络分块放大图片 2、3 或 4 倍，保留透明度。像素画保持像素与颜色不变。',
  },
  ...PICTURE_IN,
  params: [
    { key: 'factor', type: 'integer', default: DEFAULT_FACTOR, min: 2, max: 4, step: 1, effect: true },
    {
      key: 'model',
      type: 'choice',
      default: 'auto',
      choices: METHOD_NAMES.map((value) => ({ value, label: METHOD_LABELS[value] })),
      effect: true,
    },
  ],
  licence: 'MIT',
};

export class UpscaleEngine extends PictureEngine {
  readonly id = 'upscale';
  readonly label: Bilingual = { en: 'Upscale (built in)', zh: '放大（内置）' };

  families(): Family[] {
    return [family];
  }

  protected lacking(): Missing[] {
    return missingWeights(join(this.modelsDir, 'upscale'), ENLARGER_FILES);
  }

  supports(request: FrameRecipe): Missing[] {
    const { model } = request.params;
    return model === undefined || isMethod(model) ? this.missing(request.family) : [unknownModel(model)];
  }

  protected async draw(frame: FrameRecipe, ctx: FrameContext): Promise<EngineOutput[]> {
    if (frame.input_image === null) throw new StudioError('input_image_missing');
    const { model = 'auto', factor = DEFAULT_FACTOR } = frame.params;
    if (!isMethod(model) || !isFactor(factor)) {
      throw new StudioError('unsupported', {
        data: { family: UPSCALE_FAMILY, reason: `${model} ×${factor}` },
      });
    }
    const picture = await (await ctx.openInput(frame.input_image)).read();
    return [await this.runJob(UPSCALE, { modelsDir: this.modelsDir, model, factor, picture }, frame, ctx)];
  }
}

const isMethod = (name: string): name is MethodName => (METHOD_NAMES as readonly string[]).includes(name);

const isFactor = (factor: number): factor is 2 | 3 | 4 => factor === 2 || factor === 3 || factor === 4;

function unknownModel(name: string): Missing {
  return {
    what: 'model_file',
    name,
    cure: {
      en: `The built-in upscaler has the models ${METHOD_NAMES.join(', ')}. "${name}" needs a ComfyUI server.`,
      zh: `内置放大只有 ${METHOD_NAMES.join('、')} 这些模型，「${name}」需要 ComfyUI 服务器。`,
    },
  };
}
