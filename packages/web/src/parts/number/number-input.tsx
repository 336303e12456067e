import { Input, type InputProps } from 'antd';
import { useEffect, useState } from 'react';
import { type NumberRange, readNumber, stepped } from '../../state/draft/number-text.ts';
import { refuseNumber, useRefusedNumbers } from '../../state/draft/refused-numbers.ts';

export interface NumberInputProps
  extends Pick<
    InputProps,
    | 'id'
    | 'className'
    | 'variant'
    | 'size'
    | 'placeholder'
    | 'prefix'
    | 'suffix'
    | 'aria-label'
    | 'aria-describedby'
    | 'aria-invalid'
    | 'onBlur'
  > {
  /** Of the field, unique on the page. */
  name: string;
  range: NumberRange;
  /** null: none, which the empty field means. */
  value: number | null;
  onValue: (value: number) => void;
  /** Absent: an empty field is refused. */
  onEmpty?: () => void;
}

/** A number. Text that is none of the range stays in the field, and nothing is sent until it is one. */
export function NumberInput({ name, range, value, onValue, onEmpty, onBlur, ...props }: NumberInputProps) {
  const refused = useRefusedNumbers((texts) => texts[name]);
  // A text of the value is shown as it was typed: `0.` is not replaced by `0`.
  const [typed, setTyped] = useState<string | null>(null);
  const isOfValue = typed !== null && readNumber(typed, range) === value;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a value from elsewhere replaces the text
  useEffect(() => {
    refuseNumber(name, null);
    return () => refuseNumber(name, null);
  }, [name, value]);
  const set = (text: string) => {
    setTyped(text);
    const isEmpty = text === '' && onEmpty !== undefined;
    const read = readNumber(text, range);
    refuseNumber(name, read === null && !isEmpty ? text : null);
    if (isEmpty) onEmpty();
    else if (read !== null) onValue(read);
  };
  return (
    <Input
      {...props}
      role="spinbutton"
      aria-valuenow={value ?? undefined}
      aria-valuemin={bound(range.min)}
      aria-valuemax={bound(range.max)}
      aria-invalid={refused !== undefined || props['aria-invalid']}
      status={refused === undefined ? undefined : 'error'}
      inputMode={range.min < 0 ? 'text' : range.kind === 'decimal' ? 'decimal' : 'numeric'}
      autoComplete="off"
      value={refused ?? (isOfValue ? typed : value === null ? '' : String(value))}
      onChange={(event) => set(event.target.value)}
      onBlur={(event) => {
        setTyped(null);
        onBlur?.(event);
      }}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
        event.preventDefault();
        refuseNumber(name, null);
        onValue(stepped(value ?? 0, event.key === 'ArrowUp' ? 1 : -1, range));
      }}
    />
  );
}

const bound = (limit: number): number | undefined => (Number.isFinite(limit) ? limit : undefined);
