/** The API of the reference picture plan: JSON in with the reference as base64 or URL, JSON out with links. */

import { EditRequest, type Task } from '@limner/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { bind } from '../../bind.ts';
import { documentLanguage } from '../../language.ts';
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

const Parameters = z.object({
  steps: z.number().int().min(1).max(150).default(20),
  cfg: z.number().min(0).max(30).default(1),
  guidance: z.number().min(0).max(30).default(2.5),
  seed: EditRequest.shape.seed,
});

const Request = z.object({
  reference_image: z
    .string()
    .min(1)
    .describe('Base64, a data URL, an http(s) address, or the id of a picture'),
  description: EditRequest.shape.prompt,
  parameters: Parameters.prefault({}),
});

const Links = z.object({ image_url: z.string(), preview_url: z.string() });

const Status = z.object({
  task_id: z.string(),
  status: DocumentStatus,
  progress: z.number().int().min(0).max(100),
  result: Links.nullable(),
  error: z.string().nullable(),
  /** How the reference was used, where it was not a true edit. */
  note: z.string().nullable(),
});

const History = z.object({
  tasks: z.array(
    z.object({
      task_id: z.string(),
      created_at: z.iso.datetime(),
      description: z.string(),
      status: DocumentStatus,
      result_url: z.string().nullable(),
    }),
  ),
});

const common = { tag: 'kontext-plan', allowed: 'user', status: 200 } as const;

const routes = {
  generateImage: dialectRoute({
    ...common,
    method: 'POST',
    path: '/api/generate-image',
    summary: 'Make a picture of a reference picture and a description',
    body: Request,
    response: Accepted,
  }),
  task: dialectRoute({
    ...common,
    method: 'GET',
    path: '/api/task/:task_id',
    summary: 'Status and result of a task',
    params: taskParams,
    response: Status,
  }),
  history: dialectRoute({
    ...common,
    method: 'GET',
    path: '/api/history',
    summary: 'Tasks that made pictures of words, newest first',
    query: HistoryQuery,
    response: History,
  }),
};

export const kontextPlan: Dialect = {
  name: 'kontext-plan',
  routes,
  roots: ['/api/generate-image', '/api/task', '/api/history'],
  refused: DocumentRefusal,
  refusal: documentRefusal,
  add(app: FastifyInstance, desk: DialectDesk): void {
    const { basePath } = desk.config;
    const bodyLimitBytes = bodyWithPictures(1, desk.uploads.maxFileSizeBytes);
    bindWork(
      app,
      { ...routes.generateImage, bodyLimitBytes },
      {
        read: async ({ caller, request, body }) => {
          const { reference_image, description, parameters } = body;
          const newTasks = desk.requests.creator(requestKey(caller, request, body));
          const { seed, ...params } = parameters;
          const sent = { text: reference_image, field: 'reference_image' };
          const image = await keepPicture(caller, request, desk.uploads, sent);
          const edit = EditRequest.parse({ prompt: description, images: [image], params, seed });
          return createReferenceEdit(caller, { engines: desk.engines, newTasks }, edit, fieldOf);
        },
        answer: async (task, { request }) => accepted(task, request),
      },
    );
    bind(app, routes.task, async ({ caller, params, request }) =>
      statusOf(await desk.tasks.get(caller, namedTask(params)), request, ownAddress(request, basePath)),
    );
    bind(app, routes.history, async ({ caller, query, request }) => {
      const own = ownAddress(request, basePath);
      const { tasks } = await paintedTasks(caller, desk, query);
      return {
        tasks: tasks.map((task) => ({
          task_id: String(task.id),
          created_at: task.created_at,
          description: task.prompt,
          status: documentStatus(task),
          result_url: task.output_paths[0] === undefined ? null : own + task.output_paths[0],
        })),
      };
    });
  },
};

/** The document's name of a field of the edit. */
function fieldOf(field: string): string {
  if (/^(images|input_image)/.test(field)) return 'reference_image';
  if (field === 'prompt') return 'description';
  return `parameters.${field.replace(/^params\./, '')}`;
}

function statusOf(task: Task, request: FastifyRequest, own: string): z.output<typeof Status> {
  const language = documentLanguage(request);
  const [picture] = picturesOf(task);
  return {
    task_id: String(task.id),
    status: documentStatus(task),
    progress: percent(task.progress),
    result: picture ? addressesOf(picture, own) : null,
    error: documentError(task, language),
    note: workNote(task, language),
  };
}
