/** The routes. Some clients append them to an address without `/v1`, or to that of an Azure deployment. */
import { z } from 'zod';
import { dialectRoute } from '../dialect.ts';
import { ImagesResponse, Model, ModelList } from './answers.ts';
import { EditBody, GenerationBody, VariationForm } from './requests.ts';

const file = z.string().meta({ format: 'binary' });

const generation = {
  method: 'POST',
  tag: 'openai',
  summary: 'Make pictures of a prompt; with `stream` as server-sent events',
  allowed: 'user',
  body: GenerationBody,
  status: 200,
  response: ImagesResponse,
} as const;

const edit = {
  method: 'POST',
  tag: 'openai',
  summary: 'Change pictures by a prompt, or repaint one where a mask is transparent',
  allowed: 'user',
  body: EditBody,
  form: GenerationBody.extend({ image: file, mask: file.optional() }),
  status: 200,
  response: ImagesResponse,
} as const;

const variation = {
  method: 'POST',
  tag: 'openai',
  summary: 'Make pictures that resemble one picture',
  allowed: 'user',
  form: VariationForm.extend({ image: file }),
  status: 200,
  response: ImagesResponse,
} as const;

const models = {
  method: 'GET',
  tag: 'openai',
  summary: 'Families that make pictures now, and names that clients have built in',
  allowed: 'user',
  status: 200,
  response: ModelList,
} as const;

const model = {
  method: 'GET',
  tag: 'openai',
  summary: 'One model',
  allowed: 'user',
  params: z.object({ id: z.string().max(300) }),
  status: 200,
  response: Model,
} as const;

export const routes = {
  generations: dialectRoute({ ...generation, path: '/v1/images/generations' }),
  generationsBare: dialectRoute({ ...generation, path: '/images/generations' }),
  generationsAzure: dialectRoute({
    ...generation,
    path: '/openai/deployments/:deployment/images/generations',
    params: z.object({ deployment: z.string() }),
  }),
  edits: dialectRoute({ ...edit, path: '/v1/images/edits' }),
  editsBare: dialectRoute({ ...edit, path: '/images/edits' }),
  editsAzure: dialectRoute({
    ...edit,
    path: '/openai/deployments/:deployment/images/edits',
    params: z.object({ deployment: z.string() }),
  }),
  /** The client for Azure sends forms here. */
  editsAzureForm: dialectRoute({ ...edit, path: '/openai/images/edits' }),
  variations: dialectRoute({ ...variation, path: '/v1/images/variations' }),
  variationsBare: dialectRoute({ ...variation, path: '/images/variations' }),
  models: dialectRoute({ ...models, path: '/v1/models' }),
  modelsBare: dialectRoute({ ...models, path: '/models' }),
  model: dialectRoute({ ...model, path: '/v1/models/:id' }),
  modelBare: dialectRoute({ ...model, path: '/models/:id' }),
};
