/** The answers of ComfyUI that we read, with the fields that we use. Further fields of newer versions are ignored. */
import { z } from 'zod';

/** `[number, prompt id, graph, extra data, …]`; versions differ in what follows. */
const QueueItem = z.tuple([z.number(), z.string()], z.unknown());

export const QueueAnswer = z.object({ queue_running: z.array(QueueItem), queue_pending: z.array(QueueItem) });

const File = z.object({
  filename: z.string(),
  subfolder: z.string().default(''),
  type: z.string().default('output'),
});
export type ComfyFile = z.infer<typeof File>;

/**
 * Outputs of a node: lists of files by kind (`images`, `gifs`, `audio` …; packs have their own), beside texts and
 * numbers.
 */
const NodeFiles = z
  .record(z.string(), z.unknown())
  .transform((kinds) => Object.values(kinds).flatMap((list) => (Array.isArray(list) ? list : [])))
  .transform((items) => items.flatMap((item) => File.safeParse(item).data ?? []))
  .catch([]);

export const HistoryEntry = z.object({
  /** By node id. */
  outputs: z.record(z.string(), NodeFiles).catch({}),
  status: z
    .object({
      status_str: z.string(),
      messages: z.array(z.tuple([z.string(), z.record(z.string(), z.unknown())], z.unknown())).catch([]),
    })
    .nullish(),
});
export type HistoryEntry = z.infer<typeof HistoryEntry>;

export const HistoryAnswer = z.record(z.string(), HistoryEntry);

/** `/api/jobs`: short records, while `/queue` and `/history` repeat whole graphs. */
export const JobsAnswer = z.object({
  jobs: z.array(z.object({ id: z.string(), status: z.string(), priority: z.number().nullish().catch(null) })),
});

/** `/api/jobs/{id}`: the history entry after its end. */
export const JobAnswer = z.object({
  status: z.string(),
  outputs: HistoryEntry.shape.outputs.optional(),
  execution_status: HistoryEntry.shape.status.optional(),
});

/** The metadata of a model file; empty if it has none. */
export const ModelMetadata = z.object({ 'modelspec.architecture': z.string().max(200) });

/** `/models/{folder}` */
export const ModelNames = z.array(z.string());

/** `/experiment/models` */
export const ModelFolders = z.array(z.object({ name: z.string() }));

/** `/experiment/models/{folder}`: bytes, and seconds since 1970. */
export const ModelFiles = z.array(
  z.object({
    name: z.string(),
    size: z.number().int().min(0).nullish().catch(null),
    modified: z.number().nullish().catch(null),
  }),
);

export const CancelAnswer = z.object({ cancelled: z.boolean() });

export const SystemStats = z.object({
  system: z.looseObject({ comfyui_version: z.string().nullish() }),
  devices: z
    .array(
      z.looseObject({
        type: z.string().nullish(),
        vram_total: z.number().nullish(),
        vram_free: z.number().nullish(),
      }),
    )
    .catch([]),
});

const text = z.string().optional().catch(undefined);

const NodeFault = z.object({
  type: text,
  message: text,
  details: text,
  extra_info: z
    .object({ input_name: z.unknown(), received_value: z.unknown() })
    .partial()
    .nullish()
    .catch(null),
});
export type NodeFault = z.infer<typeof NodeFault>;

const NodeErrors = z
  .record(z.string(), z.object({ class_type: text, errors: z.array(NodeFault).catch([]) }))
  .nullish()
  .catch(null);

/** The body of a 400 from `POST /prompt`. */
export const Refusal = z
  .object({
    error: z
      .union([z.string(), z.object({ type: text, message: text, details: text })])
      .nullish()
      .catch(null),
    node_errors: NodeErrors,
  })
  .catch({ error: null, node_errors: null });
export type Refusal = z.infer<typeof Refusal>;

export const PromptAnswer = z.object({ prompt_id: z.string().optional(), node_errors: NodeErrors });

export const UploadAnswer = z.object({
  name: z.string(),
  subfolder: z.string().default(''),
  type: z.string().default('input'),
});

export const Features = z.looseObject({ max_upload_size: z.number().nullish() });
