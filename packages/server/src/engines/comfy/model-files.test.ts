import { describe, expect, test } from 'vitest';
import { FILES, PRO_2 } from './fixtures/requests.ts';
import { downloadCommand, installCommand, MODEL_FILES, modelFile, packOf } from './model-files.ts';

describe('the table of model files', () => {
  test('has each file once, with its folder, licence and source', () => {
    expect(new Set(MODEL_FILES.map(({ file }) => file)).size).toBe(MODEL_FILES.length);
    for (const { folder, licence, source } of MODEL_FILES) {
      expect(folder).toMatch(/^models\//);
      expect(licence).toBeTruthy();
      expect(source).toMatch(/^[\w.-]+\/[\w.-]+$/);
    }
  });

  test('knows every default, and finds one by its path', () => {
    for (const file of [...Object.values(FILES), PRO_2.controlnet])
      expect(modelFile(file)?.sizeBytes).toBeGreaterThan(0);
    expect(modelFile('flux\\ae.safetensors')?.folder).toBe('models/vae');
    expect(modelFile('mine.safetensors')).toBeUndefined();
  });

  test('has a command that puts a file under the name we look for', () => {
    const union = modelFile(FILES.controlnet);
    expect(union && downloadCommand(union)).toBe(
      'curl -fL -C - --create-dirs -o models/controlnet/instantx-flux-union-controlnet.safetensors https://huggingface.co/InstantX/FLUX.1-dev-Controlnet-Union/resolve/main/diffusion_pytorch_model.safetensors',
    );
  });

  test('says which licences forbid commercial use', () => {
    expect(modelFile(FILES.unet)?.licence).toBe('Apache-2.0');
    expect(modelFile(FILES.controlnet)?.licence).toContain('Non-Commercial');
  });
});

test('a pack is installed with its Python packages', () => {
  const pack = packOf('BiRefNetRMBG');
  expect(pack && installCommand(pack)).toContain('custom_nodes/ComfyUI-RMBG/requirements.txt');
  expect(packOf('KSampler')).toBeUndefined();
});
