/** Native requests of the API's, and the API's names of their fields. */
import { type Caller, EditRequest, GenerateRequest, type ImageRef, type Task } from '@limner/contract';
import type { Engines } from '../../../engines/engines.ts';
import type { NewTasks } from '../../../tasks/new-tasks.ts';
import { type RequestedTask, requestedGeneration } from '../../../tasks/requested-task.ts';
import { createReferenceEdit } from '../reference-edit.ts';
import type { GenerationBody, Order } from './requests.ts';

/** Of a variation: most of the picture is painted anew, its composition stays. */
const VARIATION_STRENGTH = 0.65;
const VARIATION_PROMPT = 'a variation of this picture';

type Creator = Pick<NewTasks, 'create'>;

export const createGeneration = (
  caller: Caller,
  newTasks: Creator,
  body: GenerationBody,
  family: string | null,
): Promise<Task> =>
  newTasks.create(caller, named(generation(body, family, { prompt: body.prompt }), modelField(body)));

export const createVariation = (
  caller: Caller,
  newTasks: Creator,
  order: Order & { prompt?: string | undefined },
  family: string | null,
  picture: ImageRef,
): Promise<Task> => {
  const { prompt = VARIATION_PROMPT } = order;
  const params = { ...paramsOf(order), denoise: VARIATION_STRENGTH };
  const more = { type: 'img2img', input_image: picture, prompt, params };
  return newTasks.create(
    caller,
    named(generation(order, family, more), { ...modelField(order), type: 'image' }),
  );
};

export const createRepaint = (
  caller: Caller,
  newTasks: Creator,
  body: GenerationBody,
  family: string | null,
  { picture, mask }: { picture: ImageRef; mask: ImageRef },
): Promise<Task> => {
  const more = { type: 'inpaint', input_image: picture, mask_image: mask, prompt: body.prompt };
  return newTasks.create(
    caller,
    named(generation(body, family, more), { ...modelField(body, 'mask'), type: 'mask' }),
  );
};

export function createEdit(
  caller: Caller,
  desk: { engines: Engines; newTasks: Creator },
  body: GenerationBody,
  family: string | null,
  images: ImageRef[],
): Promise<Task> {
  const request = EditRequest.parse({ ...common(body, family), prompt: body.prompt, images });
  return createReferenceEdit(caller, desk, request, (field) => fieldOf(field, modelField(body)));
}

const generation = (order: Order, family: string | null, more: object): RequestedTask =>
  requestedGeneration(
    GenerateRequest.parse({
      ...common(order, family),
      negative_prompt: order.negative_prompt,
      ...more,
    }),
  );

const common = (order: Order, family: string | null) => ({
  family,
  batch_size: order.n,
  ...order.size,
  seed: order.seed,
  style_id: order.style_id,
  loras: order.loras,
  params: paramsOf(order),
});

const paramsOf = ({ steps, guidance, sampler }: Order) => ({
  ...(steps === undefined ? {} : { steps }),
  ...(guidance === undefined ? {} : { guidance }),
  ...(sampler === undefined ? {} : { sampler }),
});

/** A refusal of the family is one of `model`, or of what else chose it, unless the client named the family. */
const modelField = ({ family }: Order, chosenBy = 'model'): Record<string, string> =>
  family === undefined ? { family: chosenBy } : {};

const named = (requested: RequestedTask, own: Record<string, string> = {}): RequestedTask => ({
  ...requested,
  fieldOf: (field) => fieldOf(requested.fieldOf(field), own),
});

function fieldOf(field: string, own: Record<string, string> = {}): string {
  if (/^(images|input_image)/.test(field)) return 'image';
  return own[field] ?? FIELDS[field] ?? field.replace(/^params\./, '');
}

const FIELDS: Partial<Record<string, string>> = {
  mask_image: 'mask',
  batch_size: 'n',
  width: 'size',
  height: 'size',
  type: 'model',
};
