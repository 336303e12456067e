import { MAX_LORAS } from '@limner/contract';
import { describe, expect, it } from 'vitest';
import { readTags, stemOf, withoutExtension } from './lora-tags.ts';

const LISTED = ['pixel-art.safetensors', 'styles/ink.safetensors', 'old\\ink.safetensors'];
const lorasOf = (prompt: string) => readTags(prompt, LISTED).loras;

describe('LoRA tags', () => {
  it.each([
    ['<lora:pixel-art:0.8>', [{ name: 'pixel-art.safetensors', weight: 0.8 }]],
    ['<lora:pixel-art>', [{ name: 'pixel-art.safetensors', weight: 1 }]],
    ['< LORA : Pixel-Art : -0.5 >', [{ name: 'pixel-art.safetensors', weight: -0.5 }]],
    ['<lora:ink:0.7:0.4>', [{ name: 'styles/ink.safetensors', weight: 0.7 }]],
    ['<lora:old/ink:1>', [{ name: 'old\\ink.safetensors', weight: 1 }]],
    ['<lora:ink.safetensors:9>', [{ name: 'styles/ink.safetensors', weight: 4 }]],
    ['<lora:ink:strong>', [{ name: 'styles/ink.safetensors', weight: 1 }]],
    ['<lora:nowhere:1>', []],
    ['<lora::1>', []],
    ['<hypernet:pixel-art:1>', []],
    ['(dragon:1.3), [a|b], BREAK <b>', []],
  ])('%s', (prompt, loras) => {
    expect(lorasOf(prompt)).toEqual(loras);
  });

  it('are taken out of the text, and what is not used is named', () => {
    const read = readTags('a castle, <lora:ink:1>, (red:1.2)  <lora:nowhere:1>', LISTED);
    expect(read.prompt).toBe('a castle, (red:1.2)');
    expect(read.notes.map(({ en }) => en)).toEqual(['<lora:nowhere:1> is not used: no server has it.']);
  });

  it.each([
    ['dragon <lora:ink:1>, sky', 'dragon, sky'],
    ['dragon<lora:ink:1> , sky', 'dragon, sky'],
    ['<lora:ink:1>, dragon', 'dragon'],
  ])('leave no blank before a comma: %s', (written, prompt) => {
    expect(readTags(written, LISTED).prompt).toBe(prompt);
  });

  it('leave a text without tags as it is', () => {
    const text = 'a  castle,, at\n night,';
    expect(readTags(text, LISTED)).toEqual({ prompt: text, loras: [], notes: [] });
  });

  it('beyond the most that a picture takes are named', () => {
    const read = readTags('<lora:ink:1>'.repeat(MAX_LORAS + 1), LISTED);
    expect([read.loras.length, read.notes.length]).toEqual([MAX_LORAS, 1]);
  });
});

it('the stem of a file has neither folder nor extension', () => {
  expect(['a/b.c.safetensors', 'b\\c.pt', 'plain'].map(stemOf)).toEqual(['b.c', 'c', 'plain']);
  expect(withoutExtension('a\\b.CKPT')).toBe('a/b');
});
