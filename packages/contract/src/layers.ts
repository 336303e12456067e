/** The layers of a picture as somebody arranged them: order, place, opacity. What they make up is drawn by the server. */
import { z } from 'zod';
import { MAX_SIDE_PX } from './limits.ts';

/** `psd`, `ora`: documents of layers. `zip`: numbered PNGs. `png`: what the layers make up. */
export const LAYER_FORMATS = ['psd', 'ora', 'zip', 'png'] as const;
export const LayerFormat = z.enum(LAYER_FORMATS);
export type LayerFormat = z.infer<typeof LayerFormat>;

export const MAX_LAYER_NAME_CHARS = 100;
const MAX_ARRANGED = 100;

const moved = z
  .number()
  .int()
  .min(-2 * MAX_SIDE_PX)
  .max(2 * MAX_SIDE_PX)
  .default(0);

export const ArrangedLayer = z.strictObject({
  /** Its output's place in the frame. */
  place: z.number().int().min(0),
  /** Absent: numbered, in the language of the request. */
  name: z.string().trim().min(1).max(MAX_LAYER_NAME_CHARS).optional(),
  visible: z.boolean().default(true),
  opacity: z.number().min(0).max(1).default(1),
  /** Pixels to the right and down from where it was painted. */
  left: moved,
  top: moved,
});
export type ArrangedLayer = z.infer<typeof ArrangedLayer>;

/** The lowest first, each at most once. Layers that it does not name are left out. */
export const Arrangement = z
  .array(ArrangedLayer)
  .min(1)
  .max(MAX_ARRANGED)
  .refine(
    (layers) => new Set(layers.map(({ place }) => place)).size === layers.length,
    'names a layer twice',
  );
export type Arrangement = z.infer<typeof Arrangement>;
export type ArrangementInput = z.input<typeof Arrangement>;

/** `POST /api/outputs/{id}/layers/arranged` */
export const ArrangeRequest = z.strictObject({ layers: Arrangement });

const fromJson = (text: unknown): unknown => {
  if (typeof text !== 'string') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

export const LayersQuery = z.object({
  arrangement: z
    .preprocess(fromJson, Arrangement)
    .optional()
    .describe('JSON, as the body of `POST …/layers/arranged` has it under `layers`; absent: as painted'),
});
