/**
 * The values of a node's fields by the names of its inputs. The file has them as a list in the order of the fields, so
 * the order comes from the server's description of the node. Pure.
 */
import type { GraphInput } from '../../graph.ts';
import type { InputInfo, NodeInfo } from '../../server-info.ts';
import { placeholdersIn } from '../workflow.ts';
import type { CanvasNode } from './canvas.ts';

export interface FieldValues {
  values: ReadonlyMap<string, GraphInput>;
  /** Fields whose value has another type: the node has changed since the file was saved. */
  misfits: string[];
}

const FIELD_TYPES = new Set([
  'INT',
  'FLOAT',
  'STRING',
  'BOOLEAN',
  'COMBO',
  'COLOR',
  'COLORS',
  'MARKDOWN',
  'TEXTAREA',
  'BOUNDING_BOX',
  'CURVE',
  'RANGE',
  'COMFY_DYNAMICCOMBO_V3',
]);
/** The page keeps one beside seeds, which is no input of the node. */
const CONTROLS = new Set<unknown>(['fixed', 'increment', 'decrement', 'randomize', 'increment-wrap']);
/** The button that chooses a picture is a field too. */
const BUTTONS = new Set<unknown>(['image', 'upload', '', null]);

/** How pages of other times kept the list; where several fit, the first counts. */
interface Habits {
  /** A hidden field for inputs that can only be linked. */
  hidden: boolean;
  /** A switch beside seeds instead of a word. */
  toggles: boolean;
}
const HABITS: Habits[] = [false, true].flatMap((toggles) =>
  [false, true].map((hidden) => ({ hidden, toggles })),
);

export function fieldValues(node: CanvasNode, info: NodeInfo): FieldValues {
  const { widgets_values: saved } = node;
  if (saved && !Array.isArray(saved)) return byName(saved, info);
  const list: GraphInput[] = saved ?? [];
  const readings = HABITS.map((habits) => new Reading(list, node, info, habits));
  const [best] = readings.sort(
    (a, b) => a.misfits.length - b.misfits.length || unused(list, a) - unused(list, b),
  );
  return best as Reading;
}

/** Values that were left over, or are missing. */
const unused = (list: GraphInput[], { length }: Reading): number => Math.abs(list.length - length);

/** Custom nodes may name their values themselves. */
function byName(saved: Record<string, GraphInput>, { inputs }: NodeInfo): FieldValues {
  const known = Object.entries(saved).filter(([name]) => Object.hasOwn(inputs, name.split('.')[0] ?? ''));
  return { values: new Map(known), misfits: [] };
}

/** One way to read the list. */
class Reading implements FieldValues {
  readonly values = new Map<string, GraphInput>();
  readonly misfits: string[] = [];
  readonly #list: readonly GraphInput[];
  readonly #shown: ReadonlySet<string>;
  readonly #habits: Habits;
  #at = 0;

  constructor(list: readonly GraphInput[], node: CanvasNode, { inputs }: NodeInfo, habits: Habits) {
    this.#list = list;
    this.#habits = habits;
    this.#shown = new Set((node.inputs ?? []).flatMap(({ widget }) => widget?.name ?? []));
    const all = Object.entries(inputs);
    for (const [name, input] of all) if (input.required) this.#take(name, input);
    // The button stands behind the required fields.
    if (all.some(([, { picture }]) => picture) && BUTTONS.has(list[this.#at] ?? null)) this.#at += 1;
    for (const [name, input] of all) if (!input.required) this.#take(name, input);
  }

  /** Of the values that were read. */
  get length(): number {
    return this.#at;
  }

  #take(name: string, input: InputInfo): void {
    if (!this.#isField(name, input)) return;
    const value = this.#list[this.#at];
    this.#at += 1;
    if (value !== undefined && value !== null) this.values.set(name, value);
    if (!fits(value, input)) this.misfits.push(name);
    if (hasControl(name, input) && this.#isControl(this.#list[this.#at])) this.#at += 1;
    if (input.type === 'BOUNDING_BOX') this.#skipSides();
    const more =
      typeof value === 'string' && input.more && Object.hasOwn(input.more, value) ? input.more[value] : {};
    for (const [key, inner] of Object.entries(more ?? {})) this.#take(`${name}.${key}`, inner);
  }

  #isControl(value: GraphInput | undefined): boolean {
    return CONTROLS.has(value) || (this.#habits.toggles && typeof value === 'boolean');
  }

  #isField(name: string, { type, linkedOnly }: InputInfo): boolean {
    if (linkedOnly) return this.#habits.hidden && FIELD_TYPES.has(type);
    return FIELD_TYPES.has(type) || this.#shown.has(name);
  }

  /** The four numbers of a box follow it once more. */
  #skipSides(): void {
    const sides = this.#list.slice(this.#at, this.#at + 4);
    if (sides.length === 4 && sides.every((side) => typeof side === 'number')) this.#at += 4;
  }
}

const hasControl = (name: string, { type, control }: InputInfo): boolean =>
  control ?? (type === 'INT' && ['seed', 'noise_seed'].includes(name.split('.').at(-1) ?? ''));

function fits(value: GraphInput | undefined, { type, choices }: InputInfo): boolean {
  // A default takes the place of a missing value, the user's value that of a placeholder.
  if (value === undefined || value === null || placeholdersIn(value).length > 0) return true;
  if (type === 'INT' || type === 'FLOAT')
    return value !== '' && typeof value !== 'boolean' && !Number.isNaN(Number(value));
  if (type === 'BOOLEAN') return typeof value === 'boolean' || value === 0 || value === 1;
  if (type === 'STRING') return typeof value === 'string' || typeof value === 'number';
  if (type !== 'COMBO') return true;
  // A file that this server lacks is no misfit.
  return (
    typeof value !== 'object' &&
    !(CONTROLS.has(value) && choices !== undefined && !choices.includes(String(value)))
  );
}
