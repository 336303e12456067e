import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testJob } from '../testing-job.ts';
import { TORCH_FILE, writeWeights } from '../weights/testing-weights.ts';
import { aiToolkitConfig, configText, outputFolder } from './ai-toolkit-config.ts';
import { AiToolkitFiles } from './ai-toolkit-files.ts';
import { AI_TOOLKIT_MODELS } from './ai-toolkit-models.ts';
import { AiToolkitProgram, reader } from './ai-toolkit-program.ts';

const program = new AiToolkitProgram({ folder: null, python: null, env: {} });

/** As the program would replace it. */
const VARIABLE = ['$', '{HF_TOKEN}'].join('');

describe('ai-toolkit', () => {
  it.each(AI_TOOLKIT_MODELS)('gets the configuration of $id', async (model) => {
    const config = aiToolkitConfig(model, testJob(program, { model: model.id }));
    await expect(configText(config)).toMatchFileSnapshot(`golden/${model.id}.txt`);
  });

  it('gets no text in which it would put variables of the environment', () => {
    const job = testJob(program);
    const text = configText(
      aiToolkitConfig(AI_TOOLKIT_MODELS[0] ?? expect.fail(), {
        ...job,
        job: { ...job.job, triggerWords: `ink ${VARIABLE}` },
      }),
    );
    expect(text).not.toContain(VARIABLE);
    expect(JSON.parse(text).config.process[0].sample.prompts[0]).toBe(`ink ${VARIABLE}, a red dragon`);
  });

  it('is read by its bar, which counts on after a resume', () => {
    const read = reader(2000);
    expect(
      read('lora:  13%|█▎        | 260/2000 [00:10<30:11,  1.04s/it, lr: 1.0e-04 loss: 3.456e-01]'),
    ).toEqual([{ step: 260, loss: 0.3456 }]);
    expect(read('Caching latents to disk:  50%|█████     | 2/4 [00:01<00:01,  1.9it/s]')).toEqual([
      { phase: 'caching' },
    ]);
  });

  describe('files', () => {
    let folder = '';
    beforeEach(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'ai-toolkit-'));
    });
    afterEach(() => rm(folder, { recursive: true, force: true }));
    const at = (name: string) => path.join(outputFolder(folder), name);

    it('are continued from the newest whole one; a broken one is put aside', async () => {
      const files = new AiToolkitFiles();
      for (const step of ['250', '500', '750']) await writeWeights(at(`lora_000000${step}.safetensors`));
      const newest = at('lora_000000750.safetensors');
      await writeFile(newest, (await readFile(newest)).subarray(0, -1));
      await writeFile(at('optimizer.pt'), TORCH_FILE);
      const from = await files.resumePoint({ folder, steps: 1000 });
      expect(from).toEqual({ step: 500, path: at('lora_000000500.safetensors') });
      await files.putAside({ folder, from });
      expect((await readdir(outputFolder(folder))).sort()).toEqual([
        'lora_000000250.safetensors',
        'lora_000000500.safetensors',
        'optimizer.pt',
      ]);
      expect(await readdir(path.join(folder, 'aside'))).toEqual(['lora_000000750.safetensors']);
    });

    it('are complete with the last one', async () => {
      await writeWeights(at('lora_000000750.safetensors'));
      await writeWeights(at('lora.safetensors'));
      const saved = await new AiToolkitFiles().saved({ folder, steps: 1000 });
      expect(saved.map(({ step }) => step)).toEqual([750, 1000]);
    });
  });
});
