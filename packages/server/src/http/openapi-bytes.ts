/** Routes whose answer is not JSON, as operations of the OpenAPI document: files and archives, and the socket. */
import { type ByteRoute, byteRoutes } from '@limner/contract';

type Json = Record<string, unknown>;

/** `parametersOf` returns the path and query parameters of a route. */
export function byteOperations(parametersOf: (route: ByteRoute) => Json[]): Record<string, Json> {
  const operations = Object.entries<ByteRoute>(byteRoutes).map(([name, route]) => [
    route.path.replace(/:(\w+)/g, '{$1}'),
    { get: operation(name, route, parametersOf(route)) },
  ]);
  return { ...Object.fromEntries(operations), '/ws': SOCKET };
}

function operation(name: string, { tag, summary, mediaType, nothing }: ByteRoute, parameters: Json[]): Json {
  const content = { [mediaType]: { schema: { type: 'string', contentMediaType: mediaType } } };
  return {
    operationId: name,
    tags: [tag],
    summary,
    parameters,
    responses: {
      200: { description: 'Done', content },
      ...(nothing ? { 204: { description: nothing } } : {}),
      default: REFUSED,
    },
  };
}

const REFUSED: Json = {
  description: 'Refused',
  content: { 'application/json': { schema: { $ref: '#/components/schemas/ErrorAnswer' } } },
};

const SOCKET: Json = {
  get: {
    tags: ['server'],
    summary: 'News of tasks, as a WebSocket',
    description:
      'Send `ClientMessage`s, for example `{"type":"subscribe","tasks":"all"}`, and receive one `TaskEvent` or `ServerNotice` per message.',
    parameters: [],
    responses: { 101: { description: 'Switching protocols' }, default: REFUSED },
  },
};
