/** The OpenAPI document, printed from the contract's route table. */
import * as contract from '@limner/contract';
import { type Route, routes } from '@limner/contract';
import { z } from 'zod';
import type { DialectRoute } from './compat/dialect.ts';
import { DIALECTS } from './compat/dialects.ts';
import { McpRefusal, mcpRoute } from './mcp.ts';
import { byteOperations } from './openapi-bytes.ts';

type Json = Record<string, unknown>;

/** `basePath`: below which the routes are found; empty: at the root. */
export function openApi(version: string, basePath: string): Json {
  return {
    openapi: '3.1.0',
    info: { title: 'Limner (画匠)', version, description: DESCRIPTION },
    servers: [{ url: basePath || '/' }],
    tags: [...TAGS, ...DIALECTS.map(({ name }) => name), mcpRoute.tag].map((name) => ({ name })),
    paths: paths(),
    components: { schemas: namedSchemas() },
  };
}

/** In the order they are shown. */
const TAGS = [
  'tasks',
  'grids',
  'outputs',
  'files',
  'styles',
  'wildcards',
  'presets',
  'datasets',
  'training',
  'engines',
  'workflows',
  'webhooks',
  'storage',
  'server',
];

const DESCRIPTION = `Pictures by open models. Errors carry a code, a sentence (\`Accept-Language\` or \`?lang=\`: en, zh) and the
field at fault. News of tasks comes on the WebSocket \`/ws\`: send \`{"type":"subscribe","tasks":"all"}\` and receive one
\`TaskEvent\` per message.`;

function paths(): Json {
  const all: Record<string, Json> = {};
  for (const [name, route] of everyRoute()) {
    const path = templated(route.path);
    all[path] = { ...all[path], [route.method.toLowerCase()]: operation(name, route) };
  }
  return { ...all, ...byteOperations(parametersOf) };
}

/** `refused`: the form of its refusals, if it is not `ErrorAnswer`. */
interface DescribedRoute extends DialectRoute {
  refused?: z.ZodType;
}

const everyRoute = (): [string, DescribedRoute][] => [
  ...Object.entries<DescribedRoute>(routes),
  ...dialectEntries(),
  ['mcp', { ...mcpRoute, refused: McpRefusal }],
];

/** Operation ids of dialects begin with the dialect's name, so that two may have a route of one name. */
const dialectEntries = (): [string, DescribedRoute][] =>
  DIALECTS.flatMap(({ name, routes, refused }) =>
    Object.entries(routes).map(([key, route]): [string, DescribedRoute] => [
      `${name}_${key}`,
      { ...route, refused },
    ]),
  );

function operation(name: string, route: DescribedRoute): Json {
  return {
    operationId: name,
    tags: [route.tag],
    summary: route.summary,
    parameters: parametersOf(route),
    ...requestBody(route),
    responses: {
      [route.status]:
        route.status === 204
          ? { description: 'Done' }
          : {
              description: 'Done',
              content: { [route.mediaType ?? 'application/json']: { schema: answer(route.response) } },
            },
      default: { description: 'Refused', content: json(answer(route.refused ?? contract.ErrorAnswer)) },
    },
  };
}

function requestBody({ body, form, multipart }: DialectRoute): Json {
  const content = {
    ...(body ? json(plain(body, 'input')) : {}),
    ...(form ? { 'multipart/form-data': { schema: plain(form, 'input') } } : {}),
    ...(multipart && !form ? FILE : {}),
  };
  return Object.keys(content).length > 0 ? { requestBody: { required: true, content } } : {};
}

const parametersOf = ({ params, query }: Pick<Route, 'params' | 'query'>): Json[] => [
  ...parameters('path', params),
  ...parameters('query', query),
];

function parameters(where: 'path' | 'query', schema: z.ZodType | undefined): Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = plain(schema, 'output') as {
    properties?: Json;
    required?: string[];
  };
  // A field with a default always exists after parsing but need not be sent.
  const needed = (name: string) =>
    where === 'path' || (required.includes(name) && !hasDefault(properties[name]));
  return Object.entries(properties).map(([name, value]) => ({
    name,
    in: where,
    required: needed(name),
    schema: value,
  }));
}

const hasDefault = (schema: unknown): boolean =>
  typeof schema === 'object' && schema !== null && 'default' in schema;

/** Refers to named schemas by name, also as the items of a list. */
function answer(schema: z.ZodType): Json {
  const name = nameOf(schema);
  if (name) return reference(name);
  if (schema instanceof z.ZodArray) return { type: 'array', items: answer(schema.element as z.ZodType) };
  return plain(schema, 'output');
}

const named = Object.entries<unknown>(contract).filter(
  (entry): entry is [string, z.ZodObject | z.ZodDiscriminatedUnion] =>
    entry[1] instanceof z.ZodObject || entry[1] instanceof z.ZodDiscriminatedUnion,
);
const nameOf = (schema: z.ZodType) => named.find(([, known]) => known === schema)?.[0];

function namedSchemas(): Json {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of named) if (!registry.has(schema)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, {
    uri: (id) => `#/components/schemas/${id}`,
    unrepresentable: 'any',
  });
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, bare(schema as Json)]));
}

const plain = (schema: z.ZodType, io: 'input' | 'output'): Json =>
  bare(z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json);
const bare = ({ $schema: _, $id: __, id: ___, ...schema }: Json): Json => schema;
const reference = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: Json): Json => ({ 'application/json': { schema } });
const templated = (path: string): string => path.replace(/:(\w+)/g, '{$1}');

const FILE: Json = {
  'multipart/form-data': {
    schema: {
      type: 'object',
      required: ['file'],
      properties: {
        file: { type: 'string', contentMediaType: 'application/octet-stream', format: 'binary' },
      },
    },
  },
};
