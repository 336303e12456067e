/** The real server in a process that is meant to be killed, with a trainer whose program is the stand-in. */
import { readConfig } from '../../src/config.ts';
import { ProgramTrainer } from '../../src/engines/training/program/program-trainer.ts';
import { createLog } from '../../src/log.ts';
import { serve } from '../../src/serve.ts';
import { StandInProgram } from '../stand-in/stand-in-program.ts';
import { testLayout } from '../test-layout.ts';
import { KEEPER_ENTRY, notesIn, STEPS } from './training-places.ts';

const config = readConfig(testLayout);
const program = new StandInProgram({
  device: `test ${config.dataDir}`,
  notes: notesIn(config.dataDir),
  ...{ stepMs: 20, saveEvery: STEPS / 4 },
});
const trainer = new ProgramTrainer(program, {
  keeperEntry: process.env[KEEPER_ENTRY] ?? config.keeperEntry,
  env: config.programEnv,
  minFreeBytes: 0,
  times: { logMs: 50, filesMs: 200, deviceMs: 200 },
});

const { url } = await serve(config, createLog('error'), { engines: () => [], trainers: () => [trainer] });
process.stdout.write(`Limner is ready at ${url}\n`);
