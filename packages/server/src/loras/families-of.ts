import { LORA_MODELS } from './lora-models.ts';

/** The families that a style's LoRA fits, by the model it is for; a style of a built-in trainer names its family. */
export const familiesOf = (model: string): readonly string[] =>
  LORA_MODELS.find(({ id }) => id === model)?.families ?? [model];
