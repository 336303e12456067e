/** The data-set file and the arguments of sd-scripts for a run. Pure. */
import path from 'node:path';
import type { ProgramJob } from '../program/training-program.ts';
import { tomlOf } from '../toml.ts';
import type { KohyaModel } from './kohya-models.ts';
import { OUTPUT_NAME, partFolder } from './output-parts.ts';

export const dataSetFile = (folder: string): string => path.join(folder, 'dataset.toml');
export const promptsFile = (folder: string): string => path.join(folder, 'sample-prompts.txt');

/** Buckets are not enlarged, so small pictures stay as they are. */
export function kohyaDataSet({ job, pictures }: Pick<ProgramJob, 'job' | 'pictures'>): string {
  const { resolution, batch_size } = job.params;
  return tomlOf([
    {
      header: 'general',
      values: {
        ...{ caption_extension: '.txt', enable_bucket: true, bucket_no_upscale: true },
        bucket_reso_steps: 64,
      },
    },
    {
      header: '[datasets]',
      values: { resolution: Number(resolution), batch_size: Number(batch_size) },
    },
    { header: '[datasets.subsets]', values: { image_dir: pictures, num_repeats: 1 } },
  ]);
}

/** `files`: in the order of the model's options. Behind `python`. */
export function kohyaArguments(
  program: string,
  model: KohyaModel,
  files: readonly string[],
  { job, folder, steps, from }: Pick<ProgramJob, 'job' | 'folder' | 'steps' | 'from'>,
): string[] {
  const { params } = job;
  const swapped = Math.min(Number(params.blocks_to_swap), model.mostSwapped);
  return [
    ...launchOf(path.join(program, model.script)),
    ...model.files.flatMap(({ option }, index) => [option, files[index] ?? '']),
    ...model.options,
    ...['--dataset_config', dataSetFile(folder)],
    ...['--network_train_unet_only', '--cache_latents', '--cache_text_encoder_outputs'],
    ...['--sdpa', '--gradient_checkpointing', '--mixed_precision', 'bf16'],
    ...(params.fp8 === true ? ['--fp8_base'] : []),
    ...(swapped > 0 ? ['--blocks_to_swap', String(swapped)] : []),
    ...optionsOfRun({ job, folder, steps, from }),
    // Beside `--resume`: else it takes the steps of the state for its own.
    ...(from ? ['--initial_step', '0'] : []),
    ...['--save_model_as', 'safetensors'],
  ];
}

/** What is launched is a child of the launcher, so signals go to the process group. */
export const launchOf = (script: string): string[] => [
  ...['-m', 'accelerate.commands.launch', '--num_processes', '1', '--num_machines', '1'],
  ...['--num_cpu_threads_per_process', '1', '--mixed_precision', 'bf16', '--dynamo_backend', 'no'],
  script,
];

/** Those that sd-scripts and musubi-tuner share. A resumed process takes the steps that are left. */
export function optionsOfRun(run: Pick<ProgramJob, 'job' | 'folder' | 'steps' | 'from'>): string[] {
  const { job, folder, steps, from } = run;
  const { lora_rank, learning_rate, save_every, sample_every, optimizer } = job.params;
  return [
    ...['--network_dim', String(lora_rank), '--network_alpha', String(lora_rank)],
    ...['--learning_rate', String(learning_rate), '--lr_scheduler', 'constant'],
    ...optimizerOptions(String(optimizer)),
    ...['--max_train_steps', String(steps - (from?.step ?? 0)), '--seed', String(job.seed % 2 ** 32)],
    ...['--max_data_loader_n_workers', '1', '--persistent_data_loader_workers'],
    ...[
      '--output_dir',
      partFolder(run),
      '--output_name',
      OUTPUT_NAME,
      '--save_precision',
      'bf16',
      '--no_metadata',
    ],
    // Two states are kept: the newest may be half written when the run is killed.
    ...['--save_every_n_steps', String(save_every), '--save_state'],
    ...['--save_last_n_steps_state', String(save_every)],
    ...(Number(sample_every) > 0
      ? ['--sample_every_n_steps', String(sample_every), '--sample_prompts', promptsFile(folder)]
      : []),
    ...(from ? ['--resume', from.path] : []),
  ];
}

/** Adafactor with a fixed learning rate, as the guides of both programs have it. */
function optimizerOptions(optimizer: string): string[] {
  if (optimizer !== 'adafactor') return ['--optimizer_type', optimizer];
  const fixed = ['scale_parameter=False', 'relative_step=False', 'warmup_init=False'];
  return ['--optimizer_type', 'adafactor', '--optimizer_args', ...fixed, '--max_grad_norm', '0.0'];
}
