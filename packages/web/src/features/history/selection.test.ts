import { beforeEach, expect, test } from 'vitest';
import { choose, chooseNothing, extendTo, isSelecting, toggle, useSelection } from './selection.ts';

const chosen = () => [...useSelection.getState().chosen].sort((a, b) => b - a);
const shown = [9, 8, 7, 6, 5];

beforeEach(chooseNothing);

test('a task is chosen and let go again', () => {
  toggle(8);
  toggle(6);
  expect(chosen()).toEqual([8, 6]);
  toggle(8);
  toggle(6);
  expect(isSelecting()).toBe(false);
});

test('a range goes from the one chosen last to the one meant, in either direction', () => {
  toggle(7);
  extendTo(5, shown);
  expect(chosen()).toEqual([7, 6, 5]);
  extendTo(9, shown);
  expect(chosen()).toEqual([9, 8, 7, 6, 5]);
});

test('without a beginning a range is the task that is meant', () => {
  extendTo(6, shown);
  expect(chosen()).toEqual([6]);
  choose(shown);
  expect(chosen()).toEqual(shown);
});
