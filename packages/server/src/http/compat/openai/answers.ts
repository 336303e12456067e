/** What clients receive. */
import { z } from 'zod';

const Usage = z.object({
  input_tokens: z.number().int(),
  output_tokens: z.number().int(),
  total_tokens: z.number().int(),
  input_tokens_details: z.object({ image_tokens: z.number().int(), text_tokens: z.number().int() }),
});

/** Limner counts no tokens; some clients expect the member. */
export const NO_USAGE: z.output<typeof Usage> = {
  input_tokens: 0,
  output_tokens: 0,
  total_tokens: 0,
  input_tokens_details: { image_tokens: 0, text_tokens: 0 },
};

export const ImagesResponse = z.object({
  /** Seconds since 1970. */
  created: z.number().int(),
  background: z.enum(['transparent', 'opaque']).optional(),
  output_format: z.enum(['png', 'jpeg', 'webp']).optional(),
  quality: z.string(),
  /** The real size, `1024x1024`. */
  size: z.string(),
  data: z.array(
    z.object({
      b64_json: z.string().optional(),
      url: z.string().optional(),
      /** Limner's name of the picture, and the seed it was made from. */
      id: z.string(),
      seed: z.union([z.number(), z.string()]),
    }),
  ),
  usage: Usage,
  limner: z.object({
    task_id: z.number().int(),
    family: z.string(),
    /** What chose the family, how the size or a reference was changed, and how many pictures failed. */
    note: z.string(),
  }),
});
export type ImagesResponse = z.output<typeof ImagesResponse>;

export const Model = z.object({
  id: z.string(),
  object: z.literal('model'),
  created: z.number().int(),
  owned_by: z.string(),
});
export type Model = z.output<typeof Model>;

export const ModelList = z.object({ object: z.literal('list'), data: z.array(Model) });

export const Problem = z.object({
  message: z.string(),
  type: z.string(),
  param: z.string().nullable(),
  code: z.string().nullable(),
});
export type Problem = z.output<typeof Problem>;

export const Refused = z.object({ error: Problem });
