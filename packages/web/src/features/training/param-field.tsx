/** One parameter of a trainer, as the trainer describes it. */
import type { TrainerParam } from '@limner/contract';
import { Input, Select, Slider, Switch } from 'antd';
import { spokenLanguage } from '../../i18n/i18n.ts';
import { Field } from '../../ui/field.tsx';
import { NoEffect } from '../../ui/no-effect.tsx';
import { setParam, useTrainingDraft } from './run-draft.ts';

export function ParamField({ param, problem }: { param: TrainerParam; problem: string | null }) {
  const value = useTrainingDraft((draft) => draft.params[param.key]) ?? param.default;
  const language = spokenLanguage();
  const label = param.label[language];
  const hint = param.hint[language];
  if (isFixed(param)) return <NoEffect label={`${label} ${param.min}`} reason={hint} />;
  const aside = typeof value === 'number' ? value : undefined;
  return (
    <Field label={label} aside={aside} hint={hint} problem={problem}>
      {(id) => <Control id={id} param={param} value={value} label={label} />}
    </Field>
  );
}

/** A fixed value is shown with its reason instead of a slider. */
const isFixed = (param: TrainerParam): param is Extract<TrainerParam, { min: number }> =>
  'min' in param && param.min === param.max;

interface ControlProps {
  id: string;
  param: TrainerParam;
  value: number | string | boolean;
  label: string;
}

function Control({ id, param, value, label }: ControlProps) {
  const language = spokenLanguage();
  const change = (next: number | string | boolean) => setParam(param.key, next);
  switch (param.type) {
    case 'choice':
      return (
        <Select
          id={id}
          aria-label={label}
          value={String(value)}
          options={param.choices.map((choice) => ({ value: choice.value, label: choice.label[language] }))}
          onChange={change}
        />
      );
    case 'switch':
      return <Switch id={id} aria-label={label} checked={value === true} onChange={change} />;
    case 'text':
      return (
        <Input
          id={id}
          value={String(value)}
          maxLength={param.max_chars}
          onChange={({ target }) => change(target.value)}
        />
      );
    default:
      return (
        <Slider
          ariaLabelForHandle={label}
          min={param.min}
          max={param.max}
          step={param.step}
          value={Number(value)}
          tooltip={{ open: false }}
          onChange={change}
        />
      );
  }
}
