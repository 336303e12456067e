import { describe, expect, it } from 'vitest';
import { testJob } from '../testing-job.ts';
import { kohyaArguments, kohyaDataSet } from './kohya-config.ts';
import { KOHYA_MODELS } from './kohya-models.ts';
import { trainingReader } from './kohya-output.ts';
import { KohyaProgram } from './kohya-program.ts';
import { samplePrompts } from './sample-prompts.ts';

const program = new KohyaProgram({ folder: null, python: null, env: {} }, []);
const textOf = (args: readonly string[]) =>
  `${args.join('\n').replaceAll('\n--', '\n\n--').replaceAll('\n\n', '\n')}\n`;

describe('sd-scripts', () => {
  it.each(KOHYA_MODELS)('gets the arguments of $family', async (model) => {
    const files = model.files.map(({ file }) => `/models/${file.usual}`);
    const job = testJob(program, { family: model.family, blocks_to_swap: 16 });
    const args = textOf(kohyaArguments('/sd-scripts', model, files, job));
    await expect(args).toMatchFileSnapshot(`golden/${model.family}.txt`);
  });

  it('gets the data set', async () => {
    const odd = { pictures: '/runs/a "b"\\c/pictures' };
    await expect(kohyaDataSet(testJob(program, {}, odd))).toMatchFileSnapshot('golden/dataset.toml');
  });

  it('continues with the steps that are left, in a folder of its own', () => {
    const from = { step: 250, path: '/runs/7/output/from-00000000/lora-step00000250-state' };
    const [model] = KOHYA_MODELS;
    const args = kohyaArguments('/sd-scripts', model ?? expect.fail(), [], testJob(program, {}, { from }));
    const after = (option: string) => args[args.indexOf(option) + 1];
    expect(after('--resume')).toBe(from.path);
    expect(after('--initial_step')).toBe('0');
    expect(after('--max_train_steps')).toBe('750');
    expect(after('--output_dir')).toBe('/runs/7/output/from-00000250');
  });

  it('is read by its bar: caches, steps after those of an earlier try, losses', () => {
    const read = trainingReader({ steps: 1000, from: { step: 250, path: '' } });
    expect(read('INFO     caching latents with caching strategy.      train_util.py:1120')).toEqual([
      { phase: 'caching' },
    ]);
    expect(read('100%|██████████| 4/4 [00:01<00:00,  3.10it/s]')).toEqual([]);
    expect(read('steps:   2%|▏         | 17/750 [01:56<3:57:22,  6.84s/it, avr_loss=0.343]')).toEqual([
      { step: 267 },
    ]);
    expect(read('saving checkpoint: /runs/7/output/lora-step00000250.safetensors')).toEqual([
      { phase: 'saving' },
    ]);
  });

  it('has the loss of a step in its second frame, as it prints them', () => {
    const read = trainingReader({ steps: 2, from: null });
    const frames = [
      'steps:   0%|          | 0/2 [00:00<?, ?it/s]',
      'steps:  50%|█████     | 1/2 [03:27<03:27, 207.63s/it]',
      'saving checkpoint: /runs/7/output/from-00000000/lora-step00000001.safetensors',
      'steps:  50%|█████     | 1/2 [03:27<03:27, 207.65s/it, avr_loss=1.47]',
      'steps: 100%|██████████| 2/2 [06:31<00:00, 195.64s/it, avr_loss=1.47]',
      'steps: 100%|██████████| 2/2 [06:31<00:00, 195.64s/it, avr_loss=1.43]',
    ];
    expect(frames.flatMap((frame) => read(frame))).toEqual([
      { step: 1 },
      { phase: 'saving' },
      { step: 2 },
      { measured: [1, 1.47] },
      { measured: [2, 1.43] },
    ]);
  });

  it('paints samples of which trigger words set no options', () => {
    const settings = { side: 512, steps: 20, options: '--g 3.5' };
    const [first, ...rest] = samplePrompts(
      { triggerWords: '# ink\n--n --w 9999 a', seed: 2 ** 40 },
      settings,
    ).split('\n');
    expect(first).toBe('ink -n -w 9999 a, a red dragon --w 512 --h 512 --s 20 --d 0 --g 3.5');
    expect(rest).toHaveLength(2);
  });

  it('says what is not there, and how to get it', () => {
    expect(program.missing()).toMatchObject([
      { what: 'package', name: 'sd-scripts', cure: { en: expect.stringContaining('KOHYA_DIR') } },
    ]);
    expect(program.missingFor({ family: 'flux-dev' }).map(({ name }) => name)).toEqual([
      'flux1-dev.safetensors',
      'clip_l.safetensors',
      't5xxl_fp16.safetensors',
      'ae.safetensors',
    ]);
  });
});
