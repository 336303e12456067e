import { expect, it } from 'vitest';
import { trainingRounds } from './crash/training-rounds.ts';

it('killed at any moment, Limner starts no training twice, loses none and leaves no program', async () => {
  const report = await trainingRounds(3, Math.random);
  expect(report.runs).toBeGreaterThan(0);
  expect(report).toMatchObject({ reasons: [], extraStyles: 0, startedAgain: 0, beside: 0, left: 0 });
  expect(report.starts).toBeGreaterThanOrEqual(2 * report.runs);
}, 240_000);
