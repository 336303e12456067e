import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FLUX_AE } from '../kohya/kohya-models.ts';
import { MUSUBI_MODELS } from '../musubi/musubi-models.ts';
import { writeWeights } from './testing-weights.ts';
import { type WeightFile, WeightFolders } from './weight-folders.ts';

const ae = (channels: number) => ({
  'decoder.conv_in.weight': { shape: [1, channels, 1, 1] },
  'encoder.down.0.block.0.conv1.weight': { shape: [1] },
});
const model = (id: string) => MUSUBI_MODELS.find((each) => each.id === id) ?? expect.fail(id);

describe('folders of weights', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'weights-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const found = async (file: WeightFile, name = '') => {
    const weights = new WeightFolders([folder]);
    await weights.refresh([file]);
    return weights.find(file, name);
  };

  it('tell two autoencoders of one name apart', async () => {
    await writeWeights(path.join(folder, 'vae', 'a', 'ae.safetensors'), ae(32));
    await writeWeights(path.join(folder, 'vae', 'b', 'ae.safetensors'), ae(16));
    expect(await found(FLUX_AE)).toEqual({ file: path.join(folder, 'vae', 'b', 'ae.safetensors') });
    expect(await found(model('flux2-klein-4b').vae)).toEqual({
      file: path.join(folder, 'vae', 'a', 'ae.safetensors'),
    });
  });

  it('take the usual file first, and the named one where a request names it', async () => {
    const { dit } = model('qwen-image');
    const usual = path.join(folder, dit.usual);
    const other = path.join(folder, 'qwen_image_2512_bf16.safetensors');
    await writeWeights(other);
    expect(await found(dit)).toEqual({ file: other });
    await writeWeights(usual);
    expect(await found(dit)).toEqual({ file: usual });
    expect(await found(dit, path.basename(other))).toEqual({ file: other });
  });

  it('refuse a file that the trainer cannot take, with the reason', async () => {
    const { dit } = model('qwen-image');
    await writeWeights(path.join(folder, 'qwen_image_fp8_e4m3fn.safetensors'), {
      x: { dtype: 'F8_E4M3', shape: [2, 2] },
    });
    const refused = await found(dit);
    expect(refused).toMatchObject({
      missing: {
        name: 'qwen_image_fp8_e4m3fn.safetensors',
        folder: 'models/diffusion_models',
        source: 'Comfy-Org/Qwen-Image_ComfyUI',
        cure: { en: expect.stringMatching(/no fp8 file.*qwen_image_bf16\.safetensors/) },
      },
    });
  });

  it('refuse a file that is not yet whole', async () => {
    await writeFile(path.join(folder, 'ae.safetensors'), 'half');
    expect(await found(FLUX_AE)).toMatchObject({
      missing: { cure: { en: expect.stringContaining('not yet completely downloaded') } },
    });
  });

  it('say which variable names them where there are none', () => {
    expect(new WeightFolders([]).find(FLUX_AE)).toMatchObject({
      missing: { name: 'ae.safetensors', cure: { en: expect.stringContaining('TRAIN_MODELS_DIRS') } },
    });
  });
});
