/** Routes whose answer is not JSON: pictures, archives, model files. The others are in `routes.ts`. */
import { z } from 'zod';
import type { Allowed } from './caller.ts';
import { DatasetZipQuery } from './dataset.ts';
import { fromDigits } from './digits.ts';
import { SheetQuery } from './grid.ts';
import { LayerFormat, LayersQuery } from './layers.ts';
import { MAX_FAMILY_CHARS } from './limits.ts';
import { OutputId } from './output.ts';
import { frameParams, idParams } from './route-params.ts';
import { THUMB_WIDTHS } from './upload.ts';

export interface ByteRoute {
  path: string;
  tag: string;
  summary: string;
  allowed: Allowed;
  params?: z.ZodType;
  query?: z.ZodType;
  mediaType: string;
  /** What an answer without bytes (204) says. */
  nothing?: string;
}

const route = <const R extends ByteRoute>(definition: R): R => definition;

const fileParams = z.object({ file: z.string().max(300) });
const StoredQuery = z.object({
  w: fromDigits(z.literal(THUMB_WIDTHS)).optional().describe('Width of a thumbnail'),
  v: z.string().optional().describe('The version of the task: an address of its own for these bytes'),
  download: z.string().optional().describe('1: saved under a good name'),
});

export const byteRoutes = {
  output: route({
    path: '/outputs/:file',
    tag: 'files',
    summary: 'A finished picture',
    allowed: 'user',
    params: fileParams,
    query: StoredQuery,
    mediaType: 'image/*',
  }),
  uploaded: route({
    path: '/uploads/:file',
    tag: 'files',
    summary: 'An uploaded picture',
    allowed: 'user',
    params: fileParams,
    query: StoredQuery,
    mediaType: 'image/*',
  }),
  lora: route({
    path: '/loras/:file',
    tag: 'training',
    summary: 'The LoRA of a trained style, as safetensors',
    allowed: 'user',
    params: fileParams,
    mediaType: 'application/octet-stream',
  }),
  trainingLog: route({
    path: '/api/training/:id/log',
    tag: 'training',
    summary:
      'What the program of a training run wrote, until the run is completed or deleted; a range takes its end',
    allowed: 'user',
    params: idParams,
    mediaType: 'text/plain',
  }),
  framePreview: route({
    path: '/api/tasks/:id/frames/:index/preview',
    tag: 'files',
    summary: 'The last preview of a picture that is being painted',
    allowed: 'user',
    params: frameParams,
    mediaType: 'image/*',
    nothing: 'No preview yet, or the picture is no longer being painted',
  }),
  taskZip: route({
    path: '/api/tasks/:id/zip',
    tag: 'outputs',
    summary: 'All pictures of a task as one archive',
    allowed: 'user',
    params: idParams,
    mediaType: 'application/zip',
  }),
  offeredZip: route({
    path: '/api/outputs/zip/:id',
    tag: 'outputs',
    summary: 'An offered archive, available for a quarter of an hour',
    allowed: 'user',
    params: z.object({ id: z.string().max(100) }),
    mediaType: 'application/zip',
  }),
  /** Of the picture that they make up, by the id of any output of its frame. */
  layers: route({
    path: '/api/outputs/:id/layers/:format',
    tag: 'outputs',
    summary: 'The layers of a picture as PSD, ORA or numbered PNGs, or what they make up as PNG',
    allowed: 'user',
    params: z.object({ id: OutputId, format: LayerFormat }),
    query: LayersQuery,
    mediaType: 'application/octet-stream',
  }),
  datasetZip: route({
    path: '/api/datasets/:id/zip',
    tag: 'datasets',
    summary: 'The pictures of a data set, each with its caption as a text file beside it',
    allowed: 'user',
    params: idParams,
    query: DatasetZipQuery,
    mediaType: 'application/zip',
  }),
  gridSheet: route({
    path: '/api/grids/:id/sheet',
    tag: 'grids',
    summary: 'The pictures of a grid on one sheet with labels',
    allowed: 'user',
    params: idParams,
    query: SheetQuery,
    mediaType: 'image/png',
  }),
  binThumbnail: route({
    path: '/api/bin/:id/thumbnail',
    tag: 'storage',
    summary: 'A small copy of the first picture of a bin item',
    allowed: 'user',
    params: idParams,
    mediaType: 'image/webp',
  }),
  workflowFile: route({
    path: '/api/workflows/:id/file',
    tag: 'workflows',
    summary: 'A workflow as one file for another Limner: graph, form, examples and what it needs',
    allowed: 'user',
    params: z.object({ id: z.string().max(MAX_FAMILY_CHARS) }),
    mediaType: 'application/octet-stream',
  }),
  workflowPicture: route({
    path: '/api/workflows/:id/examples/:picture',
    tag: 'workflows',
    summary: 'The small picture of an example of a workflow',
    allowed: 'user',
    params: z.object({ id: z.string().max(MAX_FAMILY_CHARS), picture: z.string().max(64) }),
    mediaType: 'image/webp',
  }),
  notices: route({
    path: '/notices',
    tag: 'server',
    summary: 'Licences of everything that ships with Limner',
    allowed: 'anyone',
    mediaType: 'text/plain',
  }),
} as const;
