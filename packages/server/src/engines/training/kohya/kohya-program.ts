/**
 * Trains by kohya's sd-scripts: FLUX.1 on cards from 8 GB, and SDXL, from the single files that ComfyUI paints with.
 * One process caches and trains. From sd-scripts 0.10.1.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Bilingual, Missing, TrainingParams } from '@limner/contract';
import type {
  ProgramJob,
  ResumePoint,
  SavedLora,
  Stage,
  TrainingProgram,
} from '../program/training-program.ts';
import { PythonProgram, type PythonProgramSettings } from '../python-program.ts';
import { type ChosenFiles, chosenFiles, presentFiles } from '../weights/chosen-files.ts';
import { WeightFolders } from '../weights/weight-folders.ts';
import { dataSetFile, kohyaArguments, kohyaDataSet, promptsFile } from './kohya-config.ts';
import { KOHYA_MODELS, type KohyaModel } from './kohya-models.ts';
import { trainingReader } from './kohya-output.ts';
import { KOHYA_PARAMS, KOHYA_PRESETS } from './kohya-params.ts';
import { OutputParts, partFolder } from './output-parts.ts';
import { samplePrompts } from './sample-prompts.ts';

const SAMPLE_STEPS = 20;

export class KohyaProgram implements TrainingProgram {
  readonly id = 'kohya';
  readonly label: Bilingual = { en: 'kohya sd-scripts', zh: 'kohya sd-scripts' };
  readonly description: Bilingual = {
    en: 'For FLUX.1 and SDXL on NVIDIA cards from 8 GB, with the model files that ComfyUI has. Continues from its last saved state.',
    zh: '用于 FLUX.1 和 SDXL，NVIDIA 显卡 8 GB 起，直接使用 ComfyUI 的模型文件。可从最近保存的状态继续。',
  };
  readonly families = KOHYA_MODELS.map(({ family }) => family);
  readonly images = { min: 2, max: 1000 };
  readonly params = KOHYA_PARAMS;
  readonly presets = KOHYA_PRESETS;
  readonly experimental = false;
  readonly device = 'gpu 0';
  readonly #program: PythonProgram;
  readonly #weights: WeightFolders;
  readonly #output = new OutputParts();

  /** `modelFolders`: such as ComfyUI's `models`. */
  constructor(settings: PythonProgramSettings, modelFolders: readonly string[]) {
    this.#program = new PythonProgram(FACTS, settings);
    this.#weights = new WeightFolders(modelFolders);
  }

  familyOf({ family }: TrainingParams): string {
    return String(family);
  }

  stepsOf({ steps }: TrainingParams): number {
    return Number(steps);
  }

  missing(): Missing[] {
    return this.#program.missing;
  }

  missingFor(params: TrainingParams): Missing[] {
    return this.#files(params).missing;
  }

  async refresh(): Promise<void> {
    const wanted = KOHYA_MODELS.flatMap(({ files }) => files.map(({ file }) => file));
    await Promise.all([this.#program.refresh(), this.#weights.refresh(wanted)]);
  }

  stages(job: ProgramJob): readonly Stage[] {
    const model = modelOf(job.job.params);
    return [
      {
        ...{ id: 'training', phase: 'preparing', cwd: this.#program.folder },
        command: this.#program.python,
        args: kohyaArguments(this.#program.folder, model, presentFiles(this.#files(job.job.params)), job),
        prepare: () => this.#prepare(model, job),
        reader: () => trainingReader(job),
      },
    ];
  }

  saved(job: ProgramJob): Promise<SavedLora[]> {
    return this.#output.saved(job);
  }

  resumePoint(job: Omit<ProgramJob, 'from'>): Promise<ResumePoint | null> {
    return this.#output.resumePoint(job);
  }

  samples(job: ProgramJob): string {
    return path.join(partFolder(job), 'sample');
  }

  async #prepare(model: KohyaModel, job: ProgramJob): Promise<void> {
    const settings = {
      ...{ side: Number(job.job.params.resolution), steps: SAMPLE_STEPS },
      options: model.sampleOptions,
    };
    await mkdir(partFolder(job), { recursive: true });
    await writeFile(dataSetFile(job.folder), kohyaDataSet(job));
    await writeFile(promptsFile(job.folder), samplePrompts(job.job, settings));
  }

  #files(params: TrainingParams): ChosenFiles {
    const wanted = modelOf(params).files.map(({ file }) => file);
    return chosenFiles(this.#weights, wanted, String(params.base_model ?? ''));
  }
}

function modelOf({ family }: TrainingParams): KohyaModel {
  const found = KOHYA_MODELS.find((model) => model.family === family);
  if (!found) throw new Error(`no model of the family ${String(family)}`);
  return found;
}

const FACTS = {
  name: 'sd-scripts',
  source: 'kohya-ss/sd-scripts',
  licence: 'Apache-2.0',
  script: 'flux_train_network.py',
  packages: ['torch', 'accelerate', 'transformers', 'diffusers', 'safetensors', 'toml', 'voluptuous', 'cv2'],
  variables: { folder: 'KOHYA_DIR', python: 'KOHYA_PYTHON' },
  version: { file: 'README.md', pattern: /Version (\d+\.\d+\.\d+)/ },
};
