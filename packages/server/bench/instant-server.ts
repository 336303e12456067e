/**
 * The real server in a process of its own, with an engine that takes no time. A prompt `waits` is painted until its task is
 * cancelled. It answers `memory` with the bytes it uses after a collection of garbage, `cpu` with the ms of CPU it has taken.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { readConfig } from '../src/config.ts';
import { createLog } from '../src/log.ts';
import { serve } from '../src/serve.ts';
import { OpenAiEngine } from '../test/compat/openai-engine.ts';
import { tinyPng, untilAborted } from '../test/scripted-engine.ts';
import { testLayout } from '../test/test-layout.ts';

const COLLECTIONS = 5;
const engine = new OpenAiEngine(
  ({ prompt }, { signal }) => (prompt === 'waits' ? untilAborted(signal) : tinyPng),
  { slots: 4, tries: 1 },
);
const config = readConfig(testLayout);
const { url, close } = await serve(config, createLog('error'), { engines: () => [engine] });

async function usedBytes(): Promise<number> {
  setFlagsFromString('--expose_gc');
  const collect = runInNewContext('gc') as () => void;
  for (let round = 0; round < COLLECTIONS; round += 1) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

process.on('message', async (asked) => process.send?.(asked === 'memory' ? await usedBytes() : cpuMs()));
process.on('disconnect', () => process.exit());
process.on('SIGTERM', () => close().then(() => process.exit(0)));
process.stdout.write(`Limner is ready at ${url}\n`);
