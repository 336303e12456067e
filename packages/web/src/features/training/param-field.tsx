/** One parameter of a trainer, as the trainer describes it. */
import type { TrainerParam, TrainingParams } from '@limner/contract';
import { Input, Select, Switch } from 'antd';
import { spokenLanguage } from '../../i18n/i18n.ts';
import { SliderField } from '../../parts/number/slider-field.tsx';
import { Field, type FieldControl } from '../../ui/field.tsx';
import { NoEffect } from '../../ui/no-effect.tsx';
import styles from './new-run.module.css';
import { setParams, useTrainingDraft } from './run-draft.ts';

interface ParamFieldProps {
  /** Its id. */
  trainer: string;
  param: TrainerParam;
  problem: string | null;
}

export function ParamField({ trainer, param, problem }: ParamFieldProps) {
  const { key } = param;
  const value = useTrainingDraft(({ params }) => params[trainer]?.[key]) ?? param.default;
  const change = (next: TrainingParams[string]) => setParams(trainer, { [key]: next });
  const language = spokenLanguage();
  const label = param.label[language];
  const hint = param.hint[language];
  if ('min' in param) {
    const { type, min, max, step } = param;
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
        onValue={change}
      />
    );
  }
  return (
    <Field label={label} hint={hint} problem={problem}>
      {(control) => <Control control={control} param={param} value={value} label={label} change={change} />}
    </Field>
  );
}

interface ControlProps {
  control: FieldControl;
  param: Exclude<TrainerParam, { min: number }>;
  value: TrainingParams[string];
  label: string;
  change: (next: TrainingParams[string]) => void;
}

function Control({ control, param, value, label, change }: ControlProps) {
  const language = spokenLanguage();
  switch (param.type) {
    case 'choice':
      return (
        <Select
          {...control}
          className={styles.select}
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
