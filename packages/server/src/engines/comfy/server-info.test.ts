import { describe, expect, test } from 'vitest';
import { fullServer } from './fixtures/servers.ts';
import { choicesOf, compactObjectInfo, hasNode, listedName, modelsOf } from './server-info.ts';

describe('what a server has', () => {
  test('is read from both spellings of a list of choices', () => {
    const info = compactObjectInfo({
      Old: { input: { required: { file: [['a', 'b'], { default: 'b' }] } }, output: ['MODEL'] },
      New: {
        input: { required: { file: ['COMBO', { options: ['a', 'b'], default: 'b' }] } },
        output: ['MODEL'],
      },
    });
    expect(info.nodes.get('Old')?.inputs.file).toEqual({
      type: 'COMBO',
      required: true,
      choices: ['a', 'b'],
      default: 'b',
    });
    expect(info.nodes.get('New')?.inputs.file).toEqual(info.nodes.get('Old')?.inputs.file);
  });

  test('keeps ranges, defaults and what is optional', () => {
    const inputs = fullServer().nodes.get('BiRefNetRMBG')?.inputs;
    expect(inputs?.mask_offset).toEqual({ type: 'INT', required: false, default: 0, min: -20, max: 20 });
    expect(inputs?.image).toEqual({ type: 'IMAGE', required: true });
  });

  test('knows inputs whose choices are any uploaded picture, and those the server does not list', () => {
    const info = fullServer();
    expect(info.nodes.get('LoadImage')?.inputs.image?.picture).toBe(true);
    expect(info.nodes.get('LoadImageOutput')?.inputs.image?.choices).toBeUndefined();
  });

  test('lists the model files of each folder', () => {
    expect(modelsOf(fullServer(), 'unet_gguf')).toEqual(['flux1-schnell-Q5_K_S.gguf']);
    expect(modelsOf(fullServer(), 'upscale_models')).toEqual(['RealESRGAN_x4plus.pth']);
  });

  test('keeps one copy of a list that many nodes repeat', () => {
    const info = fullServer();
    expect(choicesOf(info, 'LoraLoader', 'lora_name')).toBe(
      choicesOf(info, 'LoraLoaderModelOnly', 'lora_name'),
    );
  });

  test.each([null, [], 'html', { Odd: null, Also: { input: { required: [] } } }])(
    'survives an answer that is none: %j',
    (json) => {
      expect(hasNode(compactObjectInfo(json), 'KSampler')).toBe(false);
    },
  );

  test("finds a file in a sub-folder whichever separator the server's system has", () => {
    expect(listedName(['ui\\pixel.safetensors'], 'ui/pixel.safetensors')).toBe('ui\\pixel.safetensors');
    expect(listedName(['ui/pixel.safetensors'], 'pixel.safetensors')).toBeUndefined();
  });
});
