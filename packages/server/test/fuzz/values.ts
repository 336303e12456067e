/** Values that a JSON schema allows, and values that nobody expects. */
import fc from 'fast-check';
import type { Schema } from './document.ts';

/** What a schema calls text but a server knows by name: gathered before the first request. */
export interface Known {
  /** Ids of pictures. */
  pictures: string[];
  /** Base64 and data URLs. */
  pictureTexts: string[];
  /** Files below /outputs and /uploads. */
  files: string[];
  families: string[];
  /** By what they name: `task`, `style`, `preset`, …; `lane` and `engine` too. */
  ids: Record<string, (string | number)[]>;
}

/** Work stays small, so that a slow answer is a fault and not a large picture. */
const SPAN = 40;
const MOST_ITEMS = 3;

const PROMPTS = fc.oneof(
  fc.constantFrom(
    'a red dragon',
    'a blue potion, ((masterpiece)), <lora:none:0.8>',
    '{red|green|2$$a|b} sword [x:y:0.3] AND (shield:1.2)',
    '金色的钥匙',
    '__animals__ \\(x\\)',
  ),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
);

export class Values {
  readonly #known: Known;

  constructor(known: Known) {
    this.#known = known;
  }

  /** @param name of the property, which says what a text means */
  of(schema: Schema, name = '', root = schema): fc.Arbitrary<unknown> {
    if (schema.$ref) return this.#referred(schema.$ref, name, root);
    if (schema.const !== undefined) return fc.constant(schema.const);
    if (schema.enum) return fc.constantFrom(...schema.enum);
    const choices = schema.anyOf ?? schema.oneOf;
    if (choices) return fc.oneof(...choices.map((choice) => this.of(choice, name, root)));
    if (schema.allOf)
      return fc
        .tuple(...schema.allOf.map((part) => this.of(part, name, root)))
        .map((parts) => Object.assign({}, ...parts));
    if (Array.isArray(schema.type))
      return fc.oneof(...schema.type.map((type) => this.of({ ...schema, type }, name, root)));
    switch (schema.type) {
      case 'object':
        return this.#object(schema, root);
      case 'array':
        return this.#array(schema, name, root);
      case 'string':
        return this.#text(schema, name);
      case 'integer':
        return this.#integer(schema, name);
      case 'number':
        return fc.oneof(integer(schema), fraction(schema));
      case 'boolean':
        return fc.boolean();
      case 'null':
        return fc.constant(null);
      default:
        return fc.jsonValue({ maxDepth: 2 });
    }
  }

  #referred(reference: string, name: string, root: Schema): fc.Arbitrary<unknown> {
    const found = root.$defs?.[reference.split('/').at(-1) ?? ''];
    return found ? this.of(found, name, root) : fc.jsonValue({ maxDepth: 1 });
  }

  #object({ properties = {}, required = [], additionalProperties, propertyNames }: Schema, root: Schema) {
    const fields = Object.fromEntries(
      Object.entries(properties).map(([key, schema]) => [key, this.of(schema, key, root)]),
    );
    const declared = few(fields, required);
    if (typeof additionalProperties !== 'object') return declared;
    const keys = this.of(propertyNames ?? { type: 'string', maxLength: 20 }, '', root).map(String);
    return fc
      .tuple(declared, fc.dictionary(keys, this.of(additionalProperties, '', root), { maxKeys: MOST_ITEMS }))
      .map(([named, more]) => ({ ...more, ...named }));
  }

  #array({ items = {}, prefixItems, minItems = 0, maxItems = Infinity }: Schema, name: string, root: Schema) {
    if (prefixItems) return fc.tuple(...prefixItems.map((item) => this.of(item, name, root)));
    return fc.array(this.of(items, name, root), {
      minLength: minItems,
      maxLength: Math.max(minItems, Math.min(maxItems, MOST_ITEMS)),
    });
  }

  #integer(schema: Schema, name: string): fc.Arbitrary<number> {
    const ids = this.#idsOf(name)?.filter((id) => typeof id === 'number');
    if (!ids || ids.length === 0) return integer(schema);
    return rarely(fc.integer({ min: 1, max: 60 }), fc.constantFrom(...ids));
  }

  #idsOf(name: string): (string | number)[] | undefined {
    const { ids } = this.#known;
    const kind = Object.keys(ids).find((known) => name.startsWith(known));
    return kind === undefined || ids[kind]?.length === 0 ? undefined : ids[kind];
  }

  #text({ format, pattern, minLength = 0, maxLength = Infinity }: Schema, name: string) {
    const fits = (text: string) => text.length >= minLength && text.length <= maxLength;
    return this.#meant(name, format, pattern).filter(fits);
  }

  #meant(name: string, format: string | undefined, pattern: string | undefined): fc.Arbitrary<string> {
    const { pictures, pictureTexts, files, families } = this.#known;
    switch (format) {
      case 'date-time':
        return when().map((date) => date.toISOString());
      case 'date':
        return when().map((date) => date.toISOString().slice(0, 10));
      case 'seed':
        return fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map(String);
      case 'output_id':
        return fc.constantFrom(...pictures.filter((id) => /^\d/.test(id)));
      case 'uri':
        return fc.constantFrom(
          'http://127.0.0.1:1/a.png',
          'http://169.254.169.254/latest',
          'http://[::1]:9/',
        );
    }
    if (/image|picture|mask|reference|data|file_id/i.test(name))
      return fc.constantFrom(...pictures, ...pictureTexts);
    if (/^file$/.test(name)) return fc.constantFrom(...files);
    if (/famil|model|checkpoint/i.test(name))
      return rarely(fc.constantFrom('none', 'gpt-image-1'), fc.constantFrom(...families));
    if (/size/.test(name)) return fc.constantFrom('auto', '64x64', '48x32', '100×50', '0x0');
    const ids = this.#idsOf(name);
    if (ids) return fc.constantFrom(...ids).map(String);
    if (/url/i.test(name)) return fc.constantFrom('http://127.0.0.1:1/a.png', 'http://localhost:1');
    return pattern ? fc.oneof(PROMPTS, fc.stringMatching(new RegExp(pattern))) : PROMPTS;
  }
}

/** All fields that must be there, and none, a few or half of the others: few fields go together. */
function few(
  fields: Record<string, fc.Arbitrary<unknown>>,
  required: readonly string[],
): fc.Arbitrary<Record<string, unknown>> {
  const others = Object.keys(fields).filter((key) => !required.includes(key));
  return fc
    .tuple(
      fc.record(fields),
      fc.oneof(fc.subarray(others, { maxLength: Math.min(2, others.length) }), fc.subarray(others)),
    )
    .map(([all, chosen]) =>
      Object.fromEntries(
        Object.entries(all).filter(([key]) => required.includes(key) || chosen.includes(key)),
      ),
    );
}

export const rarely = <T>(arbitrary: fc.Arbitrary<T>, usual: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 8, arbitrary: usual }, { weight: 1, arbitrary });

const when = () => fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });

function integer(schema: Schema): fc.Arbitrary<number> {
  const [min, max] = bounds(schema);
  return fc.oneof(
    { weight: 1, arbitrary: fc.constant(min) },
    { weight: 4, arbitrary: fc.integer({ min, max: Math.min(max, min + SPAN) }) },
  );
}

/** In hundredths: forms have no exponents. */
function fraction(schema: Schema): fc.Arbitrary<number> {
  const [min, max] = bounds(schema);
  const most = Math.min(max, min + SPAN);
  return fc.integer({ min: min * 100, max: most * 100 }).map((hundredths) => hundredths / 100);
}

function bounds({ minimum, exclusiveMinimum, maximum, exclusiveMaximum }: Schema): [number, number] {
  const min = Math.ceil(minimum ?? (exclusiveMinimum === undefined ? 0 : exclusiveMinimum + 1));
  const max = Math.floor(maximum ?? (exclusiveMaximum === undefined ? min + SPAN : exclusiveMaximum - 1));
  return [min, Math.max(min, max)];
}

const deep = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));

/** Values that no field expects. */
export const hostile: fc.Arbitrary<unknown> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom<unknown>(
      null,
      true,
      '',
      ' ',
      0,
      -1,
      0.5,
      1e308,
      2 ** 53,
      -(2 ** 63),
      '1e999',
      '9'.repeat(40),
      'NaN',
      '\u0000',
      'a\u0000b',
      '\ud800',
      '\u202e\ufeff',
      '../../../etc/passwd',
      'x'.repeat(9000),
      '💥'.repeat(300),
      '__proto__',
      'constructor',
      'http://127.0.0.1:1/a.png',
      'http://169.254.169.254/latest',
      'http://a.invalid/\ud800',
      'file:///etc/passwd',
      'data:image/png;base64,',
      'data:image/png;base64,AAAA',
      'data:image/svg+xml,<svg/>',
      'data:,',
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB',
      "'; DROP TABLE tasks; --",
      '%00%ff%zz',
      'line\r\nbreak: yes',
      '2024-02-30T00:00:00Z',
      '+275760-09-13T00:00:00.001Z',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<unknown>(
      [],
      {},
      [{}],
      [[]],
      [null],
      deep(50),
      deep(400),
      JSON.parse('{"__proto__":{"a":1}}'),
      JSON.parse('{"constructor":{"prototype":{}}}'),
      Array.from({ length: 1001 }, (_, index) => index),
    ),
  },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  { weight: 1, arbitrary: fc.double() },
);
