/**
 * `serve` or `worker` with an engine that takes no time. The prompt `steps` reports progress several times instead, and prints
 * for each report `spoke PROGRESS TIME` in ms since 1970.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { runProgram } from '../src/program.ts';
import { ScriptedEngine, tinyPng } from '../test/scripted-engine.ts';
import { testLayout } from '../test/test-layout.ts';

const STEPS = 20;
const STEP_MS = (Number(process.env.BENCH_STEPS_SECONDS) * 1000) / STEPS;

const engine = new ScriptedEngine(
  async ({ prompt }, { progress }) => {
    for (let step = 1; prompt === 'steps' && step <= STEPS; step += 1) {
      await pause(STEP_MS);
      process.stdout.write(`spoke ${step / STEPS} ${performance.timeOrigin + performance.now()}\n`);
      progress(step / STEPS);
    }
    return tinyPng;
  },
  { slots: 4 },
);
runProgram(process.argv.slice(2), testLayout, { engines: () => [engine], trainers: () => [] });
