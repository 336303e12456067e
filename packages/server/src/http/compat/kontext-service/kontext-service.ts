/**
 * The reference picture service: one reference picture and a description make one to four pictures. Multipart in, JSON
 * out; the bytes of a picture have an address with the task and the picture's index.
 */

import { type Caller, EditRequest, fromDigits, StudioError, type Task } from '@limner/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { bind } from '../../bind.ts';
import { documentLanguage } from '../../language.ts';
import { invalid, parse } from '../../parse.ts';
import { requestKey } from '../../request-key.ts';
import { bindWork } from '../bind-work.ts';
import { type Dialect, type DialectDesk, dialectRoute } from '../dialect.ts';
import {
  Accepted,
  accepted,
  DocumentRefusal,
  DocumentStatus,
  documentError,
  documentRefusal,
  documentStatus,
  namedTask,
  percent,
  picturesOf,
  taskParams,
} from '../document-answer.ts';
import { contentOf, readForm, singleFields } from '../form.ts';
import { pictureBytes } from '../picture-bytes.ts';
import { createReferenceEdit, workNote } from '../reference-edit.ts';
import { SizeText } from '../size-text.ts';

/** Form fields are text. An empty one counts as not sent. */
const optional = <S extends z.ZodType>(schema: S) =>
  z.preprocess((text) => (text === '' ? undefined : text), schema.optional());

const Form = z.object({
  description: EditRequest.shape.prompt,
  count: optional(fromDigits(z.number().int().min(1).max(4))),
  size: optional(SizeText),
  steps: optional(fromDigits(z.number().int().min(1).max(150))),
  seed: optional(EditRequest.shape.seed.unwrap().unwrap()),
});

const Status = z.object({
  task_id: z.string(),
  id: z.string(),
  description: z.string(),
  status: DocumentStatus,
  progress: z.number().int().min(0).max(100),
  /** A JSON list of addresses, as text; null until there is a picture. */
  result_path: z.string().nullable(),
  image_count: z.number().int(),
  error_message: z.string().nullable(),
  /** How the reference was used, where it was not a true edit. */
  note: z.string().nullable(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});

const routes = {
  generateImage: dialectRoute({
    method: 'POST',
    path: '/generate-image',
    tag: 'kontext-service',
    summary: 'Make pictures of a reference picture and a description',
    allowed: 'user',
    form: Form.extend({ referenceImage: z.string().meta({ format: 'binary' }) }),
    status: 200,
    response: Accepted,
  }),
  taskStatus: dialectRoute({
    method: 'GET',
    path: '/api/task-status/:task_id',
    tag: 'kontext-service',
    summary: 'Status of a task: pending, processing, completed or failed',
    allowed: 'user',
    params: taskParams,
    status: 200,
    response: Status,
  }),
  image: dialectRoute({
    method: 'GET',
    path: '/api/image/:task_id',
    tag: 'kontext-service',
    summary: 'The bytes of one picture of a task',
    allowed: 'user',
    params: taskParams,
    query: z.object({ index: fromDigits(z.number().int().min(0)).default(0) }),
    status: 200,
    response: z.unknown(),
    mediaType: 'image/*',
  }),
};

export const kontextService: Dialect = {
  name: 'kontext-service',
  routes,
  roots: ['/generate-image', '/api/task-status', '/api/image'],
  refused: DocumentRefusal,
  refusal: documentRefusal,
  add(app: FastifyInstance, desk: DialectDesk): void {
    bindWork(app, routes.generateImage, {
      read: ({ caller, request }) => create(caller, request, desk),
      answer: async (task, { request }) => accepted(task, request),
    });
    bind(app, routes.taskStatus, async ({ caller, params, request }) =>
      statusOf(await desk.tasks.get(caller, namedTask(params)), request, desk.config.basePath),
    );
    bindWork(app, routes.image, {
      read: async ({ caller, params, query }) => {
        const picture = picturesOf(await desk.tasks.get(caller, namedTask(params)))[query.index];
        if (!picture)
          throw new StudioError('frame_not_found', { data: { id: namedTask(params), index: query.index } });
        return pictureBytes(caller, desk.outputs, picture.id);
      },
      answer: async ({ bytes, mediaType }, { reply }) => reply.type(mediaType).send(bytes),
    });
  },
};

async function create(caller: Caller, request: FastifyRequest, desk: DialectDesk): Promise<Task> {
  const sent = await readForm(caller, request, desk.uploads, (field) => field === 'referenceImage');
  const { description, count, size, steps, seed } = parse(Form, singleFields(sent), 'body');
  const [reference] = sent.pictures;
  if (!reference) throw invalid('referenceImage', IS_REQUIRED);
  const edit = EditRequest.parse({
    prompt: description,
    images: [reference.upload.id],
    batch_size: count,
    ...size,
    ...(steps === undefined ? {} : { params: { steps } }),
    seed,
  });
  const newTasks = desk.requests.creator(requestKey(caller, request, contentOf(sent)));
  return createReferenceEdit(caller, { engines: desk.engines, newTasks }, edit, fieldOf);
}

const IS_REQUIRED = { en: 'is required', zh: '为必填项' };

/** The form's name of a field of the edit. */
function fieldOf(field: string): string {
  if (/^(images|input_image)/.test(field)) return 'referenceImage';
  return FIELDS[field] ?? field.replace(/^params\./, '');
}

const FIELDS: Partial<Record<string, string>> = {
  prompt: 'description',
  batch_size: 'count',
  width: 'size',
  height: 'size',
};

function statusOf(task: Task, request: FastifyRequest, basePath: string): z.output<typeof Status> {
  const language = documentLanguage(request);
  const pictures = picturesOf(task);
  const addresses = pictures.map((_, index) => `${basePath}/api/image/${task.id}?index=${index}`);
  return {
    task_id: String(task.id),
    id: String(task.id),
    description: task.prompt,
    status: documentStatus(task),
    progress: percent(task.progress),
    result_path: pictures.length === 0 ? null : JSON.stringify(addresses),
    image_count: pictures.length,
    error_message: documentError(task, language),
    note: workNote(task, language),
    created_at: task.created_at,
    updated_at: task.completed_at ?? task.started_at ?? task.created_at,
  };
}
