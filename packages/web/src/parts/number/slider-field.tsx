/** A number with its allowed range: moved on a slider or typed. What is typed outside is refused beside the field. */
import { Slider } from 'antd';
import type { NumberRange } from '../../state/draft/number-text.ts';
import { useRefusedNumbers } from '../../state/draft/refused-numbers.ts';
import { Field } from '../../ui/field.tsx';
import { NumberInput } from './number-input.tsx';
import styles from './slider-field.module.css';
import { useRangeSentences } from './use-range-sentences.ts';

interface SliderFieldProps {
  /** Of the field, unique on the page. */
  name: string;
  label: string;
  /** Stands before the range. */
  hint?: string;
  /** A refusal of the server. */
  problem?: string | null;
  range: NumberRange;
  /** The ends of the slider, if the range depends on another field. */
  ends?: Pick<NumberRange, 'min' | 'max'>;
  unit?: string;
  value: number | null;
  onValue: (value: number) => void;
  onEmpty?: () => void;
}

/** A slider with more places cannot be set exactly. */
const MOST_PLACES = 10_000;

export function SliderField({ name, label, hint, problem, ...props }: SliderFieldProps) {
  const { range, ends = range, unit, value, onValue, onEmpty } = props;
  const isRefused = useRefusedNumbers((texts) => texts[name] !== undefined);
  const { allowed, refusal } = useRangeSentences(range, unit);
  const within = (next: number) => Math.min(range.max, Math.max(range.min, next));
  return (
    <Field
      label={label}
      hint={[hint, allowed].filter(Boolean).join(' ')}
      problem={isRefused ? refusal : problem}
    >
      {(control) => (
        <div className={styles.row}>
          {(ends.max - ends.min) / range.step <= MOST_PLACES && (
            <Slider
              className={styles.slider}
              ariaLabelForHandle={label}
              min={ends.min}
              max={ends.max}
              step={range.step}
              value={value ?? ends.min}
              tooltip={{ open: false }}
              onChange={(next) => onValue(within(next))}
            />
          )}
          <NumberInput
            {...control}
            name={name}
            className={styles.number}
            size="small"
            suffix={unit}
            range={range}
            value={value}
            onValue={onValue}
            onEmpty={onEmpty}
          />
        </div>
      )}
    </Field>
  );
}
