/** Files of styles that were trained here: the only place that prints and parses their names. */
import { randomId } from '../random-id.ts';

/** Of the LoRA after the last step. */
export const loraKey = (task: number): string => `loras/trained-${task}.safetensors`;

/** Of a style that was made of a checkpoint. Each has a name of its own, because another one may wait to be removed. */
export const checkpointLoraKey = (task: number, step: number): string =>
  `loras/trained-${task}-${step}-${randomId()}.safetensors`;

const TRAINED = /^loras\/trained-(\d{1,15})(?:-(\d{1,9})-[a-z2-7]{26})?\.safetensors$/;

/** `step`: null after the last one. null: it was not trained here. */
export function readLoraKey(key: string): { task: number; step: number | null } | null {
  const [, task, step] = TRAINED.exec(key) ?? [];
  return task === undefined ? null : { task: Number(task), step: step === undefined ? null : Number(step) };
}
