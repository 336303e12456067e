/**
 * The images API of OpenAI, as its clients use it. A request waits for its task; a model that Limner does not have means
 * the best family.
 */
import type { FastifyInstance } from 'fastify';
import { bind, type Call } from '../../bind.ts';
import { bindWork } from '../bind-work.ts';
import { bodyWithPictures } from '../body-limit.ts';
import type { Dialect, DialectDesk, DialectRoute } from '../dialect.ts';
import { answerWork } from './answer.ts';
import { Refused } from './answers.ts';
import { AwaitedWork } from './awaited-work.ts';
import { ImageRequests, type OrderedWork } from './image-requests.ts';
import type { Made } from './made-pictures.ts';
import { findModel, listModels } from './models.ts';
import { refusal } from './refusal.ts';
import { routes } from './routes.ts';

/** Pictures of the largest size in the JSON of an edit. */
const JSON_PICTURES = 2;

export const openai: Dialect = {
  name: 'openai',
  routes,
  roots: ['/v1', '/images', '/models', '/openai'],
  refused: Refused,
  refusal,
  add(app: FastifyInstance, desk: DialectDesk): void {
    for (const route of [routes.models, routes.modelsBare])
      bind(app, route, async () => ({ object: 'list' as const, data: await listModels(desk) }));
    for (const route of [routes.model, routes.modelBare])
      bind(app, route, ({ params }) => findModel(desk, params.id));
    addPictures(app, desk);
  },
};

function addPictures(app: FastifyInstance, desk: DialectDesk): void {
  const works = new AwaitedWork<Made>({
    cancel: (caller, task) => desk.tasks.stop(caller, task),
    stopping: desk.stopping,
    failed: (err) => desk.log.error({ err }, 'a task whose client has gone could not be cancelled'),
  });
  const requests = new ImageRequests(desk, works);
  const answer = (ordered: OrderedWork, call: Omit<Call<DialectRoute>, 'body'>): Promise<unknown> =>
    answerWork({ ...call, ...ordered, desk, works });

  for (const route of [routes.generations, routes.generationsBare, routes.generationsAzure])
    bindWork(app, route, {
      read: (call) => requests.generation(call, call.body),
      answer,
    });
  const bodyLimitBytes = bodyWithPictures(JSON_PICTURES, desk.uploads.maxFileSizeBytes);
  for (const route of [routes.edits, routes.editsBare, routes.editsAzure, routes.editsAzureForm])
    bindWork(
      app,
      { ...route, bodyLimitBytes },
      {
        read: (call) => requests.edit(call, call.body),
        answer,
      },
    );
  for (const route of [routes.variations, routes.variationsBare])
    bindWork(app, route, { read: (call) => requests.variation(call), answer });
}
