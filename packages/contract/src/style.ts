import { z } from 'zod';
import { MAX_LORA_WEIGHT } from './limits.ts';

export const StyleType = z.enum(['ui', 'vfx']);
export type StyleType = z.infer<typeof StyleType>;

/** Of a LoRA: 0 none of it, 1 all. Below 0 it works against the style. */
export const StyleStrength = z.number().min(-MAX_LORA_WEIGHT).max(MAX_LORA_WEIGHT);

export const Style = z.object({
  id: z.number().int().positive(),
  name: z.string(),
  type: StyleType,
  lora_path: z.string().nullable(),
  /** How much of its LoRA pictures take unless their request says otherwise. */
  strength: StyleStrength,
  /** Put before every prompt that uses this style. */
  trigger_words: z.string(),
  is_base: z.boolean(),
  is_trained: z.boolean(),
  /** Of a style with a LoRA file of its own: the usual family; null: every family that has its LoRA. */
  family: z.string().nullable(),
  /** All families that its LoRA file fits, the usual one first; empty where `family` is null. */
  families: z.array(z.string()),
  created_at: z.iso.datetime(),
});
export type Style = z.infer<typeof Style>;

export const StyleName = z.string().trim().min(1).max(60);
export const TriggerWords = z.string().trim().max(500);
const loraPath = z.string().trim().min(1).max(300).nullable();

export const StyleCreate = z.strictObject({
  name: StyleName,
  type: StyleType.default('ui'),
  trigger_words: TriggerWords.default(''),
  lora_path: loraPath.default(null),
});
export type StyleCreate = z.input<typeof StyleCreate>;

/** `POST /api/styles/lora`: the query beside the file. */
export const LoraStyleQuery = z.object({
  /** Absent: the title in the file, or its name. With a number where it is taken. */
  name: StyleName.optional(),
  type: StyleType.default('ui'),
  /** Absent: those in the file. */
  trigger_words: TriggerWords.optional(),
  /** The id of a model; needed where the file fits several. */
  model: z.string().max(60).optional(),
});
export type LoraStyleQuery = z.infer<typeof LoraStyleQuery>;
export type LoraStyleInput = z.input<typeof LoraStyleQuery>;

export const StyleUpdate = z
  .strictObject({
    name: StyleName,
    type: StyleType,
    trigger_words: TriggerWords,
    lora_path: loraPath,
    strength: StyleStrength,
  })
  .partial();
export type StyleUpdate = z.input<typeof StyleUpdate>;
