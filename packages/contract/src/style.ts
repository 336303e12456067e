import { z } from 'zod';

export const StyleType = z.enum(['ui', 'vfx']);
export type StyleType = z.infer<typeof StyleType>;

export const Style = z.object({
  id: z.number().int().positive(),
  name: z.string(),
  type: StyleType,
  lora_path: z.string().nullable(),
  /** Put before every prompt that uses this style. */
  trigger_words: z.string(),
  is_base: z.boolean(),
  is_trained: z.boolean(),
  /** The family of a style trained here; null: every family that has its LoRA. */
  family: z.string().nullable(),
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

export const StyleUpdate = z
  .strictObject({ name: StyleName, type: StyleType, trigger_words: TriggerWords, lora_path: loraPath })
  .partial();
export type StyleUpdate = z.input<typeof StyleUpdate>;
