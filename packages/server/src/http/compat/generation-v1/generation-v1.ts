/** The generation API of the third plan: create, status, result, history, delete. */
import {
  type Bilingual,
  type Caller,
  EditRequest,
  GenerateRequest,
  type ImageRef,
  Params,
  Recipe,
  type Task,
} from '@limner/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { requestedGeneration } from '../../../tasks/requested-task.ts';
import { bind } from '../../bind.ts';
import { documentLanguage } from '../../language.ts';
import { parse } from '../../parse.ts';
import { requestKey } from '../../request-key.ts';
import { bindWork } from '../bind-work.ts';
import { bodyWithPictures } from '../body-limit.ts';
import { type Dialect, type DialectDesk, dialectRoute } from '../dialect.ts';
import {
  Accepted,
  accepted,
  addressesOf,
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
import { HistoryQuery, paintedTasks } from '../painted-tasks.ts';
import { createReferenceEdit, workNote } from '../reference-edit.ts';
import { keepPicture } from '../sent-picture.ts';
import { ownAddress } from '../waiting.ts';

const { width, height, seed } = Recipe.shape;
const { negative_prompt, batch_size, style_id } = GenerateRequest.shape;

const Request = z.looseObject({
  prompt: GenerateRequest.shape.prompt,
  model_name: z.string().max(300).nullish().describe('Id or label of a family; the best one for others'),
  reference_image: z
    .string()
    .min(1)
    .nullish()
    .describe('Base64, a data URL, an http(s) address, or the id of a picture: changed by the prompt'),
  parameters: Params.extend({
    negative_prompt,
    width,
    height,
    seed,
    count: batch_size,
    style_id,
  }).prefault({}),
});
type Request = z.output<typeof Request>;

const Status = z.object({
  task_id: z.string(),
  status: DocumentStatus,
  progress: z.number().int().min(0).max(100),
  error: z.string().nullable(),
  /** How a reference was used, where it was not a true edit. */
  note: z.string().nullable(),
});

const Result = Status.extend({
  images: z.array(
    z.object({
      index: z.number().int(),
      image_url: z.string(),
      preview_url: z.string(),
      width: z.number().int(),
      height: z.number().int(),
    }),
  ),
});

const History = z.object({
  tasks: z.array(
    z.object({
      task_id: z.string(),
      created_at: z.iso.datetime(),
      prompt: z.string(),
      model_name: z.string(),
      status: DocumentStatus,
      progress: z.number().int(),
      result_urls: z.array(z.string()),
    }),
  ),
  /** The `before` of the next page; null on the last. */
  next_before: z.number().int().nullable(),
});

const common = { tag: 'generation-v1', allowed: 'user', status: 200 } as const;

const routes = {
  create: dialectRoute({
    ...common,
    method: 'POST',
    path: '/api/v1/generation/create',
    summary: 'Create a generation, or an edit of a reference picture',
    body: Request,
    response: Accepted,
  }),
  status: dialectRoute({
    ...common,
    method: 'GET',
    path: '/api/v1/generation/status/:task_id',
    summary: 'Status and progress of a task',
    params: taskParams,
    response: Status,
  }),
  result: dialectRoute({
    ...common,
    method: 'GET',
    path: '/api/v1/generation/result/:task_id',
    summary: 'Links to the pictures of a task; none before the first is finished',
    params: taskParams,
    response: Result,
  }),
  history: dialectRoute({
    ...common,
    method: 'GET',
    path: '/api/v1/generation/history',
    summary: 'Tasks that made pictures of words, newest first',
    query: HistoryQuery,
    response: History,
  }),
  remove: dialectRoute({
    ...common,
    method: 'DELETE',
    path: '/api/v1/generation/:task_id',
    summary: 'Cancel a task if it runs, and move it to the bin',
    params: taskParams,
    response: z.object({ task_id: z.string(), deleted: z.literal(true) }),
  }),
};

export const generationV1: Dialect = {
  name: 'generation-v1',
  routes,
  roots: ['/api/v1/generation'],
  refused: DocumentRefusal,
  refusal: documentRefusal,
  add(app: FastifyInstance, desk: DialectDesk): void {
    const { basePath } = desk.config;
    const bodyLimitBytes = bodyWithPictures(1, desk.uploads.maxFileSizeBytes);
    bindWork(
      app,
      { ...routes.create, bodyLimitBytes },
      {
        read: ({ caller, request, body }) => create(caller, request, desk, body),
        answer: async ({ task, notes }, { request }) => {
          const language = documentLanguage(request);
          return accepted(
            task,
            request,
            notes.map((note) => note[language]),
          );
        },
      },
    );
    bind(app, routes.status, async ({ caller, params, request }) =>
      statusOf(await desk.tasks.get(caller, namedTask(params)), request),
    );
    bind(app, routes.result, async ({ caller, params, request }) => {
      const task = await desk.tasks.get(caller, namedTask(params));
      const own = ownAddress(request, basePath);
      const images = picturesOf(task).map((picture, index) => ({
        index,
        ...addressesOf(picture, own),
        width: picture.width,
        height: picture.height,
      }));
      return { ...statusOf(task, request), images };
    });
    bind(app, routes.history, async ({ caller, query, request }) => {
      const own = ownAddress(request, basePath);
      const { tasks, nextBefore } = await paintedTasks(caller, desk, query);
      return {
        tasks: tasks.map((task) => ({
          task_id: String(task.id),
          created_at: task.created_at,
          prompt: task.prompt,
          model_name: task.family,
          status: documentStatus(task),
          progress: percent(task.progress),
          result_urls: task.output_paths.map((path) => own + path),
        })),
        next_before: nextBefore,
      };
    });
    bind(app, routes.remove, async ({ caller, params }) => {
      const task = namedTask(params);
      await desk.tasks.delete(caller, task);
      return { task_id: String(task), deleted: true as const };
    });
  },
};

async function create(
  caller: Caller,
  request: FastifyRequest,
  desk: DialectDesk,
  body: Request,
): Promise<{ task: Task; notes: Bilingual[] }> {
  const { prompt, model_name, reference_image, parameters, ...unknown } = body;
  const { engines } = desk;
  const newTasks = desk.requests.creator(requestKey(caller, request, body));
  const { negative_prompt, width, height, seed, count, style_id, ...params } = parameters;
  const family = model_name ? await familyNamed(desk, model_name) : null;
  const notes = [
    ...(model_name && family === null ? [unknownModel(model_name)] : []),
    ...(Object.keys(unknown).length > 0 ? [withoutEffect(Object.keys(unknown))] : []),
  ];
  const shared = { prompt, family, width, height, seed, batch_size: count, style_id, params };
  if (!reference_image) {
    const requested = requestedGeneration(GenerateRequest.parse({ ...shared, negative_prompt }));
    const task = await newTasks.create(caller, {
      ...requested,
      fieldOf: (field) => fieldOf(requested.fieldOf(field)),
    });
    return { task, notes };
  }
  const sent = { text: reference_image, field: 'reference_image' };
  const image: ImageRef = await keepPicture(caller, request, desk.uploads, sent);
  // Words may be missing in a generation, and not in an edit.
  const edit = parse(EditRequest, { ...shared, images: [image] }, 'body');
  return { task: await createReferenceEdit(caller, { engines, newTasks }, edit, fieldOf), notes };
}

/** By its id or its label in either language; null if there is none. */
async function familyNamed({ engines }: DialectDesk, name: string): Promise<string | null> {
  const wanted = name.trim().toLowerCase();
  const families = await engines.offers();
  const found = families.find(({ id, label }) =>
    [id, label.en, label.zh].some((own) => own.toLowerCase() === wanted),
  );
  return found?.id ?? null;
}

const unknownModel = (name: string): Bilingual => ({
  en: `There is no model "${name}", so the best available one is used.`,
  zh: `没有名为「${name}」的模型，已改用当前最合适的模型。`,
});

/** The document fixes no fields, so a client's own are not refused. */
const withoutEffect = (names: string[]): Bilingual => {
  const shown = names.slice(0, 10).join(', ').slice(0, 200);
  return {
    en: `Without effect: ${shown}. Sizes, numbers and the like belong in parameters.`,
    zh: `以下字段无效：${shown}。尺寸、数量等参数请写在 parameters 中。`,
  };
};

/** The document's name of a field of the native request. */
function fieldOf(field: string): string {
  if (/^(images|input_image)/.test(field)) return 'reference_image';
  if (field === 'prompt') return field;
  if (field === 'family') return 'model_name';
  return `parameters.${field === 'batch_size' ? 'count' : field.replace(/^params\./, '')}`;
}

function statusOf(task: Task, request: FastifyRequest): z.output<typeof Status> {
  const language = documentLanguage(request);
  return {
    task_id: String(task.id),
    status: documentStatus(task),
    progress: percent(task.progress),
    error: documentError(task, language),
    note: workNote(task, language),
  };
}
