/** The configuration of mflux for a run. Pure. */
import path from 'node:path';
import type { TrainingParams } from '@limner/contract';
import type { ProgramJob } from '../program/training-program.ts';
import type { MfluxModel, MfluxModules } from './mflux-models.ts';

export const configFile = (folder: string): string => path.join(folder, 'mflux.json');
/** It must not exist when a run begins: mflux would write beside it, under a name with the time. */
export const outputFolder = (folder: string): string => path.join(folder, 'output');

/** It counts rounds over all pictures; the last step of a round takes those that are left. */
export function roundsOf({ steps, batch_size }: TrainingParams, pictures: number) {
  const perRound = Math.ceil(pictures / Number(batch_size));
  const rounds = Math.max(1, Math.ceil(Number(steps) / perRound));
  return { rounds, steps: rounds * perRound };
}

export function mfluxConfig(model: MfluxModel, run: ProgramJob): object {
  return model.generation === 'newer' ? newerConfig(model, run) : flux1Config(model, run);
}

/** Of the steps; each measurement computes up to ten pictures. */
const MEASUREMENTS = 20;
const MEASURED_AT_LEAST_EVERY = 10;
/** A preview is painted before the first step wherever losses are measured. */
const SMALLEST_PREVIEW = 256;

function newerConfig(
  { id, schedule, modules }: MfluxModel,
  { job, folder, pictures, steps }: ProgramJob,
): object {
  const { params, seed } = job;
  const side = Number(params.resolution);
  const sampleEvery = Number(params.sample_every);
  return {
    ...{ model: id, data: pictures, seed: seed % 2 ** 32, max_resolution: side },
    ...{
      steps: schedule.steps,
      guidance: schedule.guidance,
      quantize: bitsOf(params),
      low_ram: params.low_ram === true,
    },
    training_loop: {
      ...{ num_epochs: roundsOf(params, job.pictures.length).rounds, batch_size: Number(params.batch_size) },
      ...{ timestep_low: schedule.from, timestep_high: schedule.steps },
    },
    optimizer: { name: 'AdamW', learning_rate: Number(params.learning_rate) },
    checkpoint: { save_frequency: Number(params.save_every), output_path: outputFolder(folder) },
    monitoring: monitoringOf(sampleEvery, side, steps),
    lora_layers: { targets: modules.flatMap((each) => targetsOf(each, Number(params.lora_rank))) },
  };
}

function monitoringOf(sampleEvery: number, side: number, steps: number) {
  const isPainted = sampleEvery > 0;
  const preview = isPainted ? side : SMALLEST_PREVIEW;
  return {
    ...{ preview_width: preview, preview_height: preview },
    plot_frequency: Math.max(MEASURED_AT_LEAST_EVERY, Math.ceil(steps / MEASUREMENTS)),
    generate_image_frequency: isPainted ? sampleEvery : steps + 1,
  };
}

const targetsOf = ({ prefix, names, blocks }: MfluxModules, rank: number) =>
  names.map((name) => ({
    module_path: `${prefix}${name}`,
    ...(blocks ? { blocks: { start: blocks[0], end: blocks[1] } } : {}),
    rank,
  }));

/** All pictures are resized to one square; the captions are in the configuration. */
function flux1Config({ id, schedule, modules }: MfluxModel, { job, folder, pictures }: ProgramJob): object {
  const { params, seed } = job;
  const side = Number(params.resolution);
  const sampleEvery = Number(params.sample_every);
  const captions = job.pictures.map(({ caption }) => caption);
  const layers = modules.map(({ prefix, names, blocks: [start, end] = [0, 0] }) => [
    prefix,
    { block_range: { start, end }, layer_types: names, lora_rank: Number(params.lora_rank) },
  ]);
  return {
    ...{ model: id, seed: seed % 2 ** 32, steps: schedule.steps, guidance: schedule.guidance },
    ...{ quantize: bitsOf(params), width: side, height: side },
    training_loop: {
      ...{ num_epochs: roundsOf(params, captions.length).rounds, batch_size: Number(params.batch_size) },
    },
    optimizer: { name: 'AdamW', learning_rate: Number(params.learning_rate) },
    save: { checkpoint_frequency: Number(params.save_every), output_path: outputFolder(folder) },
    instrumentation:
      sampleEvery === 0
        ? null
        : {
            ...{ plot_frequency: sampleEvery, generate_image_frequency: sampleEvery },
            validation_prompt: captions[0] ?? '',
          },
    lora_layers: Object.fromEntries(layers),
    examples: {
      path: pictures,
      images: captions.map((prompt, at) => ({ image: `${String(at + 1).padStart(4, '0')}.png`, prompt })),
    },
  };
}

const bitsOf = ({ quantize }: TrainingParams): number | null =>
  quantize === 'none' ? null : Number(quantize);
