/** The names under which a LoRA may change the modules of a model. */
import type { LoraModel } from './lora-models.ts';

/** Rows and columns of the module's weight; null: not compared. */
export type ModuleShape = readonly [out: number, input: number] | null;

const known = new Map<LoraModel, ReadonlyMap<string, ModuleShape>>();

/** With the prefixes, without what stands behind the module. Built once. */
export function namesOf(model: LoraModel): ReadonlyMap<string, ModuleShape> {
  const before = known.get(model);
  if (before) return before;
  const names = new Map<string, ModuleShape>();
  for (const { prefix, names: kind, isFlat } of model.forms)
    for (const [pattern, out, input] of model[kind])
      for (const name of expanded(pattern))
        names.set(
          prefix + (isFlat ? name.replaceAll('.', '_') : name),
          out === undefined || input === undefined ? null : [out, input],
        );
  known.set(model, names);
  return names;
}

/** `a{b,c}` is `ab` and `ac`; `{0..2}` is 0, 1 and 2. Groups may contain groups. */
export function expanded(pattern: string): string[] {
  const group = /\{([^{}]*)\}/.exec(pattern);
  if (!group) return [pattern];
  const [whole, inside = ''] = group;
  const range = /^(\d+)\.\.(\d+)$/.exec(inside);
  const choices = range
    ? Array.from({ length: Number(range[2]) - Number(range[1]) + 1 }, (_, i) => String(Number(range[1]) + i))
    : inside.split(',');
  // A function, because a choice may contain what a replacement text gives a meaning.
  return choices.flatMap((choice) => expanded(pattern.replace(whole, () => choice)));
}
