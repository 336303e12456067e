// @vitest-environment happy-dom
import { render, screen } from '@testing-library/react';
import { Input, Select } from 'antd';
import { expect, test } from 'vitest';
import { Field } from './field.tsx';

const noteOf = (control: HTMLElement) =>
  document.getElementById(control.getAttribute('aria-describedby') ?? '')?.textContent;

test('a control is described by its hint, and while it is refused by the reason', () => {
  const field = (problem: string | null) => (
    <Field label="Name" hint="Up to 60 letters." problem={problem}>
      {(control) => <Input {...control} />}
    </Field>
  );
  const { rerender } = render(field(null));
  const control = screen.getByLabelText('Name');
  expect(noteOf(control)).toBe('Up to 60 letters.');
  expect(control.getAttribute('aria-invalid')).toBeNull();
  rerender(field('Must not be empty.'));
  expect(noteOf(control)).toBe('Must not be empty.');
  expect(control.getAttribute('aria-invalid')).toBe('true');
});

test('a choice and a long text are described too', () => {
  render(
    <>
      <Field label="Kind" problem="Choose one.">
        {(control) => <Select {...control} options={[]} />}
      </Field>
      <Field label="Words" problem="Too long.">
        {(control) => <Input.TextArea {...control} />}
      </Field>
    </>,
  );
  expect(noteOf(screen.getByLabelText('Kind'))).toBe('Choose one.');
  expect(noteOf(screen.getByLabelText('Words'))).toBe('Too long.');
});
