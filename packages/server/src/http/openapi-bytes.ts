/** Routes whose answer is no JSON, which stand beside the contract's table: files, archives, the socket. */
import { THUMB_WIDTHS } from '@limner/contract';

type Json = Record<string, unknown>;

const FILE = parameter('file', 'path', { type: 'string' });
const STORED = [
  FILE,
  parameter('w', 'query', { type: 'integer', enum: THUMB_WIDTHS }, 'Width of a thumbnail'),
  parameter('download', 'query', { type: 'string' }, '1: saved under a good name'),
];
const ID = parameter('id', 'path', { type: 'integer' });

export const BYTE_ROUTES: Json = {
  '/outputs/{file}': get('files', 'A finished picture', STORED, 'image/*'),
  '/uploads/{file}': get('files', 'A picture a user gave us', STORED, 'image/*'),
  '/loras/{file}': get(
    'training',
    'The LoRA of a style that was trained here, as safetensors',
    [FILE],
    'application/octet-stream',
  ),
  '/api/tasks/{id}/frames/{index}/preview': get(
    'files',
    'The last preview of a picture that is being painted',
    [ID, parameter('index', 'path', { type: 'integer' })],
    'image/*',
  ),
  '/api/tasks/{id}/zip': get('outputs', 'All pictures of a task as one archive', [ID], 'application/zip'),
  '/api/outputs/zip/{id}': get(
    'outputs',
    'An archive that was asked for; it is offered for a quarter of an hour',
    [parameter('id', 'path', { type: 'string' })],
    'application/zip',
  ),
  '/notices': get('server', 'Licences of everything that ships with Limner', [], 'text/plain'),
  '/ws': {
    get: {
      tags: ['server'],
      summary: 'News of tasks, as a WebSocket',
      description:
        'Send `ClientMessage`s, for example `{"type":"subscribe","tasks":"all"}`, and receive one `TaskEvent` or `ServerNotice` per message.',
      parameters: [],
      responses: { 101: { description: 'Switching protocols' }, default: refused() },
    },
  },
};

function get(tag: string, summary: string, parameters: Json[], mediaType: string): Json {
  const content = { [mediaType]: { schema: { type: 'string', contentMediaType: mediaType } } };
  return {
    get: {
      tags: [tag],
      summary,
      parameters,
      responses: { 200: { description: 'Done', content }, default: refused() },
    },
  };
}

function parameter(name: string, where: 'path' | 'query', schema: Json, description?: string): Json {
  return { name, in: where, required: where === 'path', description, schema };
}

function refused(): Json {
  const schema = { $ref: '#/components/schemas/ErrorAnswer' };
  return { description: 'Refused', content: { 'application/json': { schema } } };
}
