/**
 * The LoRA of a run, read by its names as a file that was trained elsewhere is: a trainer that wrote names unknown to
 * ComfyUI is refused, or they are rewritten. Its metadata says what it was trained with, so that a file found anywhere
 * names its trigger words and can be made a style again.
 */

import type { Readable } from 'node:stream';
import type { RecipeTraining } from '@limner/contract';
import { loraHeader, modelTrainedFor, tensorsHash, writtenLora } from '../loras/lora-file.ts';
import { LORA_MODELS } from '../loras/lora-models.ts';
import { readLora } from '../loras/read-lora.ts';
import { readHeader } from '../loras/safetensors-header.ts';

export interface TrainedWith {
  trainer: string;
  /** That the run trained for. */
  family: string;
  task: number;
  atMs: number;
  pictures: number;
  training: RecipeTraining;
}

export interface TrainedLora {
  /** A model of `loras/lora-models.ts`, or the family of a built-in model with files of its own form. */
  family: string;
  body: Readable;
}

/** @throws StudioError `lora_broken`, `lora_unknown`, `lora_unclear` */
export async function trainedLora(file: string, trained: TrainedWith): Promise<TrainedLora> {
  if (!LORA_MODELS.some(({ families }) => families.includes(trained.family))) return ownForm(file, trained);
  const header = await loraHeader(file);
  const model = modelTrainedFor(header, trained.family);
  const { renames } = readLora(header, model);
  const facts = {
    ...factsOf(trained, await tensorsHash(file, header)),
    'modelspec.architecture': `${model.id}/lora`,
  };
  return { family: model.id, body: writtenLora(file, header, { renames, facts }) };
}

/** Only its trainer reads it; it gets the facts where it is a safetensors file. */
async function ownForm(file: string, trained: TrainedWith): Promise<TrainedLora> {
  const header = await readHeader(file).catch(() => null);
  const none = { renames: new Map<string, string>() };
  const body = header
    ? writtenLora(file, header, { ...none, facts: factsOf(trained, await tensorsHash(file, header)) })
    : writtenLora(file, EMPTY, none);
  return { family: trained.family, body };
}
const EMPTY = { metadata: {}, tensors: new Map(), bodyStart: 0, sizeBytes: 0 };

/** Titles, trigger phrase and hash under the keys of Stability's specification, which other programs show. */
function factsOf({ trainer, task, atMs, pictures, training }: TrainedWith, hash: string) {
  const { style_name, trigger_words, params, dataset } = training;
  const recipe = { trainer, params, pictures, dataset };
  return {
    'modelspec.sai_model_spec': '1.0.0',
    'modelspec.title': style_name,
    'modelspec.date': new Date(atMs).toISOString(),
    'modelspec.hash_sha256': `0x${hash}`,
    ...(trigger_words ? { 'modelspec.trigger_phrase': trigger_words } : {}),
    'limner.training': String(task),
    'limner.recipe': JSON.stringify(recipe),
  };
}
