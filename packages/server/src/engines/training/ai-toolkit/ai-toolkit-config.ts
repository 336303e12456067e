/** The configuration of ai-toolkit for a run. Pure. */
import path from 'node:path';
import { SAMPLE_PROMPTS } from '@limner/contract';
import type { ProgramJob } from '../program/training-program.ts';
import type { AiToolkitModel } from './ai-toolkit-models.ts';

/** Of its files, its folder and its bar. It searches files by this as a pattern, so it has no special characters. */
export const JOB_NAME = 'lora';
const SAMPLES = 2;
/** It deletes older ones; the checkpoints of a run are kept. */
const KEEP_ALL = 10_000;

export const configFile = (folder: string): string => path.join(folder, 'ai-toolkit.json');
export const outputFolder = (folder: string): string => path.join(folder, 'output', JOB_NAME);

export function aiToolkitConfig(model: AiToolkitModel, { job, folder, pictures, steps }: ProgramJob): object {
  const { params, triggerWords, seed } = job;
  const rank = Number(params.lora_rank);
  const side = Number(params.resolution);
  const sampleEvery = Number(params.sample_every);
  const quantize = params.quantize === true;
  const process = {
    ...{ type: 'sd_trainer', training_folder: path.join(folder, 'output'), device: 'cuda:0' },
    training_seed: seed % 2 ** 32,
    network: { type: 'lora', linear: rank, linear_alpha: rank },
    save: { dtype: 'bf16', save_every: Number(params.save_every), max_step_saves_to_keep: KEEP_ALL },
    datasets: [
      {
        ...{ folder_path: pictures, caption_ext: 'txt', caption_dropout_rate: 0.05 },
        ...{ cache_latents_to_disk: true, resolution: [side] },
      },
    ],
    train: {
      ...{ steps, batch_size: Number(params.batch_size), lr: Number(params.learning_rate) },
      ...{ train_unet: true, train_text_encoder: false, gradient_checkpointing: true },
      ...{ noise_scheduler: 'flowmatch', optimizer: String(params.optimizer), dtype: 'bf16' },
      ...(model.timestepType === null ? {} : { timestep_type: model.timestepType }),
      ...{ disable_sampling: sampleEvery === 0, skip_first_sample: true },
    },
    model: {
      ...model.model,
      ...{ quantize, qtype: 'qfloat8', quantize_te: quantize, qtype_te: 'qfloat8' },
      low_vram: params.low_vram === true,
      ...(params.text_encoder_offload === true ? OFFLOADED_TEXT_ENCODER : {}),
    },
    sample: {
      ...{ sampler: 'flowmatch', sample_every: Math.max(1, sampleEvery), width: side, height: side },
      prompts: SAMPLE_PROMPTS.slice(0, SAMPLES).map(({ en }) =>
        [triggerWords, en].filter(Boolean).join(', '),
      ),
      ...{ neg: '', seed: seed % 2 ** 32, walk_seed: true },
      ...{ guidance_scale: model.guidance, sample_steps: model.sampleSteps },
    },
  };
  return { job: 'extension', config: { name: JOB_NAME, process: [process] }, meta: { name: JOB_NAME } };
}

/** As reported for Z-Image-Turbo on 12 GB: the text encoder in main memory, the transformer on the card. */
const OFFLOADED_TEXT_ENCODER = {
  ...{ layer_offloading: true, layer_offloading_text_encoder_percent: 1 },
  layer_offloading_transformer_percent: 0,
};

/** It replaces `${NAME}` in the text by variables of the environment, such as tokens, before it parses the JSON. */
export const configText = (config: object): string =>
  JSON.stringify(config, null, 2).replaceAll('$', String.raw`\u0024`);
