import { z } from 'zod';
import { ErrorBody } from './error.ts';
import { Bilingual, Missing } from './family.ts';
import { MAX_INPUT_KEY_CHARS, MAX_PROMPT_CHARS } from './limits.ts';
import { TaskKind } from './recipe.ts';

/** An input of a node of the graph. */
export const WorkflowTarget = z.object({ node: z.string(), input: z.string() });
export type WorkflowTarget = z.infer<typeof WorkflowTarget>;

const MapKey = z.string().max(MAX_INPUT_KEY_CHARS);

/** For each parameter or user placeholder, the inputs that get its value. */
export const WorkflowMap = z.record(MapKey, z.union([WorkflowTarget, z.array(WorkflowTarget).min(1)]));

/** Parameters of requests that a map can name, beside `image_2` and on for further pictures and keys of the user's own. */
export const WORKFLOW_KEYS = [
  'prompt',
  'negative_prompt',
  'seed',
  'width',
  'height',
  'steps',
  'cfg',
  'guidance',
  'denoise',
  'sampler',
  'scheduler',
  'model',
  'image',
  'mask',
  /** Of one run; a task's pictures are runs of their own, so it becomes 1. */
  'pictures_at_once',
] as const;
export type WorkflowKey = (typeof WORKFLOW_KEYS)[number];

/** False: the key is of the user's own, and its value goes to `params.inputs`. */
export const isWorkflowKey = (key: string): boolean =>
  (WORKFLOW_KEYS as readonly string[]).includes(key) || /^image_\d+$/.test(key);

/** Of one imported file; what ComfyUI's page saves is many times longer than the graph. */
export const MAX_WORKFLOW_FILE_MB = 8;
export const MAX_WORKFLOW_LABEL_CHARS = 60;
export const MAX_WORKFLOW_EXAMPLES = 8;
/** Of the WebP that is made of an example's picture. */
export const WORKFLOW_PICTURE_PX = 384;

/** In `format` of a shared file. */
export const WORKFLOW_FORMAT = 'limner-workflow';
export const WORKFLOW_FORMAT_VERSION = 1;
export const WORKFLOW_FILE_SUFFIX = '.limner-workflow.json';

/** A text in one language or in both; the other is filled from it. */
const text = (maxChars: number) =>
  z
    .strictObject({ en: z.string().trim().max(maxChars), zh: z.string().trim().max(maxChars) })
    .partial()
    .refine(({ en, zh }) => Boolean(en || zh), 'en or zh is needed');

/** What a workflow says of one of its parameters. What is absent is read from its node. */
export const WorkflowParam = z.strictObject({
  label: text(MAX_WORKFLOW_LABEL_CHARS).optional(),
  /** In place of the value in the graph. */
  default: z.union([z.number(), z.string().max(MAX_PROMPT_CHARS), z.boolean()]).optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  step: z.number().positive().optional(),
});
export type WorkflowParam = z.infer<typeof WorkflowParam>;

/** A prompt to begin with. */
export const WorkflowExample = z.object({
  prompt: z.string(),
  negative_prompt: z.string().nullable(),
  /** Of a small picture. */
  thumbnail_url: z.string().nullable(),
});
export type WorkflowExample = z.infer<typeof WorkflowExample>;

export const WorkflowExampleInput = z.strictObject({
  prompt: z.string().trim().max(MAX_PROMPT_CHARS),
  negative_prompt: z.string().max(MAX_PROMPT_CHARS).nullable().default(null),
  /** An upload or an output, of which a small copy is kept, or the `thumbnail_url` that it has. */
  image: z.string().min(1).max(500).nullable().default(null),
});
export type WorkflowExampleInput = z.infer<typeof WorkflowExampleInput>;

const fields = {
  label: text(MAX_WORKFLOW_LABEL_CHARS),
  description: text(600).nullable(),
  /** Terms under which its model files may be used, or its author asks for. */
  licence: z.string().trim().max(200).nullable(),
  kind: TaskKind.exclude(['training', 'animation']),
  map: WorkflowMap,
  /** By key of the map. */
  params: z.record(MapKey, WorkflowParam),
  examples: z.array(WorkflowExampleInput).max(MAX_WORKFLOW_EXAMPLES),
};

/** `POST /api/workflows/preview`: what a file would become, and what it needs. Nothing is stored. */
export const WorkflowPreviewRequest = z.strictObject({
  name: z.string().trim().min(1).max(MAX_WORKFLOW_LABEL_CHARS).optional(),
  workflow: z.record(z.string(), z.unknown()),
});
export type WorkflowPreviewRequest = z.infer<typeof WorkflowPreviewRequest>;

/**
 * `POST /api/workflows`: a ComfyUI graph in API format, what its page saves, which is converted with a connected server, or a
 * file that another Limner shared. Without a map one is proposed from the graph. Fields that are given replace those of
 * the file.
 */
export const WorkflowCreate = WorkflowPreviewRequest.extend({
  ...z.object(fields).partial().shape,
  /** Replaces the workflow with this name; without it, a taken name is refused. */
  replace: z.boolean().default(false),
  /** A taken name gets a number instead. */
  keep_both: z.boolean().default(false),
});
export type WorkflowCreate = z.infer<typeof WorkflowCreate>;
export type WorkflowInput = z.input<typeof WorkflowCreate>;

/** `PATCH /api/workflows/:id` */
export const WorkflowUpdate = z.strictObject({
  ...z.object(fields).partial().shape,
  /** Off: it is kept, and no family. */
  enabled: z.boolean().optional(),
});
export type WorkflowUpdate = z.infer<typeof WorkflowUpdate>;

/** Maximum per installation, because each is read and sent to every page. */
export const MAX_WORKFLOWS = 200;

/** Of all workflows of an installation together. */
export const MAX_WORKFLOWS_MB = 20;

/** A workflow of a user, or an example of Limner. As a family it is in `GET /api/families` under the same id. */
export const Workflow = z.object({
  id: z.string(),
  label: Bilingual,
  description: Bilingual.nullable(),
  licence: z.string().nullable(),
  kind: TaskKind,
  /** Examples ship with Limner and cannot be changed or removed. */
  is_example: z.boolean(),
  enabled: z.boolean(),
  nodes: z.number().int(),
  map: z.record(z.string(), z.array(WorkflowTarget)),
  params: z.record(z.string(), WorkflowParam),
  examples: z.array(WorkflowExample),
});
export type Workflow = z.infer<typeof Workflow>;

/** An input of a node that holds a value, so that a map can name it. */
export const WorkflowField = z.object({
  node: z.string(),
  class_type: z.string(),
  /** As its author named it, or as its server does. */
  title: z.string().nullable(),
  input: z.string(),
  value: z.union([z.string(), z.number(), z.boolean()]).nullable(),
  type: z.enum(['text', 'integer', 'number', 'choice', 'picture', 'unknown']),
});
export type WorkflowField = z.infer<typeof WorkflowField>;

/** What the graph loads, and where it is from as far as that is known. Words of the file's author are not checked. */
export const WorkflowNeeds = z.object({
  nodes: z.array(
    z.object({
      class_type: z.string().max(200),
      /** The node pack; `ComfyUI` for its own nodes; null: unknown. */
      pack: z.string().max(200).nullable(),
      source: z.string().max(300).nullable(),
    }),
  ),
  files: z.array(
    z.object({
      name: z.string().max(300),
      folder: z.string().max(200).nullable(),
      source: z.string().max(300).nullable(),
      licence: z.string().max(200).nullable(),
      size_bytes: z.number().nullable(),
    }),
  ),
});
export type WorkflowNeeds = z.infer<typeof WorkflowNeeds>;

export const WorkflowDetail = Workflow.extend({
  /** Its parameters: those of the map, and those that only a text of the graph names. */
  keys: z.array(z.string()),
  fields: z.array(WorkflowField),
  needs: WorkflowNeeds,
  /** Per connected server: what it lacks. */
  servers: z.array(z.object({ server: z.string(), name: z.string(), missing: z.array(Missing) })),
});
export type WorkflowDetail = z.infer<typeof WorkflowDetail>;

/** Pictures of its examples are data addresses, because nothing is stored. */
export const WorkflowPreview = WorkflowDetail.extend({
  /** A workflow here that has its name. */
  clash: z.object({ id: z.string(), label: Bilingual }).nullable(),
});
export type WorkflowPreview = z.infer<typeof WorkflowPreview>;

export const WorkflowList = z.object({
  workflows: z.array(Workflow),
  /** Files of the folder that could not be read, and why. */
  refused: z.array(z.object({ file: z.string(), error: ErrorBody })),
});
export type WorkflowList = z.infer<typeof WorkflowList>;
