/** What clients send. Unknown fields are ignored, as clients send those of newer models to every server. */
import {
  EditRequest,
  GenerateRequest,
  Lora,
  MAX_LORAS,
  MAX_REFERENCES,
  Params,
  Seed,
} from '@limner/contract';
import { z } from 'zod';
import { SizeText } from '../size-text.ts';
import { optional, optionalList, optionalNumber, optionalSwitch } from './fields.ts';

const MAX_PICTURES = 10;
const MAX_PARTIAL_IMAGES = 3;

const { steps, guidance, sampler } = Params.shape;

const Format = z.enum(['png', 'jpeg', 'webp']);
const SIZE = z.preprocess(
  (size) => (size === 'auto' || size === '' || size === null ? undefined : size),
  SizeText.optional(),
);

/** Of every route that makes pictures. */
const Order = z.object({
  /** A family's id, or `family:file`. Any other name means the best family that is available. */
  model: optional(z.string().max(300)),
  n: optionalNumber(z.number().int().min(1).max(MAX_PICTURES)),
  size: SIZE,
  quality: optional(z.string().max(40)),
  response_format: optional(z.enum(['url', 'b64_json'])),
  output_format: z.preprocess((format) => (format === 'jpg' ? 'jpeg' : format), optional(Format)),
  output_compression: optionalNumber(z.number().int().min(0).max(100)),
  background: optional(z.enum(['transparent', 'opaque', 'auto'])),
  stream: optionalSwitch,
  partial_images: optionalNumber(z.number().int().min(0).max(MAX_PARTIAL_IMAGES)),
  // Limner's own
  family: optional(GenerateRequest.shape.family.unwrap().unwrap()),
  seed: optional(Seed),
  steps: optionalNumber(steps.unwrap()),
  guidance: optionalNumber(guidance.unwrap()),
  sampler: optional(sampler.unwrap()),
  negative_prompt: optional(GenerateRequest.shape.negative_prompt.unwrap()),
  style_id: optionalNumber(z.number().int().positive()),
  loras: optionalList(z.array(Lora).max(MAX_LORAS)),
});
export type Order = z.output<typeof Order>;

export const GenerationBody = Order.extend({ prompt: EditRequest.shape.prompt });
export type GenerationBody = z.output<typeof GenerationBody>;

const Picture = z.union([
  z.string().min(1),
  z.object({ image_url: z.string().min(1) }),
  z.object({ file_id: z.string().min(1).max(500) }),
]);
export type Picture = z.output<typeof Picture>;

export const EditBody = GenerationBody.extend({
  images: z.array(Picture).min(1).max(MAX_REFERENCES),
  mask: optional(Picture),
});
export type EditBody = z.output<typeof EditBody>;

/** The prompt of a variation is Limner's own field. */
export const VariationForm = Order.extend({
  prompt: optional(EditRequest.shape.prompt),
});
