import { describe, expect, it } from 'vitest';
import { trainingReader } from '../kohya/kohya-output.ts';
import { testJob } from '../testing-job.ts';
import { latentArguments, musubiDataSet, textArguments, trainArguments } from './musubi-config.ts';
import { MUSUBI_MODELS } from './musubi-models.ts';
import { MusubiProgram } from './musubi-program.ts';

const program = new MusubiProgram({ folder: null, python: null, env: {} }, []);

describe('musubi-tuner', () => {
  it.each(MUSUBI_MODELS)('gets the arguments of $id for its three scripts', async (model) => {
    const job = testJob(program, { model: model.id, blocks_to_swap: 40 });
    const files = {
      dit: `/models/${model.dit.usual}`,
      vae: `/models/${model.vae.usual}`,
      textEncoder: `/models/${model.textEncoder.usual}`,
    };
    const scripts = [
      latentArguments('/musubi', model, files, job.folder),
      textArguments('/musubi', model, files, job),
      trainArguments('/musubi', model, files, job),
    ];
    const text = scripts.map((args) => `${args.join('\n')}\n`).join('\n');
    await expect(text).toMatchFileSnapshot(`golden/${model.id}.txt`);
  });

  it('gets the data set, with a cache in the folder of the run', async () => {
    await expect(musubiDataSet(testJob(program))).toMatchFileSnapshot('golden/dataset.toml');
  });

  it('is read though its bar is set back after the first step', () => {
    const read = trainingReader({ steps: 1000, from: null });
    const bars = [
      'steps:   0%|          | 0/1000 [00:00<?, ?it/s]',
      'steps:   0%|          | 1/1000 [00:00<03:14,  5.13it/s]',
      'steps:   0%|          | 1/1000 [00:00<03:14,  5.13it/s, avr_loss=0.512]',
      'steps:   0%|          | 2/1000 [00:00<03:14,  5.13it/s, avr_loss=0.512]',
    ];
    expect(bars.flatMap(read)).toEqual([{ step: 1 }, { step: 2 }, { measured: [1, 0.512] }]);
  });

  it('trains styles for the family of its model', () => {
    expect(program.familyOf({ model: 'flux2-klein-9b' })).toBe('flux2-klein');
    expect(program.families).toEqual(['z-image', 'flux2-klein', 'qwen-image', 'krea2']);
  });
});
