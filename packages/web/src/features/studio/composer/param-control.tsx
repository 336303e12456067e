import type { FamilyParam } from '@limner/contract';
import { Input, Select } from 'antd';
import { spokenLanguage } from '../../../i18n/i18n.ts';
import { SliderField } from '../../../parts/number/slider-field.tsx';
import { setParam, useDraft } from '../../../state/draft/draft.ts';
import type { NumberRange } from '../../../state/draft/number-text.ts';
import { Field } from '../../../ui/field.tsx';
import { NoEffect } from '../../../ui/no-effect.tsx';
import { paramLabel } from './params.ts';

/** One control for one parameter; a value equal to the family's default is not stored. */
export function ParamControl({ family, param }: { family: string; param: FamilyParam }) {
  const { key, default: suggested } = param;
  const held = useDraft((state) => state.params[family]?.[key]) ?? suggested;
  // There is no switch control; booleans of a workflow are text.
  const value = typeof held === 'boolean' ? String(held) : held;
  const label = paramLabel(param);
  const set = (next: number | string | null) =>
    setParam(family, key, next === suggested || next === '' ? null : next);
  if (!param.effect) return <NoEffect label={label} reason={param.reason?.[spokenLanguage()] ?? ''} />;
  if (param.type === 'choice') {
    const options = (param.choices ?? []).map((choice) => ({
      value: choice.value,
      label: choice.label[spokenLanguage()],
    }));
    return (
      <Field label={label}>
        {(control) => (
          <Select
            {...control}
            style={{ width: '100%' }}
            value={value}
            onChange={set}
            options={options}
            virtual={false}
          />
        )}
      </Field>
    );
  }
  if (param.type === 'text') {
    return (
      <Field label={label}>
        {(control) => (
          <Input {...control} value={value ?? ''} onChange={(event) => set(event.target.value)} />
        )}
      </Field>
    );
  }
  return (
    <SliderField
      name={`params.${key}`}
      label={label}
      range={rangeOf(param)}
      value={typeof value === 'number' ? value : null}
      onValue={set}
      onEmpty={suggested === null ? () => set(null) : undefined}
    />
  );
}

/** Whole numbers beyond 2⁵³ are not exact here. */
function rangeOf({ type, min, max, step }: FamilyParam): NumberRange {
  if (type === 'number') return { kind: 'decimal', ...ends(min, max), step: step ?? 0.05 };
  const { MIN_SAFE_INTEGER, MAX_SAFE_INTEGER } = Number;
  return {
    kind: 'whole',
    ...ends(
      min === undefined ? undefined : Math.max(min, MIN_SAFE_INTEGER),
      max === undefined ? undefined : Math.min(max, MAX_SAFE_INTEGER),
    ),
    step: step ?? 1,
  };
}

const ends = (min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY) => ({ min, max });
