import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TORCH_FILE, writeWeights } from '../weights/testing-weights.ts';
import { OutputParts } from './output-parts.ts';

describe('files of a run in parts', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'parts-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const at = (...names: string[]) => path.join(folder, 'output', ...names);
  const cut = async (file: string) => writeFile(file, (await readFile(file)).subarray(0, -1));
  async function writeState(name: string) {
    await writeWeights(at(name, 'model.safetensors'));
    await writeFile(at(name, 'optimizer.bin'), TORCH_FILE);
    for (const last of ['scheduler.bin', 'random_states_0.pkl']) await writeFile(at(name, last), 'x');
  }
  const run = { steps: 1000 };

  it('are counted from the start of the run, and half written ones are left out', async () => {
    await writeWeights(at('from-00000000', 'lora-step00000250.safetensors'));
    await writeWeights(at('from-00000250', 'lora-step00000250.safetensors'));
    await writeWeights(at('from-00000250', 'lora-step00000500.safetensors'));
    await cut(at('from-00000250', 'lora-step00000500.safetensors'));
    const saved = await new OutputParts().saved({ folder, ...run });
    expect(saved.map(({ step }) => step)).toEqual([250, 500]);
  });

  it('end with the last file of a part', async () => {
    await writeWeights(at('from-00000250', 'lora.safetensors'));
    const saved = await new OutputParts().saved({ folder, ...run });
    expect(saved.map(({ step }) => step)).toEqual([1000]);
  });

  it('continue from the newest whole state', async () => {
    const parts = new OutputParts();
    expect(await parts.resumePoint({ folder, ...run })).toBeNull();
    await writeState('from-00000000/lora-step00000500-state');
    await writeState('from-00000500/lora-step00000250-state');
    const newest = at('from-00000500', 'lora-step00000250-state');
    expect(await parts.resumePoint({ folder, ...run })).toEqual({ step: 750, path: newest });
    await writeFile(path.join(newest, 'optimizer.bin'), 'PK half of it, without a directory at the end');
    expect(await parts.resumePoint({ folder, ...run })).toEqual({
      step: 500,
      path: at('from-00000000', 'lora-step00000500-state'),
    });
  });

  it('do not continue from a state without its last file', async () => {
    await writeState('from-00000000/lora-step00000500-state');
    await rm(at('from-00000000', 'lora-step00000500-state', 'random_states_0.pkl'));
    await mkdir(at('from-00000000', 'lora-step00000750-state'), { recursive: true });
    expect(await new OutputParts().resumePoint({ folder, ...run })).toBeNull();
  });
});
