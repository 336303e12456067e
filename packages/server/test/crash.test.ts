import { expect, it } from 'vitest';
import { crashRounds } from './crash/crash-rounds.ts';

it('killed ten times at any moment, loses nothing it acknowledged, redoes nothing it finished and leaves no half file', async () => {
  const report = await crashRounds(10, Math.random);
  expect(report.acknowledged).toBeGreaterThan(0);
  expect(report).toMatchObject({
    lost: 0,
    redone: 0,
    orphanFiles: [],
    missingFiles: [],
    temporaryFiles: [],
    integrity: 'ok',
  });
}, 120_000);
