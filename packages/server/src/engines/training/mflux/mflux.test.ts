import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import { testJob } from '../testing-job.ts';
import { MfluxCheckpoints } from './mflux-checkpoints.ts';
import { mfluxConfig, outputFolder } from './mflux-config.ts';
import { MFLUX_MODELS } from './mflux-models.ts';
import { MfluxProgram } from './mflux-program.ts';

const program = new MfluxProgram({ command: 'mflux-train', searchPath: '', env: {} });

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'mflux-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('mflux', () => {
  it.each(MFLUX_MODELS)('gets the configuration of $id', async (model) => {
    const config = mfluxConfig(model, testJob(program, { model: model.id, sample_every: 250 }));
    await expect(JSON.stringify(config, null, 2)).toMatchFileSnapshot(`golden/${model.id}.txt`);
  });

  it('takes whole rounds over the pictures', () => {
    const params = { steps: 100, batch_size: 2 };
    expect(program.stepsOf(params, 5)).toBe(102);
    expect(program.stepsOf(params, 300)).toBe(150);
    const job = testJob(program, { steps: 100 });
    expect(mfluxConfig(MFLUX_MODELS[0] ?? expect.fail(), job)).toMatchObject({
      training_loop: { num_epochs: 34, batch_size: 1 },
    });
  });

  it('measures losses also where it paints no samples, which costs one small picture', () => {
    const monitoringOf = (sample_every: number, steps: number) =>
      mfluxConfig(MFLUX_MODELS[0] ?? expect.fail(), testJob(program, { sample_every, steps }));
    expect(monitoringOf(0, 100)).toMatchObject({
      monitoring: { plot_frequency: 10, generate_image_frequency: 103, preview_width: 256 },
    });
    expect(monitoringOf(250, 1000)).toMatchObject({
      monitoring: { plot_frequency: 51, generate_image_frequency: 250, preview_width: 512 },
    });
    const samples = (sample_every: number) => program.samples(testJob(program, { sample_every }));
    expect(samples(0)).toBeNull();
    expect(samples(250)).toBe('/runs/7/output/preview');
  });

  it('is started and resumed with the options of its version', () => {
    const from = { step: 30, path: '/runs/7/output/checkpoints/0000030_checkpoint.zip' };
    const args = (model: string, about = {}) => program.stages(testJob(program, { model }, about))[0]?.args;
    expect(args('z-image-turbo')).toEqual(['--config', '/runs/7/mflux.json']);
    expect(args('z-image-turbo', { from })).toEqual(['--resume', from.path]);
    expect(args('dev')).toEqual(['--train-config', '/runs/7/mflux.json']);
    expect(args('dev', { from })).toEqual(['--train-checkpoint', from.path]);
  });

  it('is read by its own bar, not by those of previews and downloads', () => {
    const read = program.stages(testJob(program, { steps: 100 }))[0]?.reader() ?? expect.fail();
    expect(read(' 50%|#####     | 51/102 [00:00<00:00,  6.66it/s]')).toEqual([{ step: 51, loss: null }]);
    expect(read(' 50%|#####     | 4/9 [00:00<00:00,  6.66it/s]')).toEqual([]);
    expect(read('Fetching 102 files:  50%|#####     | 51/102 [00:00<00:00,  6.66it/s]')).toEqual([]);
  });
});

describe('the installed mflux', () => {
  const install = async (version: string | null, script = 'exit 1') => {
    const command = path.join(folder, 'bin', 'mflux-train');
    await mkdir(path.dirname(command), { recursive: true });
    await writeFile(command, `#!/bin/sh\n${script}\n`);
    await chmod(command, 0o755);
    if (version)
      await mkdir(path.join(folder, 'lib/python3.12/site-packages', `mflux-${version}.dist-info`), {
        recursive: true,
      });
    const found = new MfluxProgram({ command, searchPath: '', env: { PATH: '/usr/bin:/bin' } });
    await found.refresh();
    return found;
  };
  const cures = (missing: { cure: { en: string } }[]) => missing.map(({ cure }) => cure.en);

  it('that is not there says how to get it', async () => {
    await program.refresh();
    expect(cures(program.missing())).toEqual([expect.stringContaining('uv tool install mflux')]);
  });

  it.each([
    ['0.18.0', null, 'install mflux 0.15.5'],
    ['0.16.0', null, 'install mflux 0.15.5'],
    ['0.15.5', 'uv tool upgrade mflux', null],
  ])('%s trains its own models', async (version, newer, flux1) => {
    const found = await install(version);
    expect(found.missing()).toEqual([]);
    const expected = (part: string | null) => (part === null ? [] : [expect.stringContaining(part)]);
    expect(cures(found.missingFor({ model: 'z-image-turbo' }))).toEqual(expected(newer));
    expect(cures(found.missingFor({ model: 'dev' }))).toEqual(expected(flux1));
  });

  it('without a version beside it is asked for its options', async () => {
    const old = await install(null, 'echo "usage: mflux-train [--train-config FILE]"');
    expect(old.missingFor({ model: 'dev' })).toEqual([]);
    const newer = await install(null, 'echo "usage: mflux-train --config FILE"');
    expect(newer.missingFor({ model: 'z-image-turbo' })).toEqual([]);
    expect(cures((await install(null)).missing())).toEqual([expect.stringContaining('does not start')]);
  });
});

describe('losses of mflux', () => {
  /** As mflux 0.18.0 writes it: three lines of its page. */
  const page = (losses: string) =>
    `    <script>\n      const data = {"steps": [0, 50, 100], "losses": ${losses}, "smoothed": [1.25, 0.982421875, 0.83203125], "smoothEnabled": false, "previewMap": {}, "previewSteps": [], "lossByStep": {"0": 1.25, "50": 0.71484375, "100": 0.53125}, "padding": 36.10778443113772, "totalStep": 1002};\n      const chartWrap = document.getElementById('chart-wrap');\n`;
  const write = async (text: string) => {
    const file = path.join(outputFolder(folder), 'loss', 'loss.html');
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  };
  const losses = () => program.losses({ ...testJob(program), folder });

  it('are read from its page, without the one before the first step', async () => {
    expect(await losses()).toEqual([]);
    await write(page('[1.25, 0.71484375, 0.53125]'));
    expect(await losses()).toEqual([
      [50, 0.71484375],
      [100, 0.53125],
    ]);
    await write(page('[1.25, NaN, 0.53125]'));
    expect(await losses()).toEqual([[100, 0.53125]]);
  });

  it('are none while the page is being written', async () => {
    await write(page('[1.25, 0.71484375, 0.53125]').slice(0, 120));
    expect(await losses()).toEqual([]);
  });
});

describe('checkpoints of mflux', () => {
  const checkpoints = new MfluxCheckpoints();
  const at = (step: number, below = 'checkpoints') =>
    path.join(outputFolder(folder), below, `${String(step).padStart(7, '0')}_checkpoint.zip`);

  async function write(step: number, { below = 'checkpoints', cut = 0 } = {}): Promise<void> {
    const zip = new ZipFile();
    const files = {
      lora_adapter: `${step}_adapter.safetensors`,
      optimizer: `${step}_optimizer.safetensors`,
      loss: `${step}_loss.json`,
    };
    zip.addBuffer(Buffer.from(`lora ${step}`), files.lora_adapter);
    zip.addBuffer(Buffer.from('state'), files.optimizer);
    const entry = (at: number) =>
      `    {\n        "step": ${at},\n        "loss": ${1 / at},\n        "time": "2026-11-30 18:20:10"\n    }`;
    zip.addBuffer(Buffer.from(`[\n${entry(step / 2)},\n${entry(step)}\n]`), files.loss);
    zip.addBuffer(Buffer.from(JSON.stringify({ metadata: {}, files })), 'checkpoint.json');
    zip.end();
    const bytes = await buffer(zip.outputStream);
    await mkdir(path.dirname(at(step, below)), { recursive: true });
    await writeFile(at(step, below), bytes.subarray(0, bytes.length - cut));
  }

  it('have the LoRA; half of one is left out', async () => {
    await write(0);
    await write(30);
    await write(60);
    await write(90, { cut: 1 });
    const run = { folder, steps: 60 };
    const saved = await checkpoints.saved(run);
    expect(saved.map(({ step }) => step)).toEqual([30, 60]);
    expect((await buffer((await saved[1]?.open()) ?? expect.fail())).toString()).toBe('lora 60');
    expect(await checkpoints.resumePoint(run)).toEqual({ step: 30, path: at(30) });
  });

  it('whose LoRA was damaged are left out', async () => {
    await write(30);
    const bytes = await readFile(at(30));
    // Behind the header of the first entry and its name.
    const first = 30 + '30_adapter.safetensors'.length;
    bytes.writeUInt8(bytes.readUInt8(first) ^ 1, first);
    await writeFile(at(30), bytes);
    expect(await checkpoints.saved({ folder, steps: 60 })).toEqual([]);
  });

  it('of old versions are found too, with the losses that are nowhere else', async () => {
    await write(30, { below: '_checkpoints' });
    const old = new MfluxProgram({ command: 'mflux-train', searchPath: '', env: {} });
    expect(await old.losses({ ...testJob(old, { model: 'dev' }), folder })).toEqual([
      [15, 1 / 15],
      [30, 1 / 30],
    ]);
    expect(await checkpoints.resumePoint({ folder, steps: 60 })).toEqual({
      step: 30,
      path: at(30, '_checkpoints'),
    });
  });

  it('are put aside beyond the point of the resume, and all of them where the run begins again', async () => {
    await write(30);
    await write(60, { cut: 9 });
    await checkpoints.putAside({ folder, from: { step: 30, path: at(30) } });
    expect(await readdir(path.dirname(at(30)))).toEqual(['0000030_checkpoint.zip']);
    expect(await readdir(path.join(folder, 'aside-1'))).toEqual(['0000060_checkpoint.zip']);
    await checkpoints.putAside({ folder, from: null });
    expect((await readdir(folder)).sort()).toEqual(['aside-1', 'aside-2']);
    expect(await readdir(path.join(folder, 'aside-2', 'checkpoints'))).toEqual(['0000030_checkpoint.zip']);
  });
});
