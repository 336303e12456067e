/** The data-set file and the arguments of musubi-tuner's three scripts for a run. Pure. */
import path from 'node:path';
import { dataSetFile, launchOf, optionsOfRun } from '../kohya/kohya-config.ts';
import type { ProgramJob } from '../program/training-program.ts';
import { tomlOf } from '../toml.ts';
import type { MusubiModel } from './musubi-models.ts';

export interface MusubiFiles {
  dit: string;
  vae: string;
  textEncoder: string;
}

export const cacheFolder = (folder: string): string => path.join(folder, 'cache');

export function musubiDataSet({
  job,
  folder,
  pictures,
}: Pick<ProgramJob, 'job' | 'folder' | 'pictures'>): string {
  const side = Number(job.params.resolution);
  return tomlOf([
    {
      header: 'general',
      values: { caption_extension: '.txt', enable_bucket: true, bucket_no_upscale: true },
    },
    {
      header: '[datasets]',
      values: {
        ...{ image_directory: pictures, cache_directory: cacheFolder(folder), num_repeats: 1 },
        ...{ resolution: side, batch_size: Number(job.params.batch_size) },
      },
    },
  ]);
}

const scriptOf = (program: string, name: string): string =>
  path.join(program, 'src', 'musubi_tuner', `${name}.py`);

export const latentArguments = (
  program: string,
  { prefix, version }: MusubiModel,
  { vae }: MusubiFiles,
  folder: string,
): string[] => [
  scriptOf(program, `${prefix}_cache_latents`),
  ...['--dataset_config', dataSetFile(folder), '--vae', vae, ...version],
];

export const textArguments = (
  program: string,
  { prefix, version, textEncoderFp8 }: MusubiModel,
  { textEncoder }: MusubiFiles,
  { job, folder }: Pick<ProgramJob, 'job' | 'folder'>,
): string[] => [
  scriptOf(program, `${prefix}_cache_text_encoder_outputs`),
  ...[
    '--dataset_config',
    dataSetFile(folder),
    '--text_encoder',
    textEncoder,
    '--batch_size',
    '1',
    ...version,
  ],
  ...(job.params.text_encoder_fp8 === true ? textEncoderFp8 : []),
];

export function trainArguments(
  program: string,
  model: MusubiModel,
  { dit, vae, textEncoder }: MusubiFiles,
  run: Pick<ProgramJob, 'job' | 'folder' | 'steps' | 'from'>,
): string[] {
  const { fp8, blocks_to_swap, text_encoder_fp8 } = run.job.params;
  const swapped = Math.min(Number(blocks_to_swap), model.mostSwapped);
  return [
    ...launchOf(scriptOf(program, `${model.prefix}_train_network`)),
    ...['--dit', dit, '--vae', vae, '--text_encoder', textEncoder, ...model.version, ...model.options],
    ...['--dataset_config', dataSetFile(run.folder)],
    ...['--sdpa', '--gradient_checkpointing', '--mixed_precision', 'bf16'],
    // Plain fp8 breaks some of these models, so they are always taken together.
    ...(fp8 === true ? ['--fp8_base', '--fp8_scaled'] : []),
    ...(text_encoder_fp8 === true ? model.textEncoderFp8 : []),
    ...(swapped > 0 ? ['--blocks_to_swap', String(swapped)] : []),
    ...optionsOfRun(run),
  ];
}
