/** One axis: its field, and its values as text or as a choice. */
import type { GridAxisName, GridField, TypedValues } from '@limner/contract';
import { Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { spokenLanguage } from '../../../../i18n/i18n.ts';
import { setAxis, useGridDraft } from '../../../../state/grid-draft.ts';
import { Field, type FieldControl } from '../../../../ui/field.tsx';
import styles from './grid.module.css';

interface AxisProps {
  name: GridAxisName;
  fields: GridField[];
  problem: string | null;
}

export function AxisEditor({ name, fields, problem }: AxisProps) {
  const { t } = useTranslation();
  const draft = useGridDraft();
  const language = spokenLanguage();
  const field = fields.find((one) => one.field === draft[name].field);
  const taken = Object.entries(draft).flatMap(([axis, one]) => (axis === name ? [] : one.field));
  const offered = fields.filter((one) => one.type === 'replace' || !taken.includes(one.field));
  return (
    <div className={styles.axis}>
      <Select
        aria-label={t('grid.field', { axis: name.toUpperCase() })}
        className={styles.field}
        value={field?.field ?? ''}
        options={[
          { value: '', label: t('grid.noAxis', { axis: name.toUpperCase() }) },
          ...offered.map((one) => ({ value: one.field, label: one.label[language] })),
        ]}
        onChange={(next: string) =>
          setAxis(name, next === '' ? null : { field: next, values: startOf(next, fields) })
        }
      />
      {field && (
        <Field
          label={t('grid.values', { axis: name.toUpperCase() })}
          hint={hintOf(field, t(`grid.hints.${kindOf(field)}`))}
          problem={problem}
        >
          {(control) => <Values control={control} name={name} field={field} values={draft[name].values} />}
        </Field>
      )}
    </div>
  );
}

/** A choice is a list, everything else is typed. */
const startOf = (name: string, fields: GridField[]): TypedValues =>
  fields.find(({ field }) => field === name)?.choices ? [] : '';

function Values({
  control,
  name,
  field,
  values,
}: {
  control: FieldControl;
  name: GridAxisName;
  field: GridField;
  values: TypedValues;
}) {
  const change = (next: TypedValues) => setAxis(name, { field: field.field, values: next });
  const language = spokenLanguage();
  if (field.choices)
    return (
      <Select
        {...control}
        mode="multiple"
        className={styles.values}
        value={typeof values === 'string' ? [] : values}
        options={field.choices.map(({ value, label }) => ({ value, label: label[language] }))}
        optionFilterProp="label"
        onChange={change}
      />
    );
  return (
    <Input.TextArea
      {...control}
      autoSize={{ minRows: field.type === 'lines' ? 3 : 1, maxRows: 8 }}
      value={typeof values === 'string' ? values : values.join(', ')}
      onChange={(event) => change(event.target.value)}
    />
  );
}

function kindOf({ type, choices }: GridField): 'choice' | 'lines' | 'replace' | 'size' | 'text' | 'number' {
  if (choices) return 'choice';
  if (type === 'lines' || type === 'replace' || type === 'size') return type;
  return type === 'text' || type === 'choice' ? 'text' : 'number';
}

const hintOf = ({ type, min, max }: GridField, hint: string): string =>
  min === undefined || max === undefined || type === 'lines' ? hint : `${hint} · ${min}–${max}`;
