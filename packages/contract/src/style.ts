import { z } from 'zod';

export const StyleType = z.enum(['ui', 'vfx']);

export const Style = z.object({
  id: z.number().int().positive(),
  name: z.string(),
  type: StyleType,
  lora_path: z.string().nullable(),
  /** Put before every prompt that uses this style. */
  trigger_words: z.string(),
  is_base: z.boolean(),
  is_trained: z.boolean(),
  created_at: z.iso.datetime(),
});
export type Style = z.infer<typeof Style>;

const name = z.string().trim().min(1).max(60);
const triggerWords = z.string().trim().max(500);
const loraPath = z.string().trim().min(1).max(300).nullable();

export const StyleCreate = z.strictObject({
  name,
  type: StyleType.default('ui'),
  trigger_words: triggerWords.default(''),
  lora_path: loraPath.default(null),
});
export type StyleCreate = z.input<typeof StyleCreate>;

export const StyleUpdate = z
  .strictObject({ name, type: StyleType, trigger_words: triggerWords, lora_path: loraPath })
  .partial();
export type StyleUpdate = z.input<typeof StyleUpdate>;
