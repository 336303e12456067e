import { z } from 'zod';
import { ErrorBody } from './error.ts';
import { MAX_BATCH, MAX_FAMILY_CHARS, MAX_PROMPT_CHARS } from './limits.ts';
import { ControlNet, Recipe, SidePx } from './recipe.ts';
import { Seed } from './seed.ts';

/**
 * Settings of the studio's form without its prompt, and the recipe that they make. Applying a preset restores the recipe;
 * what the recipe leaves empty, or holds for one family only, comes from the other fields.
 */
export const PresetSettings = z.strictObject({
  mode: z.enum(['txt2img', 'img2img', 'inpaint', 'edit', 'video']),
  /** null: the family's default. */
  negative: z.string().max(MAX_PROMPT_CHARS).nullable(),
  /** null: the best one available. */
  family: z.string().max(MAX_FAMILY_CHARS).nullable(),
  /** null: drawn each time. */
  seed: Seed.nullable(),
  count: z.number().int().min(1).max(MAX_BATCH),
  ratio: z.enum(['1:1', '4:3', '16:9', '3:4', 'free']),
  long_side: SidePx.nullable(),
  free: z.strictObject({ width: SidePx, height: SidePx }).nullable(),
  /** Changed parameters, by family and parameter key. */
  params: z.record(
    z.string().max(MAX_FAMILY_CHARS),
    z.record(z.string().max(100), z.union([z.number(), z.string().max(MAX_PROMPT_CHARS), z.boolean()])),
  ),
  loras: Recipe.shape.loras,
  /** Its picture is in the recipe. null: the preset was saved before presets had a control. */
  control: ControlNet.omit({ image: true }).strict().nullable().default(null),
  /** Names the pictures. null: the preset was saved before presets had a recipe, or no model could take the settings. */
  recipe: Recipe.nullable().default(null),
});
export type PresetSettings = z.infer<typeof PresetSettings>;

/** Of a form that nobody has changed. */
export const UNTOUCHED_SETTINGS: PresetSettings = {
  mode: 'txt2img',
  negative: null,
  family: null,
  seed: null,
  count: 1,
  ratio: '1:1',
  long_side: null,
  free: null,
  params: {},
  loras: [],
  control: null,
  recipe: null,
};

export const Preset = z.object({
  id: z.number().int().positive(),
  name: z.string(),
  /** With a `problem`, those of an untouched form. */
  settings: PresetSettings,
  /** Why it cannot be used; null: it can. */
  problem: ErrorBody.nullable(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});
export type Preset = z.infer<typeof Preset>;

const name = z.string().trim().min(1).max(60);

export const PresetCreate = z.strictObject({ name, settings: PresetSettings });
export type PresetCreate = z.infer<typeof PresetCreate>;

export const PresetUpdate = z.strictObject({ name, settings: PresetSettings }).partial();
export type PresetUpdate = z.infer<typeof PresetUpdate>;
