import { expect, it } from 'vitest';
import { postgresError } from './db/postgres-error.ts';
import { startProblem } from './start-problem.ts';

it('a database that is lost during the start is named, not shown as a stack', () => {
  const lost = postgresError(new Error('Connection terminated unexpectedly')) as Error;
  expect(startProblem(lost)).toMatchObject({
    texts: {
      en: expect.stringContaining('The database stopped answering'),
      zh: expect.stringContaining('数据库'),
    },
    exitCode: 2,
  });
});

it('a fault of Limner is no problem that its user can correct', () => {
  expect(startProblem(new TypeError('x is undefined'))).toBeNull();
});
