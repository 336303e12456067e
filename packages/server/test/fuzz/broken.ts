/** Changes of a value that its schema allows, at any depth. */
import fc from 'fast-check';
import { hostile } from './values.ts';

type Path = (string | number)[];

const change = fc.record({
  /** Which part, among all. */
  place: fc.nat(1_000_000),
  how: fc.constantFrom('replace', 'replace', 'replace', 'remove', 'repeat', 'add', 'text'),
  value: hostile,
});
type Change = typeof change extends fc.Arbitrary<infer C> ? C : never;

export const broken = (valid: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc
    .tuple(valid, fc.array(change, { minLength: 1, maxLength: 3 }))
    .map(([value, changes]) => changes.reduce(changed, structuredClone(value)));

function changed(value: unknown, { place, how, value: drawn }: Change): unknown {
  const other = structuredClone(drawn);
  const paths = pathsOf(value);
  const path = paths[place % paths.length] ?? [];
  if (path.length === 0) return how === 'add' && isObject(value) ? { ...value, unknown: other } : other;
  const parent = path.slice(0, -1).reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], value);
  const key = path.at(-1) as string;
  const holder = parent as Record<string, unknown>;
  if (how === 'remove') delete holder[key];
  else if (how === 'repeat') holder[key] = [holder[key], holder[key]];
  else if (how === 'add') holder[`${key}_`] = other;
  else if (how === 'text') holder[key] = String(holder[key]);
  else holder[key] = other;
  return value;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** Of the value and all below it. The value itself is one place of many. */
function pathsOf(value: unknown, at: Path = []): Path[] {
  if (!isObject(value)) return [at];
  return [at, ...Object.keys(value).flatMap((key) => pathsOf(value[key], [...at, key]))];
}
