/** 2,000 requests drawn from the OpenAPI document, valid and broken, over every route. `npm run bench fuzz` sends more. */
import { expect, it, onTestFinished } from 'vitest';
import { OpenAiEngine } from '../compat/openai-engine.ts';
import { startStudio } from '../start-studio.ts';
import { fuzz } from './fuzz.ts';

const SEED = Number(process.env.FUZZ_SEED ?? 20_240_607);
const COUNT = Number(process.env.FUZZ_REQUESTS ?? 2000);

it('answers drawn requests in time, without internal errors, in the form that the document promises', async () => {
  const studio = await startStudio({
    engines: [new OpenAiEngine()],
    environ: { BASE_PATH: '/studio', RATE_LIMIT_PER_MINUTE: '1000000' },
  });
  onTestFinished(() => studio.close());
  const report = await fuzz({ url: new URL('/studio', studio.url).href, seed: SEED, count: COUNT });

  expect(report.faults.join('\n\n')).toBe('');
  expect(report.sent).toBe(COUNT);
  // Without these, the requests would no longer reach what lies behind the schemas.
  expect(report.accepted / report.valid).toBeGreaterThan(0.5);
  expect(report.reached.size / report.operations.length).toBeGreaterThan(0.7);
  expect(await studio.client.call('health', {})).toMatchObject({ status: 'ok' });
}, 300_000);
