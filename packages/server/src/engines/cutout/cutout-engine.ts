/** Cut-outs with alpha, without a GPU or a server. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Bilingual, type Family, type FrameRecipe, type Missing, StudioError } from '@limner/contract';
import { PictureEngine, type PictureEngineOptions } from '../embedded/picture-engine.ts';
import { missingWeights } from '../embedded/weights.ts';
import type { EngineOutput, FrameContext } from '../engine.ts';
import { COMFY_CUTOUT_MODELS, cutoutFamily, OWN_CUTOUT_MODELS } from './families.ts';
import { CUTOUT } from './jobs.ts';
import { PERSON_FILES } from './person.ts';

export interface CutoutEngineOptions extends PictureEngineOptions {
  /** Where users put ONNX files of their own, `<data dir>/models/cutout`. It need not exist. */
  userModelsDir: string;
}

export class CutoutEngine extends PictureEngine {
  readonly id = 'cutout';
  readonly label: Bilingual = { en: 'Cut-out (built in)', zh: '抠图（内置）' };
  readonly #userModelsDir: string;

  constructor(options: CutoutEngineOptions) {
    super(options);
    this.#userModelsDir = options.userModelsDir;
  }

  families(): Family[] {
    return [cutoutFamily(this.#userModels())];
  }

  protected lacking(): Missing[] {
    return missingWeights(join(this.modelsDir, 'cutout'), PERSON_FILES);
  }

  supports(request: FrameRecipe): Missing[] {
    const model = request.params.model ?? 'auto';
    if (OWN_CUTOUT_MODELS.includes(model) || COMFY_CUTOUT_MODELS.includes(model))
      return this.missing(request.family);
    return this.#userModels().includes(model) ? [] : [this.#unknownModel(model)];
  }

  protected async draw(frame: FrameRecipe, ctx: FrameContext): Promise<EngineOutput[]> {
    if (frame.input_image === null) throw new StudioError('input_image_missing');
    const model = frame.params.model ?? 'auto';
    const userModel = this.#userModels().includes(model) ? join(this.#userModelsDir, model) : null;
    const picture = await (await ctx.openInput(frame.input_image)).read();
    return [await this.runJob(CUTOUT, { modelsDir: this.modelsDir, model, userModel, picture }, frame, ctx)];
  }

  /** File names only: a name in a request must be in this list and is never used as a path. */
  #userModels(): string[] {
    try {
      return readdirSync(this.#userModelsDir)
        .filter((file) => file.endsWith('.onnx'))
        .sort();
    } catch {
      return [];
    }
  }

  #unknownModel(model: string): Missing {
    return {
      what: 'model_file',
      name: model,
      folder: 'models/cutout',
      cure: {
        en: `There is no cut-out model "${model}". Put a U²-Net, IS-Net or BiRefNet ONNX file of this name into models/cutout of the data folder, or use auto.`,
        zh: `没有名为「${model}」的抠图模型。请将同名的 U²-Net、IS-Net 或 BiRefNet ONNX 文件放入数据目录的 models/cutout，或使用 auto。`,
      },
    };
  }
}
