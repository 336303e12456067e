/** 2,000 requests drawn from the OpenAPI document, valid and broken, over every route. `npm run bench fuzz` sends more. */
import type { Family } from '@limner/contract';
import { expect, it, onTestFinished } from 'vitest';
import { FAMILIES, OpenAiEngine, pictureOf } from '../compat/openai-engine.ts';
import { ScriptedTrainer } from '../scripted-trainer.ts';
import { startStudio } from '../start-studio.ts';
import { WITHOUT_BUILT_IN } from './examples.ts';
import { fuzz } from './fuzz.ts';

const SEED = Number(process.env.FUZZ_SEED ?? 20_240_607);
const COUNT = Number(process.env.FUZZ_REQUESTS ?? 2000);

/** A family for every kind of task. */
const CONTROLS: Family['controls'] = ['canny', 'depth'];
const [painting, ...others] = FAMILIES as [Family, ...Family[]];
const looked: Family = { ...painting, id: 'looking', kind: 'control_preview', types: [], controls: CONTROLS };
const enlarging: Family = { ...painting, id: 'upscale', kind: 'upscale', types: [], size: null, params: [] };
const families: Family[] = [{ ...painting, controls: CONTROLS }, ...others, looked, enlarging];

it('answers drawn requests in time, without internal errors, in the form that the document promises', async () => {
  const errors: string[] = [];
  const trainer = new ScriptedTrainer();
  trainer.checkpoint = (step) => Buffer.from(`lora of step ${step}`);
  const studio = await startStudio({
    errors,
    engines: [new OpenAiEngine((frame) => pictureOf(frame), { families })],
    trainers: [trainer],
    environ: { BASE_PATH: '/studio', RATE_LIMIT_PER_MINUTE: '1000000' },
  });
  onTestFinished(() => studio.close());
  const report = await fuzz({ url: new URL('/studio', studio.url).href, seed: SEED, count: COUNT });

  expect(report.faults.join('\n\n')).toBe('');
  // What is logged as an error is one of the server, whatever was answered.
  expect(errors.join('')).toBe('');
  expect(report.sent).toBe(COUNT);
  // Without these, the requests would no longer reach what lies behind the schemas.
  expect(report.accepted / report.valid).toBeGreaterThan(0.5);
  const unreached = report.operations.filter((name) => !report.reached.has(name));
  expect(unreached.toSorted()).toEqual(Object.keys(WITHOUT_BUILT_IN).toSorted());
  expect(await studio.client.call('health', {})).toMatchObject({ status: 'ok' });
}, 1_200_000);
