/**
 * Trains by mflux on Macs with Apple silicon: Z-Image Turbo and FLUX.2 klein, or FLUX.1 dev with the last version that does,
 * 0.15.5. One process, whose bar has no loss; losses are in its files. It writes nothing when it is stopped, so a run
 * continues from its last checkpoint.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Bilingual, LossPoint, Missing, TrainingParams } from '@limner/contract';
import { barSteps } from '../program/bar.ts';
import type {
  ProgramJob,
  ResumePoint,
  SavedLora,
  Stage,
  TrainingProgram,
} from '../program/training-program.ts';
import { chosenModel } from '../program-params.ts';
import { MfluxCheckpoints } from './mflux-checkpoints.ts';
import { configFile, mfluxConfig, outputFolder, roundsOf } from './mflux-config.ts';
import { type LookedUp, lookUpMflux } from './mflux-install.ts';
import { lossesOfPage } from './mflux-losses.ts';
import { MFLUX_MODELS, type MfluxGeneration, type MfluxModel } from './mflux-models.ts';
import { MFLUX_PARAMS } from './mflux-params.ts';

export interface MfluxSettings {
  /** An absolute path, or a name in `searchPath`. */
  command: string;
  searchPath: string;
  env: Readonly<Record<string, string>>;
}

export class MfluxProgram implements TrainingProgram {
  readonly id = 'mflux';
  readonly label: Bilingual = { en: 'mflux (Mac)', zh: 'mflux（Mac）' };
  readonly description: Bilingual = {
    en: 'For Z-Image Turbo and FLUX.2 klein on Macs with Apple silicon; FLUX.1 dev with mflux 0.15.5. It downloads the model on first use. Continues from its last checkpoint.',
    zh: '在 Apple 芯片的 Mac 上训练 Z-Image Turbo 和 FLUX.2 klein；FLUX.1 dev 需要 mflux 0.15.5。首次使用时会下载模型。可从最近的检查点继续。',
  };
  readonly families = [...new Set(MFLUX_MODELS.map(({ family }) => family))];
  readonly images = { min: 2, max: 1000 };
  readonly params = MFLUX_PARAMS;
  readonly presets = [];
  readonly experimental = false;
  readonly device = 'gpu 0';
  readonly #settings: MfluxSettings;
  readonly #checkpoints = new MfluxCheckpoints();
  #found: LookedUp = 'not found';

  constructor(settings: MfluxSettings) {
    this.#settings = settings;
  }

  familyOf(params: TrainingParams): string {
    return modelOf(params).family;
  }

  stepsOf(params: TrainingParams, pictures: number): number {
    return roundsOf(params, pictures).steps;
  }

  missing(): Missing[] {
    if (this.#found === 'not found') return [lack(NOT_FOUND)];
    if (this.#found === 'does not start') return [lack(DOES_NOT_START)];
    return [];
  }

  /** Each version trains its own models. */
  missingFor(params: TrainingParams): Missing[] {
    const { generation } = modelOf(params);
    if (typeof this.#found === 'string' || this.#found.generation === generation) return [];
    return [lack(OTHER_VERSION[generation])];
  }

  async refresh(): Promise<void> {
    const { command, searchPath, env } = this.#settings;
    this.#found = await lookUpMflux(command, searchPath, env);
  }

  stages(job: ProgramJob): readonly Stage[] {
    const model = modelOf(job.job.params);
    const options = OPTIONS[model.generation];
    const config = configFile(job.folder);
    return [
      {
        ...{ id: 'training', phase: 'preparing' },
        command: typeof this.#found === 'string' ? this.#settings.command : this.#found.command,
        args: job.from ? [options.resume, job.from.path] : [options.config, config],
        prepare: async () => {
          await this.#checkpoints.putAside(job);
          await writeFile(config, JSON.stringify(mfluxConfig(model, job), null, 2));
        },
        // Other bars are of previews and downloads, which have other totals or a description.
        reader: () => barSteps({ total: job.steps, description: '' }),
      },
    ];
  }

  saved(job: ProgramJob): Promise<SavedLora[]> {
    return this.#checkpoints.saved(job);
  }

  resumePoint(job: Omit<ProgramJob, 'from' | 'ended'>): Promise<ResumePoint | null> {
    return this.#checkpoints.resumePoint(job);
  }

  samples({ job, folder }: ProgramJob): string | null {
    if (Number(job.params.sample_every) === 0) return null;
    return path.join(
      outputFolder(folder),
      ...(isNewer(job.params) ? ['preview'] : ['_validation', 'images']),
    );
  }

  losses(run: ProgramJob): Promise<LossPoint[]> {
    return isNewer(run.job.params) ? lossesOfPage(run.folder) : this.#checkpoints.losses(run);
  }
}

const OPTIONS: Record<MfluxGeneration, { config: string; resume: string }> = {
  flux1: { config: '--train-config', resume: '--train-checkpoint' },
  newer: { config: '--config', resume: '--resume' },
};

const modelOf = (params: TrainingParams): MfluxModel => chosenModel(MFLUX_MODELS, params);

const isNewer = (params: TrainingParams): boolean => modelOf(params).generation === 'newer';

const lack = (cure: Bilingual): Missing => ({
  ...{ what: 'package', name: 'mflux', cure, licence: 'MIT' },
  source: 'https://github.com/filipstrand/mflux',
});

const NOT_FOUND: Bilingual = {
  en: 'On a Mac with Apple silicon, install it with "uv tool install mflux". If mflux-train is not in PATH, set MFLUX_TRAIN to its path.',
  zh: '在 Apple 芯片的 Mac 上用 "uv tool install mflux" 安装。若 mflux-train 不在 PATH 中，请将 MFLUX_TRAIN 设为其路径。',
};
const DOES_NOT_START: Bilingual = {
  en: 'mflux-train does not start. Run "mflux-train --help" to see why; it needs a Mac with Apple silicon.',
  zh: 'mflux-train 无法启动。请运行 "mflux-train --help" 查看原因；它需要 Apple 芯片的 Mac。',
};
const OTHER_VERSION: Record<MfluxGeneration, Bilingual> = {
  flux1: {
    en: 'Versions from 0.16 on do not train FLUX.1. Choose another model, or install mflux 0.15.5 and set MFLUX_TRAIN to its mflux-train.',
    zh: '0.16 及以后的版本不再训练 FLUX.1。请选择其他模型，或安装 mflux 0.15.5 并将 MFLUX_TRAIN 设为其 mflux-train。',
  },
  newer: {
    en: 'Versions up to 0.15.5 train only FLUX.1. Update it with "uv tool upgrade mflux".',
    zh: '0.15.5 及以前的版本只能训练 FLUX.1。请用 "uv tool upgrade mflux" 更新。',
  },
};
