import type { FamilyParam } from '@limner/contract';
import { Input, Select, Slider } from 'antd';
import { useTranslation } from 'react-i18next';
import { spokenLanguage } from '../../../i18n/i18n.ts';
import { setParam, useDraft } from '../../../state/draft/draft.ts';
import { Field } from '../../../ui/field.tsx';
import { NoEffect } from '../../../ui/no-effect.tsx';
import { paramLabel } from './params.ts';

/** One control for one parameter; a value equal to the family's default is not stored. */
export function ParamControl({ family, param }: { family: string; param: FamilyParam }) {
  const { t } = useTranslation();
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
        {(id) => (
          <Select
            id={id}
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
        {(id) => <Input id={id} value={value ?? ''} onChange={(event) => set(event.target.value)} />}
      </Field>
    );
  }
  return (
    <Field
      label={label}
      aside={value}
      hint={t('composer.paramRange', { min: param.min ?? 0, max: param.max ?? 1 })}
    >
      {() => (
        <Slider
          ariaLabelForHandle={label}
          min={param.min ?? 0}
          max={param.max ?? 1}
          step={param.step ?? (param.type === 'integer' ? 1 : 0.05)}
          value={Number(value ?? param.min ?? 0)}
          tooltip={{ open: false }}
          onChange={set}
        />
      )}
    </Field>
  );
}
