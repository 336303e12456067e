import { expect, test } from 'vitest';
import { familyOf, taskOf } from '../testing-tasks.ts';
import { usedNegative } from './used-negative.ts';

test('a negative prompt is shown only where the family read it', () => {
  const task = taskOf({ negative_prompt: 'ugly, blurry' });
  const param = { key: 'negative_prompt', type: 'text', default: null } as const;
  const offers = (effect: boolean) => [familyOf({ params: [{ ...param, effect }] })];
  expect(usedNegative(task, offers(true))).toBe('ugly, blurry');
  expect(usedNegative(task, offers(false))).toBeNull();
  expect(usedNegative(task, [familyOf()])).toBeNull();
  const ignored = { ...task, choice: { ...task.choice, ignored: ['negative_prompt'] } };
  expect(usedNegative(ignored, offers(true))).toBeNull();
});
