/** A number that is typed. A text outside its range is refused at the field, with the range. */
import { useRefusedNumbers } from '../../state/draft/refused-numbers.ts';
import { Field } from '../../ui/field.tsx';
import { NumberInput, type NumberInputProps } from './number-input.tsx';
import { useRangeSentences } from './use-range-sentences.ts';

interface NumberFieldProps extends NumberInputProps {
  label: string;
  unit?: string;
}

export function NumberField({ label, unit, ...props }: NumberFieldProps) {
  const isRefused = useRefusedNumbers((texts) => texts[props.name] !== undefined);
  const { refusal } = useRangeSentences(props.range, unit);
  return (
    <Field label={label} problem={isRefused ? refusal : null}>
      {(control) => <NumberInput {...props} {...control} size="small" suffix={unit} />}
    </Field>
  );
}
