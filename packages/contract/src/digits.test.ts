import { expect, it } from 'vitest';
import { frameParams, idParams } from './route-params.ts';
import { TaskFilter } from './task.ts';

it.each(['0x16', '1e1', '016', ' 16', '16 ', '1.0', '+16', '-16', '0', '', '１６', '99999999999999999'])(
  '%j is no id',
  (id) => {
    expect(idParams.safeParse({ id }).success).toBe(false);
    expect(TaskFilter.safeParse({ before: id }).success).toBe(false);
  },
);

it('an id is read from its digits', () => {
  expect(frameParams.parse({ id: '16', index: '0' })).toEqual({ id: 16, index: 0 });
  expect(TaskFilter.parse({ limit: '20', before: '16' })).toMatchObject({ limit: 20, before: 16 });
  expect(TaskFilter.parse({})).toEqual({ limit: 50 });
});
