import { Input, type InputProps } from 'antd';
import { useEffect } from 'react';
import { type Range, readWhole, stepped } from '../../../state/draft/number-text.ts';
import { type NumberName, refuseNumber, useRefusedNumbers } from '../../../state/draft/refused-numbers.ts';

interface WholeNumberProps
  extends Pick<InputProps, 'id' | 'className' | 'variant' | 'prefix' | 'aria-label'> {
  name: NumberName;
  range: Range;
  value: number;
  onValue: (value: number) => void;
}

/** A whole number. Text that is none stays in the field, and nothing is sent until it is one. */
export function WholeNumber({ name, range, value, onValue, ...props }: WholeNumberProps) {
  const refused = useRefusedNumbers((texts) => texts[name]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a value from elsewhere replaces the text
  useEffect(() => {
    refuseNumber(name, null);
    return () => refuseNumber(name, null);
  }, [name, value]);
  const set = (text: string) => {
    const read = readWhole(text, range);
    refuseNumber(name, read === null ? text : null);
    if (read !== null) onValue(read);
  };
  return (
    <Input
      {...props}
      role="spinbutton"
      aria-valuenow={value}
      aria-valuemin={range.min}
      aria-valuemax={range.max}
      aria-invalid={refused !== undefined}
      status={refused === undefined ? undefined : 'error'}
      inputMode="numeric"
      autoComplete="off"
      value={refused ?? String(value)}
      onChange={(event) => set(event.target.value)}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
        event.preventDefault();
        refuseNumber(name, null);
        onValue(stepped(value, event.key === 'ArrowUp' ? 1 : -1, range));
      }}
    />
  );
}
