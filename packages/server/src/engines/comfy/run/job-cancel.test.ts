import { expect, it } from 'vitest';
import { interruptsById } from './job-cancel.ts';

it.each([
  ['0.3.64', true],
  ['v0.3.65', true],
  ['0.4.0', true],
  ['0.10.0', true],
  ['1.0.0', true],
  ['0.3.63', false],
  ['0.2.99', false],
  ['nightly', false],
  [null, false],
])('ComfyUI %s interrupts by id: %s', (version, known) => {
  expect(interruptsById(version)).toBe(known);
});
