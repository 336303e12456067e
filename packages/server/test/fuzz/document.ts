/** The OpenAPI document as a client reads it: its operations, and what it promises of their answers. */
import { z } from 'zod';

export interface Schema {
  type?: string | string[];
  $ref?: string;
  $defs?: Record<string, Schema>;
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  propertyNames?: Schema;
  items?: Schema;
  prefixItems?: Schema[];
  minItems?: number;
  maxItems?: number;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  pattern?: string;
  format?: string;
}

interface Content {
  content?: Record<string, { schema: Schema }>;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query';
  required: boolean;
  schema: Schema;
}

export interface Operation {
  /** `POST /api/generate` */
  name: string;
  method: string;
  path: string;
  tag: string;
  parameters: Parameter[];
  /** By media type. */
  bodies: Record<string, Schema>;
  /** How a JSON body of this status differs from what the document promises; null if it does not. */
  differs(status: number, body: unknown): string | null;
}

export interface OpenApiDocument {
  paths: Record<
    string,
    Record<
      string,
      { tags: string[]; parameters: Parameter[]; requestBody?: Content; responses: Record<string, Content> }
    >
  >;
  components: { schemas: Record<string, Schema> };
}

/** The socket is no request and answer. */
const isRequest = (path: string): boolean => path !== '/ws';

export function operationsOf({ paths, components }: OpenApiDocument): Operation[] {
  const schemaOf = checker(components.schemas);
  return Object.entries(paths)
    .filter(([path]) => isRequest(path))
    .flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, { tags, parameters, requestBody, responses }]) => ({
        name: `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase(),
        path,
        tag: tags[0] ?? '',
        parameters,
        bodies: Object.fromEntries(
          Object.entries(requestBody?.content ?? {}).map(([type, { schema }]) => [type, schema]),
        ),
        differs: (status: number, body: unknown) => {
          const schema = (responses[status] ?? responses.default)?.content?.['application/json']?.schema;
          const result = schema && schemaOf(schema).safeParse(body);
          return result?.error ? z.prettifyError(result.error) : null;
        },
      })),
    );
}

function checker(named: Record<string, Schema>): (schema: Schema) => z.ZodType {
  const made = new Map<Schema, z.ZodType>();
  const local = (schema: unknown) =>
    JSON.parse(JSON.stringify(schema).replaceAll('#/components/schemas/', '#/$defs/'));
  const $defs = local(named);
  return (schema) => {
    const known = made.get(schema);
    if (known) return known;
    const fresh = z.fromJSONSchema({ $defs, ...local(schema) });
    made.set(schema, fresh);
    return fresh;
  };
}
