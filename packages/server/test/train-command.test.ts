/** The trainer `command` from the settings to the style, with a program of the operator's own. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { TrainingInput } from '@limner/contract';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startStudio, type TestStudio } from './start-studio.ts';

/** Notes its arguments and environment, shows a bar, and writes a LoRA of FLUX.2 klein and one on the way. */
const PROGRAM = `
const { readFileSync, writeFileSync } = require('node:fs');
const [config, output, rank, ...rest] = process.argv.slice(2);
const { steps, captions } = JSON.parse(readFileSync(config, 'utf8'));
writeFileSync(process.env.HOME + '/noted.json', JSON.stringify({ rank, rest, captions, env: Object.keys(process.env) }));
const lora = (module) => {
  const up = [27648, 1], down = [1, 3072], bytes = 2 * (27648 + 3072);
  const entry = (shape, from, to) => ({ dtype: 'BF16', shape, data_offsets: [from, to] });
  const header = Buffer.from(JSON.stringify({
    ['diffusion_model.' + module + '.lora_up.weight']: entry(up, 0, 2 * 27648),
    ['diffusion_model.' + module + '.lora_down.weight']: entry(down, 2 * 27648, bytes),
  }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Buffer.alloc(bytes)]);
};
process.stderr.write('\\r 50%|█████     | ' + steps / 2 + '/' + steps + ' [00:01<00:01,  1.00it/s, loss=0.5]');
writeFileSync(output + '/style-step000050.safetensors', lora('single_blocks.0.linear1'));
process.stderr.write('\\r100%|██████████| ' + steps + '/' + steps + ' [00:02<00:00,  1.00it/s, loss=0.25]\\n');
writeFileSync(output + '/style.safetensors', lora(process.env.HOME.includes('odd') ? 'unknown.0' : 'single_blocks.0.linear1'));
`;

let studio: TestStudio | undefined;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'limner-command-'));
  await writeFile(path.join(folder, 'train.cjs'), PROGRAM);
});
afterEach(async () => {
  await studio?.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 20 });
});

async function start(environ: Record<string, string> = {}): Promise<TestStudio> {
  const line = [process.execPath, path.join(folder, 'train.cjs'), '{config}', '{output}', '{rank}'];
  const group = ['--resume', '{resume}'];
  studio = await startStudio({
    engines: [],
    environ: {
      ...{ PATH: process.env.PATH, HOME: folder, SECRET_OF_THE_HOUSE: 'x', HF_TOKEN: 'hf_x' },
      TRAIN_COMMAND: JSON.stringify([...line, group]),
      TRAIN_COMMAND_DEVICE: `test ${folder}`,
      TRAIN_MIN_FREE_MB: '0',
      ...environ,
    },
  });
  return studio;
}

async function train(over: Partial<TrainingInput> = {}) {
  if (!studio) throw new Error('no studio');
  const images = [];
  for (const background of ['red', 'green']) {
    const create = { width: 16, height: 16, channels: 3, background } as const;
    const png = await sharp({ create }).png().toBuffer();
    const file = new Blob([new Uint8Array(png)], { type: 'image/png' });
    const { id } = await studio.client.call('upload', { file, fileName: `${background}.png` });
    images.push({ image: id, caption: background });
  }
  const body = { style_name: 'Ink', trigger_words: 'inkwash', trainer: 'command', images, ...over };
  const { id } = await studio.client.call('train', { body });
  await studio.ended(id, 60_000);
  return studio.client.call('getTraining', { params: { id } });
}
const trainer = async () =>
  (await studio?.client.call('listTrainers', {}))?.find(({ id }) => id === 'command');

describe('the trainer of an own command', () => {
  it('gets its values and a list of variables, and its LoRA becomes a style', async () => {
    await start();
    expect(await trainer()).toMatchObject({ available: true, families: ['flux2-klein'] });
    const run = await train({ params: { lora_rank: 8, steps: 100 } });
    expect(run).toMatchObject({ status: 'completed', error: null, step: 100, family: 'flux2-klein' });
    const noted = JSON.parse(await readFile(path.join(folder, 'noted.json'), 'utf8'));
    expect(noted).toMatchObject({ rank: '8', rest: [], captions: ['inkwash, red', 'inkwash, green'] });
    expect(noted.env).toEqual(expect.arrayContaining(['HF_TOKEN', 'HOME', 'PATH']));
    expect(noted.env).not.toContain('SECRET_OF_THE_HOUSE');
    const style = await studio?.client.call('getStyle', { params: { id: run.style_id ?? 0 } });
    expect(style).toMatchObject({ name: 'Ink', trigger_words: 'inkwash', family: 'flux2-klein' });
  });

  it('whose LoRA has unknown tensors makes no style', async () => {
    const odd = path.join(folder, 'odd');
    await mkdir(odd);
    await start({ HOME: odd });
    const run = await train({ params: { steps: 100 } });
    expect(run).toMatchObject({ status: 'failed', style_id: null, error: { code: 'lora_unknown' } });
  });

  it('says what to set, and which program is not there', async () => {
    await start({ TRAIN_COMMAND: '' });
    expect(await trainer()).toMatchObject({ available: false, missing: [{ name: 'TRAIN_COMMAND' }] });
    await studio?.close();
    await start({ TRAIN_COMMAND: '["/nowhere/python", "x"]' });
    expect(await trainer()).toMatchObject({ available: false, missing: [{ name: '/nowhere/python' }] });
  });

  it('refuses a command that it does not understand at the start', async () => {
    await expect(start({ TRAIN_COMMAND: 'python train.py' })).rejects.toThrow('TRAIN_COMMAND');
    await expect(start({ TRAIN_COMMAND: '["python", "{nothing}"]' })).rejects.toThrow('TRAIN_COMMAND');
    await expect(start({ TRAIN_COMMAND_FAMILY: 'nothing' })).rejects.toThrow('TRAIN_COMMAND_FAMILY');
  });
});
