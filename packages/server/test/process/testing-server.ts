/** `serve` as the product runs it, with engines that live in the process of the test. */
import { runProgram } from '../../src/program.ts';
import { testLayout } from '../test-layout.ts';
import { remoteEngines } from './remote-engine.ts';
import type { Setup } from './setup-variable.ts';

const setup = JSON.parse(process.env.LIMNER_TEST_SETUP ?? '') as Setup;
// The channel is there for its messages; alone it must not keep a server that has closed.
process.once('disconnect', () => process.exit(1));
const engines = setup.engines === null ? null : remoteEngines(setup.engines);
runProgram(
  ['serve'],
  { ...testLayout, ...setup.layout },
  {
    worker: { retryPauseMs: setup.retryPauseMs },
    ...(setup.webhookPausesMs ? { webhookPausesMs: setup.webhookPausesMs } : {}),
    ...(engines ? { engines: () => engines } : {}),
  },
);
