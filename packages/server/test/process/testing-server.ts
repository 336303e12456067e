/**
 * `limner serve` with engines that live in the process of the test. It starts and stops servers as often as that process asks,
 * one at a time: to load the program for each would take longer than most tests.
 */
import { type Layout, readConfig, shellLanguage } from '../../src/config.ts';
import { createLog } from '../../src/log.ts';
import { type Serving, serve } from '../../src/serve.ts';
import { startProblem } from '../../src/start-problem.ts';
import type { StudioOptions } from '../../src/studio/studio.ts';
import { testLayout } from '../test-layout.ts';
import { RemoteEngines } from './remote-engine.ts';
import type { Setup, Started } from './setup.ts';

let serving: Serving | null = null;

async function start({ environ, engines, layout, ...setup }: Setup): Promise<Started> {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, environ);
  const adapters = {
    worker: { retryPauseMs: setup.retryPauseMs },
    ...(setup.webhookPausesMs ? { webhookPausesMs: setup.webhookPausesMs } : {}),
    ...(engines === null ? {} : { engines: () => remote.engines(engines) }),
  };
  return started({ ...testLayout, ...layout }, adapters).catch((error) => {
    const problem = startProblem(error);
    return { exitCode: problem?.exitCode ?? 1, said: problem?.texts[shellLanguage()] ?? error.stack };
  });
}

async function started(layout: Layout, adapters: Partial<StudioOptions>): Promise<Started> {
  const config = readConfig(layout);
  serving = await serve(config, createLog(config.logLevel), adapters);
  return { url: serving.url };
}

const remote = new RemoteEngines({ start, stop: () => serving?.close() });
// The channel is there for its messages; alone it must not keep a server that has closed.
process.once('disconnect', () => process.exit(1));
