/**
 * Trains by ostris' ai-toolkit: FLUX.2 klein, Z-Image, Qwen-Image and FLUX.1, from repositories that it downloads. One
 * process; it ends with exit code 0 when it is interrupted, so only the last file says that it has finished.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Bilingual, Missing, TrainingParams } from '@limner/contract';
import { barSteps } from '../program/bar.ts';
import type {
  LineReader,
  ProgramJob,
  ProgramNews,
  ResumePoint,
  SavedLora,
  Stage,
  TrainingProgram,
} from '../program/training-program.ts';
import { chosenModel } from '../program-params.ts';
import { PythonProgram, type PythonProgramSettings } from '../python-program.ts';
import { aiToolkitConfig, configFile, configText, JOB_NAME, outputFolder } from './ai-toolkit-config.ts';
import { AiToolkitFiles } from './ai-toolkit-files.ts';
import { AI_TOOLKIT_MODELS, type AiToolkitModel } from './ai-toolkit-models.ts';
import { AI_TOOLKIT_PARAMS, AI_TOOLKIT_PRESETS } from './ai-toolkit-params.ts';

export class AiToolkitProgram implements TrainingProgram {
  readonly id = 'ai-toolkit';
  readonly label: Bilingual = { en: 'ai-toolkit', zh: 'ai-toolkit' };
  readonly description: Bilingual = {
    en: 'For FLUX.2 klein, Z-Image, Qwen-Image and FLUX.1 on NVIDIA cards, best with 24 GB. It downloads the model on first use. Continues from its last saved step.',
    zh: '用于 FLUX.2 klein、Z-Image、Qwen-Image 和 FLUX.1，NVIDIA 显卡，建议 24 GB。首次使用时会下载模型。可从最近保存的步数继续。',
  };
  readonly families = [...new Set(AI_TOOLKIT_MODELS.map(({ family }) => family))];
  readonly images = { min: 2, max: 1000 };
  readonly params = AI_TOOLKIT_PARAMS;
  readonly presets = AI_TOOLKIT_PRESETS;
  readonly experimental = false;
  readonly device = 'gpu 0';
  readonly #program: PythonProgram;
  readonly #files = new AiToolkitFiles();

  constructor(settings: PythonProgramSettings) {
    this.#program = new PythonProgram(FACTS, settings);
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

  refresh(): Promise<void> {
    return this.#program.refresh();
  }

  stages(job: ProgramJob): readonly Stage[] {
    const { python: command, folder: program } = this.#program;
    const config = aiToolkitConfig(modelOf(job.job.params), job);
    return [
      {
        ...{ id: 'training', phase: 'preparing', command, cwd: program },
        args: [path.join(program, 'run.py'), configFile(job.folder)],
        prepare: async () => {
          await this.#files.putAside(job);
          await mkdir(outputFolder(job.folder), { recursive: true });
          await writeFile(configFile(job.folder), configText(config));
        },
        reader: () => reader(job.steps),
      },
    ];
  }

  saved(job: ProgramJob): Promise<SavedLora[]> {
    return this.#files.saved(job);
  }

  resumePoint(job: Omit<ProgramJob, 'from'>): Promise<ResumePoint | null> {
    return this.#files.resumePoint(job);
  }

  samples({ folder }: ProgramJob): string {
    return path.join(outputFolder(folder), 'samples');
  }
}

const WORDS: readonly [RegExp, ProgramNews][] = [
  [/caching latents/i, { phase: 'caching' }],
  [/generating (baseline samples|images)/i, { phase: 'sampling' }],
  [/^saving at step/i, { phase: 'saving' }],
];

/** Its bar counts from the start of the run, also after it was resumed. */
export function reader(steps: number): LineReader {
  const read = barSteps({ total: steps, description: JOB_NAME });
  return (line) => {
    const found = read(line);
    return found.length > 0 ? found : WORDS.flatMap(([words, news]) => (words.test(line) ? [news] : []));
  };
}

const modelOf = (params: TrainingParams): AiToolkitModel => chosenModel(AI_TOOLKIT_MODELS, params);

const FACTS = {
  name: 'ai-toolkit',
  source: 'ostris/ai-toolkit',
  licence: 'MIT',
  script: 'run.py',
  packages: ['torch', 'accelerate', 'transformers', 'diffusers', 'safetensors', 'oyaml', 'dotenv', 'lycoris'],
  variables: { folder: 'AI_TOOLKIT_DIR', python: 'AI_TOOLKIT_PYTHON' },
  version: { file: 'version.py', pattern: /VERSION = "([^"]+)"/ },
};
