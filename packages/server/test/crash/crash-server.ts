/**
 * The real server in a process that is meant to be killed. Its engine takes a few milliseconds a frame and writes down
 * every run before it begins, so that the test finds frames that ran twice.
 */
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readConfig } from '../../src/config.ts';
import { createLog } from '../../src/log.ts';
import { serve } from '../../src/serve.ts';
import { ScriptedEngine, tinyPng } from '../scripted-engine.ts';
import { testLayout } from '../test-layout.ts';

const config = readConfig(testLayout);
const runs = path.join(config.dataDir, 'runs.log');

const engine = new ScriptedEngine(
  async (_, { task, frame, progress }) => {
    appendFileSync(runs, `${task}_${frame}\n`);
    await pause(4);
    progress(0.5);
    await pause(4);
    return tinyPng;
  },
  { slots: 2 },
);

const { url } = await serve(config, createLog('error'), { engines: () => [engine] });
process.stdout.write(`Limner is ready at ${url}\n`);
