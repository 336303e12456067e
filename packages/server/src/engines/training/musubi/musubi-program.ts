/**
 * Trains by musubi-tuner: Z-Image, FLUX.2 klein, Qwen-Image and Krea 2 on cards from 12 GB, from the single files that
 * ComfyUI paints with. Two processes encode pictures and captions, a third trains. From musubi-tuner 0.3.4.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Bilingual, Missing, TrainingParams } from '@limner/contract';
import { dataSetFile, promptsFile } from '../kohya/kohya-config.ts';
import { cachingReader, trainingReader } from '../kohya/kohya-output.ts';
import { OutputParts, partFolder } from '../kohya/output-parts.ts';
import { samplePrompts } from '../kohya/sample-prompts.ts';
import type {
  ProgramJob,
  ResumePoint,
  SavedLora,
  Stage,
  TrainingProgram,
} from '../program/training-program.ts';
import { chosenModel } from '../program-params.ts';
import { PythonProgram, type PythonProgramSettings } from '../python-program.ts';
import { type ChosenFiles, chosenFiles, presentFiles } from '../weights/chosen-files.ts';
import { WeightFolders } from '../weights/weight-folders.ts';
import {
  cacheFolder,
  latentArguments,
  type MusubiFiles,
  musubiDataSet,
  textArguments,
  trainArguments,
} from './musubi-config.ts';
import { MUSUBI_MODELS, type MusubiModel } from './musubi-models.ts';
import { MUSUBI_PARAMS, MUSUBI_PRESETS } from './musubi-params.ts';

const SAMPLE_STEPS = 25;

export class MusubiProgram implements TrainingProgram {
  readonly id = 'musubi';
  readonly label: Bilingual = { en: 'musubi-tuner', zh: 'musubi-tuner' };
  readonly description: Bilingual = {
    en: 'For Z-Image, FLUX.2 klein, Qwen-Image and Krea 2 on NVIDIA cards from 12 GB, with the bf16 model files that ComfyUI has. Continues from its last saved state.',
    zh: '用于 Z-Image、FLUX.2 klein、Qwen-Image 和 Krea 2，NVIDIA 显卡 12 GB 起，直接使用 ComfyUI 的 bf16 模型文件。可从最近保存的状态继续。',
  };
  readonly families = [...new Set(MUSUBI_MODELS.map(({ family }) => family))];
  readonly images = { min: 2, max: 1000 };
  readonly params = MUSUBI_PARAMS;
  readonly presets = MUSUBI_PRESETS;
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

  familyOf(params: TrainingParams): string {
    return modelOf(params).family;
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
    const wanted = MUSUBI_MODELS.flatMap(filesOf);
    await Promise.all([this.#program.refresh(), this.#weights.refresh(wanted)]);
  }

  stages(job: ProgramJob): readonly Stage[] {
    const { python: command, folder: program } = this.#program;
    const model = modelOf(job.job.params);
    const [dit = '', vae = '', textEncoder = ''] = presentFiles(this.#files(job.job.params));
    const files: MusubiFiles = { dit, vae, textEncoder };
    const common = { command, cwd: program, prepare: () => prepare(model, job) };
    const caching = { ...common, phase: 'caching', reader: cachingReader } as const;
    return [
      { ...caching, id: 'cache-latents', args: latentArguments(program, model, files, job.folder) },
      { ...caching, id: 'cache-captions', args: textArguments(program, model, files, job) },
      {
        ...{ ...common, id: 'training', phase: 'preparing', reader: () => trainingReader(job) },
        args: trainArguments(program, model, files, job),
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

  #files(params: TrainingParams): ChosenFiles {
    return chosenFiles(this.#weights, filesOf(modelOf(params)), String(params.base_model ?? ''));
  }
}

async function prepare(model: MusubiModel, job: ProgramJob): Promise<void> {
  const side = Number(job.job.params.resolution);
  const settings = { side, steps: SAMPLE_STEPS, options: model.sampleOptions };
  for (const folder of [cacheFolder(job.folder), partFolder(job)]) await mkdir(folder, { recursive: true });
  await writeFile(dataSetFile(job.folder), musubiDataSet(job));
  await writeFile(promptsFile(job.folder), samplePrompts(job.job, settings));
}

const filesOf = ({ dit, vae, textEncoder }: MusubiModel) => [dit, vae, textEncoder];

const modelOf = (params: TrainingParams): MusubiModel => chosenModel(MUSUBI_MODELS, params);

const FACTS = {
  name: 'musubi-tuner',
  source: 'kohya-ss/musubi-tuner',
  licence: 'Apache-2.0',
  script: 'src/musubi_tuner/zimage_train_network.py',
  packages: [
    'torch',
    'accelerate',
    'transformers',
    'diffusers',
    'safetensors',
    'toml',
    'voluptuous',
    'av',
    'cv2',
  ],
  variables: { folder: 'MUSUBI_DIR', python: 'MUSUBI_PYTHON' },
  version: { file: 'pyproject.toml', pattern: /^version = "([^"]+)"/m },
};
