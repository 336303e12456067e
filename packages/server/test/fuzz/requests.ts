/** Requests to one operation: as the document allows them, or broken in their address, headers, fields or bytes. */
import fc from 'fast-check';
import { broken } from './broken.ts';
import type { Operation, Parameter, Schema } from './document.ts';
import type { Example, MakeExample } from './examples.ts';
import type { Wire } from './send.ts';
import { hostile, rarely, type Values } from './values.ts';

export interface FuzzRequest extends Wire {
  operation: Operation;
  /** As the document allows it; its ids may name nothing. */
  isValid: boolean;
  /** Its method and path are those of the operation; others may be refused in the native form. */
  isAtRoute: boolean;
  /** Made when it is sent, in place of path and body. */
  example?: MakeExample;
}

type Part = { name: string; file?: string; type?: string; body: Buffer | string };

export class Requests {
  readonly #values: Values;
  /** Files of forms. */
  readonly #files: readonly Buffer[];
  /** Bodies of operations whose messages have schemas of their own, by the operation's name. */
  readonly #messages: Record<string, fc.Arbitrary<unknown>>;
  readonly #examples: Record<string, MakeExample>;

  constructor(
    values: Values,
    files: readonly Buffer[],
    messages: Record<string, fc.Arbitrary<unknown>>,
    examples: Record<string, MakeExample>,
  ) {
    this.#values = values;
    this.#files = files;
    this.#messages = messages;
    this.#examples = examples;
  }

  to(operation: Operation): fc.Arbitrary<FuzzRequest> {
    return fc.oneof(
      { weight: 2, arbitrary: this.likely(operation) },
      { weight: 1, arbitrary: this.#valid(operation) },
      { weight: 4, arbitrary: this.#broken(operation) },
    );
  }

  /** Those that are most likely to succeed. */
  likely(operation: Operation): fc.Arbitrary<FuzzRequest> {
    const example = this.#examples[operation.name];
    const valid = this.#valid(operation);
    return example ? valid.map((request) => ({ ...request, example })) : valid;
  }

  /** As its example says. */
  exampleOf({ operation, headers, ...request }: FuzzRequest, example: Example): FuzzRequest {
    const { 'content-type': _, ...others } = headers;
    const { params = {}, query = {}, body, form, picture = 'image' } = example;
    const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => encoded(params[name]));
    const search = new URLSearchParams(query).toString();
    const parts = Object.entries(form ?? {}).map(([name, body]): Part => ({ name, body }));
    const file = { name: picture, file: 'a.png', type: 'image/png', body: this.#files[0] ?? '' };
    const sent = form ? asForm([...parts, file]) : body === undefined ? NOTHING : asJson(body);
    return {
      ...request,
      operation,
      path: search === '' ? path : `${path}?${search}`,
      headers: { ...others, ...sent.headers },
      body: sent.body,
    };
  }

  #valid(operation: Operation): fc.Arbitrary<FuzzRequest> {
    return fc
      .record({
        path: this.#path(operation, false),
        query: this.#query(operation, false),
        sent: this.#body(operation, false),
        language: fc.constantFrom('en', 'zh-CN,zh;q=0.9', 'fr', ''),
      })
      .map(({ path, query, sent, language }) => ({
        operation,
        isValid: true,
        isAtRoute: true,
        method: operation.method,
        path: path + query,
        headers: { ...ACCEPT, ...(language ? { 'accept-language': language } : {}), ...sent.headers },
        body: sent.body,
      }));
  }

  /** Broken in one place at least. */
  #broken(operation: Operation): fc.Arbitrary<FuzzRequest> {
    return fc
      .record({
        method: rarely(METHODS, fc.constant(operation.method)),
        path: fc
          .boolean()
          .chain((isBroken) =>
            fc.record({ isBroken: fc.constant(isBroken), text: this.#path(operation, isBroken) }),
          ),
        query: fc.boolean().chain((isBroken) => this.#query(operation, isBroken)),
        sent: fc.integer({ min: 0, max: 9 }).chain((place) => this.#body(operation, place > 0)),
        headers: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: HEADERS }),
      })
      .map(({ method, path, query, sent, headers }) => ({
        operation,
        isValid: false,
        isAtRoute: method === operation.method && !path.isBroken,
        method,
        path: path.text + query,
        headers: { ...ACCEPT, ...sent.headers, ...headers },
        body: sent.body,
      }));
  }

  #path({ path, parameters }: Operation, isBroken: boolean): fc.Arbitrary<string> {
    const values = Object.fromEntries(
      parameters
        .filter((parameter) => parameter.in === 'path')
        .map(({ name, schema }) => {
          const valid = this.#values.of(schema, meaning(path, name)).map(encoded);
          return [name, isBroken ? fc.oneof(valid, hostile.map(encoded), SEGMENTS) : valid];
        }),
    );
    const filled = fc
      .record(values)
      .map((texts) => path.replace(/\{(\w+)\}/g, (_, name: string) => texts[name] || '-'));
    return isBroken ? fc.tuple(filled, TAILS).map(([text, tail]) => text + tail) : filled;
  }

  #query({ parameters }: Operation, isBroken: boolean): fc.Arbitrary<string> {
    const known = parameters.filter((parameter) => parameter.in === 'query');
    const fields = fc.record(
      Object.fromEntries(known.map(({ name, schema }) => [name, this.#values.of(schema, name)])),
      { requiredKeys: isBroken ? [] : requiredOf(known) },
    );
    const pairs = (isBroken ? broken(fields) : fields).map((value) =>
      Object.entries(value ?? {})
        .flatMap(([name, item]) => [item].flat().map((one) => `${encoded(name)}=${encoded(one)}`))
        .slice(0, 50),
    );
    const query = pairs.map((texts) => (texts.length === 0 ? '' : `?${texts.join('&')}`));
    return isBroken ? fc.oneof({ weight: 4, arbitrary: query }, QUERIES) : query;
  }

  #body(operation: Operation, isBroken: boolean): fc.Arbitrary<Sent> {
    const kinds = Object.entries(operation.bodies);
    if (kinds.length === 0) return isBroken ? fc.oneof(fc.constant(NOTHING), BYTES) : fc.constant(NOTHING);
    return fc.oneof(
      ...kinds.map(([type, schema]) => {
        if (type === 'multipart/form-data') return this.#form(schema, isBroken);
        const valid = this.#messages[operation.name] ?? this.#values.of(schema);
        if (!isBroken) return valid.map(asJson);
        return fc.oneof(
          { weight: 8, arbitrary: broken(valid).map(asJson) },
          { weight: 1, arbitrary: fc.tuple(valid.map(asJson), fc.nat()).map(([sent, at]) => cut(sent, at)) },
          { weight: 1, arbitrary: BYTES },
        );
      }),
    );
  }

  #form(schema: Schema, isBroken: boolean): fc.Arbitrary<Sent> {
    const isFile = (name: string) => schema.properties?.[name]?.format === 'binary';
    const file = fc.constantFrom(...this.#files).map((body) => ({ file: 'a.png', type: 'image/png', body }));
    const fields = fc.record(
      Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(
          ([name, field]): [string, fc.Arbitrary<Omit<Part, 'name'>>] => [
            name,
            isFile(name) ? file : this.#values.of(field, name).map((value) => ({ body: fieldText(value) })),
          ],
        ),
      ),
      { requiredKeys: schema.required ?? [] },
    );
    const parts = fields.map((values) =>
      Object.entries(values).map(([name, value]): Part => ({ name, ...(value as Omit<Part, 'name'>) })),
    );
    if (!isBroken) return parts.map(asForm);
    const strange = fc.record({ name: NAMES, body: hostile.map(fieldText) });
    const strangeFile = fc.record({
      name: fc.oneof(NAMES, fc.constantFrom(...Object.keys(schema.properties ?? {}))),
      file: hostile.map((name) => fieldText(name).replace(/[\r\n"]/g, '')),
      type: fc.constantFrom('image/png', 'text/html', 'x', ''),
      body: fc.oneof(fc.constant(Buffer.alloc(0)), fc.constantFrom(...this.#files), hostile.map(fieldText)),
    });
    return fc.oneof(
      {
        weight: 4,
        arbitrary: fc
          .tuple(parts, fc.array(fc.oneof(strange, strangeFile), { minLength: 1, maxLength: 4 }))
          .map(([some, more]) => asForm([...more, ...some])),
      },
      {
        weight: 2,
        arbitrary: fc
          .tuple(parts, fc.nat())
          .map(([some, place]) => asForm(some.filter((_, index) => index !== place % some.length))),
      },
      { weight: 2, arbitrary: fc.tuple(parts.map(asForm), fc.nat()).map(([sent, at]) => cut(sent, at)) },
      { weight: 1, arbitrary: strange.map((part) => asForm(Array.from({ length: 70 }, () => part))) },
      { weight: 1, arbitrary: BYTES },
    );
  }
}

interface Sent {
  headers: Record<string, string>;
  body: Buffer | null;
}

const NOTHING: Sent = { headers: {}, body: null };
const ACCEPT = { accept: 'application/json, text/event-stream' };
const BOUNDARY = 'limner-fuzz-0123456789';

/** `/api/styles/{id}` → `styles_id` */
function meaning(path: string, name: string): string {
  const before = new RegExp(`([\\w-]+)/\\{${name}\\}`).exec(path)?.[1];
  return name === 'id' && before !== undefined ? `${before}_id` : name;
}

const requiredOf = (parameters: Parameter[]) =>
  parameters.filter(({ required }) => required).map(({ name }) => name);

const asJson = (value: unknown): Sent => ({
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(JSON.stringify(value) ?? ''),
});

const asForm = (parts: readonly Part[]): Sent => ({
  headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
  body: Buffer.concat([...parts.flatMap(partBytes), Buffer.from(`--${BOUNDARY}--\r\n`)]),
});

function partBytes({ name, file, type, body }: Part): Buffer[] {
  const named = `content-disposition: form-data; name="${name}"${file === undefined ? '' : `; filename="${file}"`}`;
  const head = [`--${BOUNDARY}`, named, ...(type === undefined ? [] : [`content-type: ${type}`]), '', ''];
  return [Buffer.from(head.join('\r\n')), Buffer.from(body), Buffer.from('\r\n')];
}

const cut = ({ headers, body }: Sent, at: number): Sent => ({
  headers,
  body: body?.subarray(0, at % (body.length + 1)) ?? null,
});

const fieldText = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '').slice(0, 20_000);

/** A lone surrogate has no encoding, so U+FFFD is sent. */
function encoded(value: unknown): string {
  const text = fieldText(value).slice(0, 2000);
  return encodeURIComponent(Buffer.from(text).toString());
}

const NAMES = fc.constantFrom(
  '',
  'x',
  '__proto__',
  'constructor',
  'file',
  'image',
  'image[]',
  'mask',
  'a'.repeat(200),
);
const METHODS = fc.constantFrom(
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'PROPFIND',
  'TRACE',
);
const SEGMENTS = fc.constantFrom(
  '%00',
  '%zz',
  '%ff%fe',
  '%2e%2e%2f',
  '%F0%9F',
  '..',
  '.',
  '%20',
  '%0d%0aa:b',
  'a'.repeat(299),
  'a'.repeat(301),
  '0',
  '-1',
  '1.5',
  '1e3',
  '9'.repeat(30),
);
const TAILS = fc.oneof(
  { weight: 6, arbitrary: fc.constant('') },
  fc.constantFrom('/', '//', '/x', '%2f', ';a=b', '/%zz', '.json'),
);
const QUERIES = fc.constantFrom(
  '?',
  '?%',
  '?%zz=%zz',
  '?a[b]=c',
  '?__proto__=1',
  '?lang=%00',
  '?lang=zh&lang=en',
  '?limit=1&limit=2',
  `?x=${'y'.repeat(7000)}`,
);
const HEADERS = fc.constantFrom<Record<string, string>>(
  { 'content-type': 'text/plain' },
  { 'content-type': 'application/json; charset=utf-16' },
  { 'content-type': 'multipart/form-data' },
  { 'content-type': 'multipart/form-data; boundary=' },
  { 'content-type': 'application/x-www-form-urlencoded' },
  { 'content-type': 'application/json, application/json' },
  { 'content-type': ';' },
  { 'content-encoding': 'gzip' },
  { accept: 'text/html' },
  { accept: '' },
  { range: 'bytes=5-1' },
  { range: 'bytes=-0,1-2' },
  { 'if-none-match': '*', 'if-modified-since': 'never' },
  { 'accept-language': '*;q=9,\u00e9,,' },
  { host: 'elsewhere.example' },
  { host: '[::' },
  { origin: 'http://elsewhere.example' },
  { origin: 'null' },
  { 'x-forwarded-proto': 'https, gopher', 'x-forwarded-host': 'a b', 'x-forwarded-for': '1.2.3' },
  { authorization: 'Bearer ' },
  { upgrade: 'h2c', connection: 'close' },
  { 'mcp-session-id': '\u00e9', 'mcp-protocol-version': '1' },
  { 'last-event-id': '1' },
  { 'x-stainless-retry-count': 'x', 'idempotency-key': 'y'.repeat(400) },
);
/** Bodies that are no message of any type. */
const BYTES: fc.Arbitrary<Sent> = fc
  .tuple(
    fc.constantFrom('application/json', 'multipart/form-data; boundary=a', 'text/plain', ''),
    fc.oneof(
      fc.constantFrom(
        Buffer.alloc(0),
        ...[
          '{',
          'null',
          '[]',
          '""',
          '{}{}',
          '{"a":1,}',
          '\ufeff{}',
          '{"__proto__":1}',
          '--a',
          '--a--',
          '--a\r\n\r\n',
          '1e999',
          'undefined',
        ].map((text) => Buffer.from(text)),
        Buffer.from([0xff, 0xfe, 0x7b, 0x00]),
        Buffer.from(`{"x":"${'y'.repeat(1_100_000)}"}`),
      ),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    ),
  )
  .map(([type, body]) => ({
    headers: type ? { 'content-type': type } : ({} as Record<string, string>),
    body,
  }));
