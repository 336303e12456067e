import { z } from 'zod';
import { ControlType, GenerationType, TaskKind } from './recipe.ts';
import { SecondsRange } from './seconds.ts';
import { MAX_DRAWN_SEED, Seed } from './seed.ts';
import { VIDEO_TYPES } from './video-type.ts';

export const Bilingual = z.object({ en: z.string(), zh: z.string() });
export type Bilingual = z.infer<typeof Bilingual>;

/** One missing thing, and its cure. */
export const Missing = z.object({
  what: z.enum(['server', 'node', 'model_file', 'weights', 'package', 'memory']),
  /** Node class, file name, package or server address. */
  name: z.string(),
  /** Name of the server that lacks it. */
  server: z.string().optional(),
  /** Of a missing server: what is the matter with it, and what to do. */
  cure: Bilingual,
  /** Folder below the server's base directory. */
  folder: z.string().optional(),
  size_bytes: z.number().optional(),
  licence: z.string().optional(),
  /** Its source, a page or repository name. */
  source: z.string().optional(),
  /** A command that can be copied. */
  command: z.string().optional(),
  /** The most similar name on the server. */
  nearest: z.string().optional(),
  /** Of a node: the id under which ComfyUI-Manager on the server installs its pack. */
  pack: z.string().optional(),
});
export type Missing = z.infer<typeof Missing>;

/** What is missing, with its cure. The cure of a missing server names it already. */
export function missingSentence({ what, name, cure }: Missing, language: keyof Bilingual): string {
  if (what === 'server') return cure[language];
  return { en: `${name}: ${cure.en}`, zh: `${name}：${cure.zh}` }[language];
}

const ParamKey = z.union([
  z.enum([
    'steps',
    'cfg',
    'guidance',
    'sampler',
    'scheduler',
    'style_mode',
    'style_strength',
    'denoise',
    'model',
    'speed',
    'hires_scale',
    'hires_upscaler',
    'hires_steps',
    'hires_denoise',
    'factor',
    'negative_prompt',
    'strength',
    'range',
    'reference_mode',
    'layers',
    'pixel_grid',
    'tileable',
    'library',
    'treatment',
  ]),
  /** A placeholder of an imported workflow; its value goes to `params.inputs`. */
  z.templateLiteral(['inputs.', z.string()]),
]);

/** Another control while a value is chosen: its default, and whether it has an effect. */
export const ParamChange = z.object({
  key: ParamKey,
  default: z.union([z.number(), z.string()]).nullable(),
  effect: z.boolean(),
  reason: Bilingual.optional(),
});
export type ParamChange = z.infer<typeof ParamChange>;

/** A value of a choice. */
export const ParamChoice = z.object({
  value: z.union([z.string(), z.number()]),
  label: Bilingual,
  /** What choosing it changes of the other controls. */
  changes: z.array(ParamChange).optional(),
  /** Of a model file whose licence is not the family's. */
  licence: z.string().optional(),
  /** The engine that has this model, if the list joins the models of several engines. */
  engine: z.string().optional(),
  /** With `engine`: what that engine lacks for it; empty: it can be used. */
  missing: z.array(Missing).optional(),
});
export type ParamChoice = z.infer<typeof ParamChoice>;

/** One control of the form. `effect: false` means it is accepted, ignored and shown disabled with `reason`. */
export const FamilyParam = z.object({
  key: ParamKey,
  /** Only of imported workflows: a name of the user's own. */
  label: Bilingual.optional(),
  type: z.enum(['integer', 'number', 'choice', 'text']),
  default: z.union([z.number(), z.string()]).nullable(),
  min: z.number().optional(),
  max: z.number().optional(),
  step: z.number().optional(),
  choices: z.array(ParamChoice).optional(),
  effect: z.boolean().default(true),
  reason: Bilingual.optional(),
});
export type FamilyParam = z.infer<typeof FamilyParam>;

/** What a model's workflow accepts. The form is generated from this. */
export const Family = z.object({
  id: z.string(),
  kind: TaskKind,
  label: Bilingual,
  description: Bilingual,
  experimental: z.boolean().default(false),
  /** Task types of a generation family; empty for other kinds. */
  types: z.array(GenerationType).default([]),
  controls: z.array(ControlType).default([]),
  /** The family of kind `control_preview` that shows what this family receives of a control picture. */
  control_preview: z.string().optional(),
  /** Sides in pixels: default, minimum, maximum, and the step to which a side is rounded. */
  size: z
    .object({
      default: z.number(),
      /** Absent: the same as the width. */
      default_height: z.number().optional(),
      min: z.number(),
      max: z.number(),
      step: z.number(),
      /** Sizes that it was trained on, besides the default; absent: any of about the default's area. */
      liked: z.array(z.object({ width: z.number(), height: z.number() })).optional(),
    })
    .nullable(),
  /** Maximum number of an edit's reference pictures, among which its style pictures count. */
  references: z.number().int().default(0),
  /** Maximum number of pictures whose style it takes; absent: none. */
  style_images: z.number().int().optional(),
  /** Only of the kind `video`. */
  video: z
    .object({
      types: z.array(z.enum(VIDEO_TYPES)),
      /** It makes `min` frames and whole steps more. */
      frames: z.object({
        default: z.number().int(),
        min: z.number().int(),
        max: z.number().int(),
        step: z.number().int(),
      }),
      /** Frames per second that it was trained with, and those that can be asked for. */
      fps: z.object({ default: z.number(), min: z.number(), max: z.number() }),
      /** Whether its videos have sound. */
      sound: z.boolean().default(false),
    })
    .optional(),
  loras: z.boolean().default(false),
  /** True: with the type `inpaint` it also extends pictures. */
  outpaint: z.boolean().optional(),
  /** False: beside an extended picture the prompt has no effect. */
  extends_by_words: z.boolean().optional(),
  /** True for a workflow of the user: it is used only by requests that name it. */
  only_named: z.boolean().optional(),
  /** True: each of its pictures comes with its layers. It is used only by requests that name it. */
  layered: z.boolean().optional(),
  /** True: it changes the picture more than its kind says. It is used only by requests that name it. */
  repaints: z.boolean().optional(),
  /** Absent: it reads the prompt. */
  takes_prompt: z.boolean().optional(),
  /** The largest seed it accepts; absent: 2³²−1. */
  max_seed: Seed.optional(),
  params: z.array(FamilyParam).default([]),
  licence: z.string().optional(),
  /** Of a workflow of the user: prompts to begin with. */
  examples: z
    .array(
      z.object({
        prompt: z.string(),
        negative_prompt: z.string().nullable(),
        thumbnail_url: z.string().nullable(),
      }),
    )
    .optional(),
});
export type Family = z.infer<typeof Family>;

/** The parameters while these values are chosen: a file or an added LoRA changes what others do. */
export function paramsWith(params: FamilyParam[], values: Readonly<Record<string, unknown>>): FamilyParam[] {
  const changes = params.flatMap((param) => chosenOf(param, values)?.changes ?? []);
  if (changes.length === 0) return params;
  return params.map((param) => {
    const change = changes.findLast(({ key }) => key === param.key);
    if (!change) return param;
    const { reason: _, ...rest } = param;
    return { ...rest, ...change };
  });
}

/** The licence of what will paint: the chosen file's own, otherwise the family's. */
export const licenceWith = (
  { params, licence }: Pick<Family, 'params' | 'licence'>,
  values: Readonly<Record<string, unknown>>,
): string | undefined =>
  params.map((param) => chosenOf(param, values)?.licence).find((own) => own !== undefined) ?? licence;

const chosenOf = ({ key, choices, default: usual }: FamilyParam, values: Readonly<Record<string, unknown>>) =>
  choices?.find(({ value }) => value === (values[key] ?? usual));

/** Licences that allow any use, also commercial. */
export const isPermissive = (licence: string | undefined): boolean =>
  licence !== undefined && /^(apache|mit|bsd|cc0)/i.test(licence);

export const maxSeedOf = ({ max_seed }: Pick<Family, 'max_seed'>): Seed => max_seed ?? MAX_DRAWN_SEED;

export const FamilyOffer = Family.extend({
  available: z.boolean(),
  /** Per engine that knows this family: can it run here, and if not, what is missing. */
  engines: z.array(
    z.object({
      engine: z.string(),
      /** The family's name on this engine: engines may serve one family with different models. */
      label: Bilingual,
      available: z.boolean(),
      missing: z.array(Missing),
      /** The lane its tasks wait in. */
      lane: z.string(),
      /** Pictures of one task at once. */
      at_once: z.number().int(),
    }),
  ),
  /** Median seconds of recent pictures on this machine; null if none was measured. */
  seconds_per_frame: z.number().nullable(),
  /** The same as a range, for all servers together and for each. */
  measured: z
    .object({
      ...SecondsRange.shape,
      /** Pixels times steps of the picture these times are for; others take as much longer as they are more. null: unknown. */
      work: z.number().nullable(),
      servers: z.array(z.object({ server: z.string(), ...SecondsRange.shape })),
    })
    .nullable(),
});
export type FamilyMeasured = NonNullable<z.infer<typeof FamilyOffer>['measured']>;
export type FamilyOffer = z.infer<typeof FamilyOffer>;

export const EngineHealth = z.object({
  id: z.string(),
  /** `starter`, `cutout` or `comfy`: the kind of engine. */
  kind: z.string(),
  label: Bilingual,
  /** `not_responding`: it accepts connections but does not answer. `unreachable`: no connection can be made. */
  status: z.enum([
    'ready',
    'idle',
    'busy',
    'not_responding',
    'unreachable',
    'refused',
    'draining',
    'disabled',
  ]),
  url: z.string().nullable(),
  version: z.string().nullable(),
  /** Frames it is working on and frames waiting in it. */
  running: z.number().int(),
  queued: z.number().int(),
  memory: z.object({ used_bytes: z.number(), total_bytes: z.number() }).nullable(),
  families: z.array(z.string()),
  missing: z.array(Missing),
  note: Bilingual.nullable(),
  /** Where a server was configured; null for built-in engines. Only `settings` can be removed over the API. */
  named_in: z.enum(['environment', 'settings']).nullable().optional(),
});
export type EngineHealth = z.infer<typeof EngineHealth>;

/** Looked for where no address is configured; without a server there the built-in engines do the work. */
export const DEFAULT_COMFYUI_URL = 'http://127.0.0.1:8188';

/** It has an address, and cannot be used there now. */
export const isOutOfReach = ({ status }: Pick<EngineHealth, 'status'>): boolean =>
  status === 'not_responding' || status === 'unreachable' || status === 'refused';

/** Out of reach and expected: nobody expects a server at the usual address where none was ever found. */
export const isMissed = (engine: Pick<EngineHealth, 'status' | 'url' | 'version' | 'named_in'>): boolean =>
  isOutOfReach(engine) &&
  (engine.url !== DEFAULT_COMFYUI_URL || engine.version !== null || engine.named_in === 'settings');

const serverName = z.string().trim().min(1).max(60);

/** The name of a server that was given none. @param url a valid address */
export const serverNameAt = (url: string): string => `ComfyUI ${new URL(url).host}`;

/** `POST /api/engines`. The address may carry `user:password@`, or `?token=`; neither is ever sent back. */
export const ServerCreate = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).max(500),
  /** Absent: `serverNameAt` its address. */
  name: serverName.optional(),
  /** Sent as Bearer. */
  token: z.string().min(1).max(4000).nullable().optional(),
});
export type ServerCreate = z.infer<typeof ServerCreate>;

/** `draining` finishes its work and accepts no more; `disabled` is not used. */
export const ServerMode = z.enum(['enabled', 'draining', 'disabled']);
export type ServerMode = z.infer<typeof ServerMode>;

export const ServerUpdate = z.strictObject({ name: serverName, mode: ServerMode }).partial();
export type ServerUpdate = z.infer<typeof ServerUpdate>;
