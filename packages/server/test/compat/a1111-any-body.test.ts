/** Bodies that no client sends: A1111's API refuses or answers, and neither fails nor waits for ever. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { routes } from '../../src/http/compat/a1111/routes.ts';
import { ScriptedEngine } from '../scripted-engine.ts';
import { startStudio, type TestStudio } from '../start-studio.ts';
import { ask, base64 } from './a1111-asking.ts';

let studio: TestStudio;
beforeAll(async () => {
  studio = await startStudio({
    engines: [new ScriptedEngine()],
    environ: { RATE_LIMIT_PER_MINUTE: '1000000' },
  });
});
afterAll(() => studio.close());

const TAKING = Object.values(routes).filter((route) => 'body' in route);

const value = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(
    base64,
    `data:image/png;base64,${base64}`,
    'None',
    '',
    0,
    -1,
    1e308,
    2 ** 53,
    '1e999',
    null,
    true,
  ),
  fc.constantFrom(
    [base64],
    [],
    [{}],
    { args: [{ module: 'canny', image: base64 }] },
    { controlnet: { args: [[]] } },
  ),
  fc.string({ unit: 'binary' }),
);

/** Some fields of the route with any values. */
const bodyOf = (schema: { shape?: Record<string, unknown> }) =>
  fc.oneof(
    { weight: 1, arbitrary: fc.jsonValue() },
    {
      weight: 4,
      arbitrary: fc
        .dictionary(
          fc.constantFrom(...Object.keys(schema.shape ?? { sd_model_checkpoint: 0 }), '__x'),
          value,
          {
            maxKeys: 6,
          },
        )
        .map((fields) => ({ prompt: 'x', image: base64, init_images: [base64], ...fields })),
    },
  );

it.each(TAKING.map((route) => [route.path, route] as const))('%s', async (path, route) => {
  await fc.assert(
    fc.asyncProperty(bodyOf(route.body as { shape?: Record<string, unknown> }), async (body) => {
      const { status } = await ask(studio.url, 'POST', path, body);
      expect([status < 500 || status === 501, status]).toEqual([true, status]);
    }),
    { numRuns: 60 },
  );
});
