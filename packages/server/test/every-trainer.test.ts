import { EmbeddedProcess } from '../src/engines/embedded/process.ts';
import { bundledChild } from '../src/engines/embedded/testing.ts';
import { ProgramTrainer } from '../src/engines/training/program/program-trainer.ts';
import { StarterTrainer } from '../src/engines/training/starter/starter-trainer.ts';
import { trainerContract } from '../src/engines/training/trainer.contract.ts';
import type { TrainingJob } from '../src/engines/training/trainer.ts';
import { ScriptedTrainer } from './scripted-trainer.ts';
import { StandInProgram } from './stand-in/stand-in-program.ts';
import { supervision } from './stand-in/supervision.ts';
import { testLayout } from './test-layout.ts';

const job = (pictures: number, params: TrainingJob['params']): TrainingJob => ({
  seed: 1,
  styleName: 'Discs',
  triggerWords: '',
  pictures: Array.from({ length: pictures }, () => ({ caption: 'a disc', subject: 'a disc' })),
  params,
});

const child = await bundledChild();

trainerContract('The starter trainer', async () => {
  const process = new EmbeddedProcess({ entry: child });
  return {
    trainer: new StarterTrainer({ modelsDir: testLayout.modelsDir, process }),
    job: job(8, { lora_rank: 8, learning_rate: 0.003, steps: 30 }),
  };
});

trainerContract('The scripted trainer', async () => ({
  trainer: new ScriptedTrainer(),
  job: job(2, { lora_rank: 8, learning_rate: 0.1, steps: 6 }),
}));

trainerContract('A trainer of a supervised program', async () => ({
  trainer: new ProgramTrainer(new StandInProgram({ stepMs: 50 }), await supervision()),
  job: job(2, { steps: 30 }),
  isProgram: true,
}));
