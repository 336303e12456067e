/** Native requests of the API's, and the API's names of their fields. */
import { type Caller, EditRequest, GenerateRequest, type Task } from '@limner/contract';
import type { Engines } from '../../../engines/engines.ts';
import type { NewTasks } from '../../../tasks/new-tasks.ts';
import { type RequestedTask, requestedGeneration } from '../../../tasks/requested-task.ts';
import { createReferenceEdit } from '../reference-edit.ts';
import type { NamedPicture } from './edit-pictures.ts';
import type { ChosenModel } from './models.ts';
import type { GenerationBody, Order } from './requests.ts';

/** Of a variation: most of the picture is painted anew, its composition stays. */
const VARIATION_STRENGTH = 0.65;
const VARIATION_PROMPT = 'a variation of this picture';

type Creator = Pick<NewTasks, 'create'>;

export const createGeneration = (
  caller: Caller,
  newTasks: Creator,
  body: GenerationBody,
  model: ChosenModel,
): Promise<Task> =>
  newTasks.create(caller, named(generation(body, model, { prompt: body.prompt }), modelField(body)));

export const createVariation = (
  caller: Caller,
  newTasks: Creator,
  order: Order & { prompt?: string | undefined },
  model: ChosenModel,
  picture: NamedPicture,
): Promise<Task> => {
  const { prompt = VARIATION_PROMPT } = order;
  const params = { ...paramsOf(order, model.file), denoise: VARIATION_STRENGTH };
  const more = { type: 'img2img', input_image: picture.ref, prompt, params };
  return newTasks.create(
    caller,
    named(generation(order, model, more), {
      ...modelField(order),
      type: picture.field,
      input_image: picture.field,
    }),
  );
};

export const createRepaint = (
  caller: Caller,
  newTasks: Creator,
  body: GenerationBody,
  model: ChosenModel,
  { picture, mask }: { picture: NamedPicture; mask: NamedPicture },
): Promise<Task> => {
  const more = { type: 'inpaint', input_image: picture.ref, mask_image: mask.ref, prompt: body.prompt };
  const pictures = { input_image: picture.field, mask_image: mask.field, type: mask.field };
  return newTasks.create(
    caller,
    named(generation(body, model, more), { ...modelField(body, mask.field), ...pictures }),
  );
};

export function createEdit(
  caller: Caller,
  desk: { engines: Engines; newTasks: Creator },
  body: GenerationBody,
  model: ChosenModel,
  pictures: NamedPicture[],
): Promise<Task> {
  const images = pictures.map(({ ref }) => ref);
  const request = EditRequest.parse({ ...common(body, model), prompt: body.prompt, images });
  const own = {
    ...modelField(body),
    // Without a family for edits, the first picture is painted over.
    input_image: pictures[0]?.field ?? 'image',
    ...Object.fromEntries(pictures.map(({ field }, index) => [`images.${index}`, field])),
  };
  return createReferenceEdit(caller, desk, request, (field) => fieldOf(field, own));
}

const generation = (order: Order, model: ChosenModel, more: object): RequestedTask =>
  requestedGeneration(
    GenerateRequest.parse({
      ...common(order, model),
      negative_prompt: order.negative_prompt,
      ...more,
    }),
  );

const common = (order: Order, { family, file }: ChosenModel) => ({
  family,
  batch_size: order.n,
  ...order.size,
  seed: order.seed,
  style_id: order.style_id,
  loras: order.loras,
  params: paramsOf(order, file),
});

const paramsOf = ({ steps, guidance, sampler }: Order, file: string | null) => ({
  ...(file === null ? {} : { model: file }),
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

const fieldOf = (field: string, own: Record<string, string> = {}): string =>
  own[field] ?? FIELDS[field] ?? field.replace(/^params\./, '');

const FIELDS: Partial<Record<string, string>> = {
  images: 'image',
  batch_size: 'n',
  width: 'size',
  height: 'size',
  type: 'model',
};
