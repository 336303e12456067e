/** Enlarges pictures on the bare machine with small ESRGAN networks. */
import { join } from 'node:path';
import { type Bilingual, type Family, type FrameRecipe, type Missing, StudioError } from '@limner/contract';
import { PictureEngine } from '../embedded/picture-engine.ts';
import { missingWeights } from '../embedded/weights.ts';
import type { EngineOutput, FrameContext } from '../engine.ts';
import { PICTURE_IN } from '../picture-family.ts';
import { UPSCALE } from './jobs.ts';
import { ENLARGER_FILES, ENLARGER_LABELS, ENLARGER_NAMES, type EnlargerName } from './models.ts';

export const UPSCALE_FAMILY = 'upscale';

const family: Family = {
  id: UPSCALE_FAMILY,
  kind: 'upscale',
  label: { en: 'Upscale (built in)', zh: '放大（内置）' },
  description: {
    en: 'Enlarges a picture 2, 3 or 4 times with a small ESRGAN network, tile by tile, transparency included.',
    zh: '用小型 ESRGAN 网络分块放大图片 2、3 或 4 倍，保留透明度。',
  },
  ...PICTURE_IN,
  params: [
    { key: 'factor', type: 'integer', default: 2, min: 2, max: 4, step: 1, effect: true },
    {
      key: 'model',
      type: 'choice',
      default: 'thick',
      choices: ENLARGER_NAMES.map((value) => ({ value, label: ENLARGER_LABELS[value] })),
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

  missing(id: string): Missing[] {
    return id === UPSCALE_FAMILY ? missingWeights(join(this.modelsDir, 'upscale'), ENLARGER_FILES) : [];
  }

  supports(request: FrameRecipe): Missing[] {
    const { model } = request.params;
    return model === undefined || isEnlarger(model) ? this.missing(request.family) : [unknownModel(model)];
  }

  protected async draw(frame: FrameRecipe, ctx: FrameContext): Promise<EngineOutput[]> {
    if (frame.input_image === null) throw new StudioError('input_image_missing');
    const { model = 'thick', factor = 2 } = frame.params;
    if (!isEnlarger(model) || !isFactor(factor)) {
      throw new StudioError('unsupported', {
        data: { family: UPSCALE_FAMILY, reason: `${model} ×${factor}` },
      });
    }
    const picture = await (await ctx.openInput(frame.input_image)).read();
    return [await this.runJob(UPSCALE, { modelsDir: this.modelsDir, model, factor, picture }, frame, ctx)];
  }
}

const isEnlarger = (name: string): name is EnlargerName =>
  (ENLARGER_NAMES as readonly string[]).includes(name);

const isFactor = (factor: number): factor is 2 | 3 | 4 => factor === 2 || factor === 3 || factor === 4;

function unknownModel(name: string): Missing {
  return {
    what: 'model_file',
    name,
    cure: {
      en: `The built-in upscaler has the models ${ENLARGER_NAMES.join(' and ')}. "${name}" needs a ComfyUI server.`,
      zh: `内置放大只有 ${ENLARGER_NAMES.join('、')} 两种模型，「${name}」需要 ComfyUI 服务器。`,
    },
  };
}
