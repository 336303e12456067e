/**
 * Trains by ComfyUI's own nodes on a server that Limner paints with: nothing is installed, and the files are those that the
 * server has. The server does nothing else meanwhile, because ComfyUI works on one prompt after another.
 */
import type { Bilingual, Missing, TrainerParam, TrainingParams } from '@limner/contract';
import type { StyleTrainer, Trained, TrainingContext, TrainingJob } from '../../training/trainer.ts';
import type { Model } from '../families/model.ts';
import type { Timing } from '../run/job-timing.ts';
import type { ServerInfo } from '../server-info.ts';
import { awayMissing, leastMissing, noServer } from '../servers/health.ts';
import type { ComfyPool } from '../servers/pool.ts';
import { lackedForTraining, type TrainSettings } from './train-graph.ts';
import { abandonTraining, TRAIN_SILENCE_MS, TrainRun } from './train-run.ts';
import { TRAINED_MODELS, type TrainedModel } from './trained-models.ts';

export interface ComfyTrainerOptions {
  pool: ComfyPool;
  models: readonly Model[];
  timing: Timing;
}

interface Pair {
  trained: TrainedModel;
  model: Model;
}

export class ComfyTrainer implements StyleTrainer {
  readonly id = 'comfyui';
  readonly label: Bilingual = { en: "ComfyUI's own nodes", zh: 'ComfyUI 自带节点' };
  readonly description: Bilingual = {
    en: 'Trains on a ComfyUI server with the nodes that it comes with: nothing to install, and the models that it paints with. The server paints nothing meanwhile. No samples and no checkpoints, so a run that is stopped begins again. Trains one manner of drawing well; for likeness a trainer of your own is finer.',
    zh: '用 ComfyUI 自带的节点在其服务器上训练：无需安装，直接使用它出图的模型。训练期间该服务器不能出图。没有样图和检查点，中断后需从头开始。适合学习画风；若要还原具体形象，专用训练器更精细。',
  };
  readonly lane = 'comfyui-training';
  readonly device = 'comfyui';
  readonly silenceMs = TRAIN_SILENCE_MS + 10 * 60_000;
  readonly tries = 2;
  readonly experimental = true;
  readonly images = { min: 2, max: 200 };
  readonly presets = [];
  readonly families = TRAINED_MODELS.map(({ family }) => family);
  readonly params: TrainerParam[];
  readonly #options: ComfyTrainerOptions;
  readonly #pairs: Pair[];

  constructor(options: ComfyTrainerOptions) {
    this.#options = options;
    this.#pairs = TRAINED_MODELS.flatMap((trained) => {
      const model = options.models.find(({ id }) => id === trained.family);
      return model ? [{ trained, model }] : [];
    });
    this.params = paramsOf(this.#pairs);
  }

  familyOf({ family }: TrainingParams): string {
    return String(family);
  }

  stepsOf({ steps }: TrainingParams): number {
    return Number(steps);
  }

  hasSamples(): boolean {
    return false;
  }

  /** Of the model that a server is nearest to. */
  missing(): Missing[] {
    const all = this.#pairs.map((pair) => this.#lacked(pair, { base: '' }));
    return all.reduce((least, each) => (each.length < least.length ? each : least), all[0] ?? [noServer]);
  }

  missingFor(params: TrainingParams): Missing[] {
    return this.#lacked(this.#pairOf(params), settingsOf(params, 0));
  }

  async run(job: TrainingJob, ctx: TrainingContext): Promise<Trained> {
    ctx.signal.throwIfAborted();
    const { pool, timing } = this.#options;
    const { trained, model } = this.#pairOf(job.params);
    const settings = settingsOf(job.params, job.seed);
    const resolution = Number(job.params.resolution);
    const run = new TrainRun({ pool, timing, trained, model, settings, resolution }, job, ctx);
    return { lora: await run.lora(), sheet: null };
  }

  abandon(ticket: string): void {
    abandonTraining(this.#options.pool, ticket);
  }

  async close(): Promise<void> {}

  #lacked({ trained, model }: Pair, settings: Pick<TrainSettings, 'base'>): Missing[] {
    const { pool } = this.#options;
    const lacked = (info: ServerInfo) => lackedForTraining(trained, model, settings, info);
    const away = pool.list().filter((member) => !pool.ready().includes(member));
    return leastMissing(pool.ready(), lacked) ?? (away.length > 0 ? away.flatMap(awayMissing) : [noServer]);
  }

  #pairOf({ family }: TrainingParams): Pair {
    const found = this.#pairs.find(({ trained }) => trained.family === family) ?? this.#pairs[0];
    if (!found) throw new Error('no model to train');
    return found;
  }
}

const settingsOf = (params: TrainingParams, seed: number): TrainSettings => ({
  steps: Number(params.steps),
  learningRate: Number(params.learning_rate),
  rank: Number(params.lora_rank),
  seed,
  offloading: params.offloading === true,
  base: String(params.base_model ?? ''),
});

const paramsOf = (pairs: readonly Pair[]): TrainerParam[] => [
  {
    key: 'lora_rank',
    type: 'integer',
    label: { en: 'Rank', zh: '秩（rank）' },
    hint: {
      en: 'The capacity of the style. 8 to 16 suit a style; more makes a larger file and may copy the pictures.',
      zh: '风格的容量。8 到 16 适合画风；更大则文件更大，也可能照搬原图。',
    },
    ...{ default: 16, min: 4, max: 64, step: 4 },
  },
  {
    key: 'learning_rate',
    type: 'number',
    label: { en: 'Learning rate', zh: '学习率' },
    hint: {
      en: "The size of each step. ComfyUI scales its LoRAs by 1/rank, so it needs more than other trainers' 0.0001: 0.0004 to 0.001.",
      zh: '学习的步幅。ComfyUI 会把 LoRA 按 1/rank 缩放，因此要比其他训练器的 0.0001 更大：0.0004 到 0.001。',
    },
    ...{ default: 0.0005, min: 0.00001, max: 0.01, step: 0.00001 },
  },
  {
    key: 'steps',
    type: 'integer',
    label: { en: 'Steps', zh: '步数' },
    hint: {
      en: 'The length of the training: 500 to 1000 for 20 pictures. The server paints nothing until the last.',
      zh: '训练时长：20 张图约 500 到 1000 步。训练结束前该服务器不能出图。',
    },
    ...{ default: 1000, min: 100, max: 10_000, step: 100 },
  },
  {
    key: 'family',
    type: 'choice',
    label: { en: 'Model', zh: '模型' },
    hint: { en: 'That the style will work with.', zh: '风格所适用的模型。' },
    default: pairs[0]?.trained.family ?? '',
    choices: pairs.map(({ trained, model: { label } }) => ({
      value: trained.family,
      label: { en: label, zh: label },
    })),
  },
  {
    key: 'resolution',
    folded: true,
    type: 'choice',
    label: { en: 'Resolution', zh: '分辨率' },
    hint: {
      en: 'Pictures are reduced to the area of this square. More takes more memory and time.',
      zh: '图片会缩小到该边长正方形的面积以内。越大越占显存、越慢。',
    },
    default: '512',
    choices: ['256', '512', '768', '1024'].map((value) => ({ value, label: { en: value, zh: value } })),
  },
  {
    key: 'base_model',
    folded: true,
    type: 'text',
    label: { en: 'File of the model', zh: '模型文件' },
    hint: {
      en: 'A safetensors file of the server. Empty: the one that is best trained, such as a base file rather than a distilled one.',
      zh: '服务器上的 safetensors 文件。留空则自动选择最适合训练的，例如 base 而非蒸馏版。',
    },
    default: '',
    max_chars: 300,
  },
  {
    key: 'offloading',
    folded: true,
    type: 'switch',
    label: { en: 'Save memory', zh: '节省显存' },
    hint: {
      en: 'Keeps the model in main memory and moves parts of it. Slower; ComfyUI 0.14 or newer, ignored by older ones.',
      zh: '模型留在内存中，用到时再搬入显存。更慢；需 ComfyUI 0.14 或更高版本，旧版忽略此项。',
    },
    default: false,
  },
];
