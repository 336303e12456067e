/** Reads the requested axes of a grid: which fields there are, and their values. Pure. */
import {
  type Bilingual,
  checkedValues,
  type Family,
  type FilledAxes,
  type FilledAxis,
  GRID_AXES,
  type GridAxis,
  type GridAxisName,
  type GridChoices,
  type GridField,
  type GridRequest,
  type GridScalar,
  gridCount,
  gridFields,
  onAxis,
  type Recipe,
  refuseSameFields,
  StudioError,
  type TypedValues,
  typedValues,
} from '@limner/contract';

export interface ReadAxes {
  filled: FilledAxes;
  /** As the grid keeps them. */
  kept: Record<GridAxisName, GridAxis | null>;
}

export interface Offered {
  /** Those that take part. */
  families: Family[];
  choices: GridChoices;
}

/**
 * Every value must suit each family that has the field.
 * @throws StudioError `grid_axis` with `axes.x` as field, `grid_too_large`
 */
export function readAxes(
  recipe: Recipe,
  axes: GridRequest['axes'],
  { families, choices }: Offered,
): ReadAxes {
  const offers = families.map((family) => gridFields(recipe, family, choices));
  const named = eachAxis((name) => axes[name] && axisNamed(offers, axes[name]));
  gridCount(named);
  const filled = eachAxis((name) => named[name] && checkedAxis(named[name]));
  refuseSameFields(filled);
  const kept = (name: GridAxisName) => {
    const [field] = named[name]?.fields ?? [];
    return field ? toGridAxis(field, filled[name]?.values ?? []) : null;
  };
  return { filled, kept: { x: kept('x'), y: kept('y'), z: kept('z') } };
}

interface NamedAxis {
  /** Of each family that has it. */
  fields: [GridField, ...GridField[]];
  /** Not yet checked. */
  values: GridScalar[];
}

function eachAxis<T>(read: (name: GridAxisName) => T | undefined): Partial<Record<GridAxisName, T>> {
  const all: Partial<Record<GridAxisName, T>> = {};
  for (const name of GRID_AXES) {
    try {
      const one = read(name);
      if (one) all[name] = one;
    } catch (error) {
      throw onAxis(name, error);
    }
  }
  return all;
}

function axisNamed(
  offers: GridField[][],
  { field, values }: { field: string; values: TypedValues },
): NamedAxis {
  const [first, ...others] = offers.flatMap(
    (fields) => fields.find((offered) => isCalled(offered, field)) ?? [],
  );
  if (!first) throw unknownField(field, offers[0] ?? []);
  return { fields: [first, ...others], values: typedValues(first, values) };
}

function checkedAxis({ fields: [first, ...others], values }: NamedAxis): FilledAxis {
  const checked = checkedValues(first, values);
  for (const other of others) checkedValues(other, values);
  return { field: first.field, values: checked };
}

const toGridAxis = (field: GridField, values: GridScalar[]): GridAxis => ({
  field: field.field,
  label: field.label,
  values: values.map((value) => labelled(field, value)),
});

/** By its name, or as a recipe names it: `params.steps`. */
export const isCalled = ({ field }: Pick<GridField, 'field'>, name: string): boolean =>
  field === name || `params.${field}` === name;

function unknownField(field: string, offered: GridField[]): StudioError {
  const there = offered.map(({ field: name }) => name).join(', ');
  const reason: Bilingual = {
    en: `there is no field "${field}" here. There are: ${there}.`,
    zh: `此处没有字段「${field}」，可用：${there}。`,
  };
  return new StudioError('grid_axis', { data: { axis: '', reason } });
}

function labelled({ choices }: GridField, value: GridScalar): GridAxis['values'][number] {
  const label = choices?.find((choice) => choice.value === value)?.label;
  return label && label.en !== String(value) ? { value, label } : { value };
}
