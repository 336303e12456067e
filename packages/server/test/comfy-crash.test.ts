import { expect, it } from 'vitest';
import { comfyCrashRounds } from './crash/comfy-rounds.ts';

it('it and its ComfyUI servers killed at any moment, every task ends, nothing finished runs again and no half file stays', async () => {
  const report = await comfyCrashRounds(6, Math.random);
  expect(report.acknowledged).toBeGreaterThan(0);
  expect(report).toMatchObject({
    lost: 0,
    failedOtherwise: [],
    redone: 0,
    repeatedWithoutReason: [],
    orphanFiles: [],
    missingFiles: [],
    temporaryFiles: [],
    integrity: 'ok',
  });
}, 180_000);
