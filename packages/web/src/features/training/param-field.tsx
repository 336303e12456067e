/** One parameter of a trainer, as the trainer describes it. */
import type { TrainerParam } from '@limner/contract';
import { Input, Select, Switch } from 'antd';
import { spokenLanguage } from '../../i18n/i18n.ts';
import { SliderField } from '../../parts/number/slider-field.tsx';
import { Field, type FieldControl } from '../../ui/field.tsx';
import { NoEffect } from '../../ui/no-effect.tsx';
import { setParam, useTrainingDraft } from './run-draft.ts';

export function ParamField({ param, problem }: { param: TrainerParam; problem: string | null }) {
  const value = useTrainingDraft((draft) => draft.params[param.key]) ?? param.default;
  const language = spokenLanguage();
  const label = param.label[language];
  const hint = param.hint[language];
  if ('min' in param) {
    const { key, type, min, max, step } = param;
    // A fixed value is shown with its reason instead of a slider.
    if (min === max) return <NoEffect label={`${label} ${min}`} reason={hint} />;
    return (
      <SliderField
        name={`training.${key}`}
        label={label}
        hint={hint}
        problem={problem}
        range={{ kind: type === 'integer' ? 'whole' : 'decimal', min, max, step }}
        value={Number(value)}
        onValue={(next) => setParam(key, next)}
      />
    );
  }
  return (
    <Field label={label} hint={hint} problem={problem}>
      {(control) => <Control control={control} param={param} value={value} label={label} />}
    </Field>
  );
}

interface ControlProps {
  control: FieldControl;
  param: Exclude<TrainerParam, { min: number }>;
  value: number | string | boolean;
  label: string;
}

function Control({ control, param, value, label }: ControlProps) {
  const language = spokenLanguage();
  const change = (next: number | string | boolean) => setParam(param.key, next);
  switch (param.type) {
    case 'choice':
      return (
        <Select
          {...control}
          aria-label={label}
          value={String(value)}
          options={param.choices.map((choice) => ({ value: choice.value, label: choice.label[language] }))}
          onChange={change}
        />
      );
    case 'switch':
      return <Switch {...control} aria-label={label} checked={value === true} onChange={change} />;
    case 'text':
      return (
        <Input
          {...control}
          value={String(value)}
          maxLength={param.max_chars}
          onChange={({ target }) => change(target.value)}
        />
      );
  }
}
