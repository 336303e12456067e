import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StudioError } from '@limner/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from './exit-code.ts';
import { run } from './run.ts';
import {
  failed,
  finished,
  frame,
  HEALTH,
  outputOf,
  type TestStudio,
  task,
  testStudio,
  testTerminal,
} from './testing.ts';

let folder: string;
let studio: TestStudio | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limner-cli-'));
});
afterEach(async () => {
  await studio?.close();
  studio = undefined;
  await rm(folder, { recursive: true, force: true });
});

async function limner(argv: string[], answers: Record<string, unknown> = {}, env = {}, isTerminal = false) {
  studio = await testStudio(answers);
  const terminal = testTerminal({ LIMNER_URL: studio.url, ...env }, isTerminal);
  const exitCode = await run(argv, terminal);
  return { exitCode, out: terminal.lines, err: terminal.errors(), asked: studio.received };
}

const twoPictures = task(12, {
  status: 'completed',
  progress: 1,
  frames: [finished(12, 0), finished(12, 1)],
});

describe('limner generate', () => {
  it('saves each picture, prints its path and ends with 0', async () => {
    const steps = [
      task(12, { frames: [frame(0), frame(1)] }),
      task(12, {
        status: 'running',
        version: 2,
        progress: 0.5,
        frames: [finished(12, 0), frame(1, { status: 'running' })],
      }),
      { ...twoPictures, version: 3 },
    ];
    const { exitCode, out, err, asked } = await limner(
      ['generate', 'a red dragon', '-n', '2', '-o', folder, '--seed', '7', '--size', '512x384'],
      { 'POST /api/generate': steps[0], 'GET /api/tasks/12': (times: number) => steps[Math.min(times, 2)] },
    );
    expect(exitCode).toBe(EXIT.ok);
    expect(out).toEqual([0, 1].map((index) => join(folder, `12_${index}_a-red-dragon.png`)));
    expect((await readdir(folder)).sort()).toEqual(['12_0_a-red-dragon.png', '12_1_a-red-dragon.png']);
    expect(asked.find(({ route }) => route === 'POST /api/generate')?.body).toEqual({
      prompt: 'a red dragon',
      batch_size: 2,
      seed: 7,
      width: 512,
      height: 384,
    });
    expect(err).toContain('1 of 2 done');
  });

  it('saves every output of a frame', async () => {
    const outputs = [0, 1, 2].map((place) => outputOf(12, 0, place)).concat(outputOf(12, 0, 3, 'mp4'));
    const one = task(12, { status: 'completed', progress: 1, frames: [finished(12, 0, outputs)] });
    const { out } = await limner(['generate', 'a red dragon', '-o', folder], {
      'POST /api/generate': one,
      'GET /api/tasks/12': one,
    });
    const names = outputs.map(({ file_name }) => file_name);
    expect(out).toEqual(names.map((name) => join(folder, name)));
    expect((await readdir(folder)).sort()).toEqual([...names].sort());
  });

  it.each([
    ['a video, without its poster and frames', ['main', 'poster', 'still', 'still'], [0]],
    ['a picture with its layers', ['main', 'layer', 'layer'], [0, 1, 2]],
  ] as const)('saves %s', async (_, roles, saved) => {
    const outputs = roles.map((role, place) => ({ ...outputOf(12, 0, place), role }));
    const one = task(12, { status: 'completed', progress: 1, frames: [finished(12, 0, outputs)] });
    await limner(['generate', 'a red dragon', '-o', folder], {
      'POST /api/generate': one,
      'GET /api/tasks/12': one,
    });
    const names = saved.map((place) => outputOf(12, 0, place).file_name);
    expect((await readdir(folder)).sort()).toEqual(names.sort());
  });

  it('uses a server below a base path', async () => {
    const output = { ...outputOf(12, 0), url: '/studio/outputs/12_0.png' };
    const below = { ...twoPictures, frames: [finished(12, 0, [output])] };
    studio = await testStudio({
      'GET /studio/health': HEALTH,
      'POST /studio/api/generate': below,
      'GET /studio/api/tasks/12': below,
    });
    const terminal = testTerminal({ LIMNER_URL: `${studio.url}/studio/` });
    expect(await run(['generate', 'a red dragon', '-o', folder], terminal)).toBe(EXIT.ok);
    expect(terminal.lines).toEqual([join(folder, '12_0_a-red-dragon.png')]);
    expect(studio.received.map(({ route }) => route)).toContain('GET /studio/outputs/12_0.png');
  });

  it('never writes over a file', async () => {
    await writeFile(join(folder, '12_0_a-red-dragon.png'), 'mine');
    const { out } = await limner(['generate', 'a red dragon', '-o', folder], {
      'POST /api/generate': twoPictures,
      'GET /api/tasks/12': twoPictures,
    });
    expect(out[0]).toBe(join(folder, '12_0_a-red-dragon-2.png'));
  });

  it('ends with 3 when only some pictures were made, and says why the others were not', async () => {
    const answer = task(12, {
      status: 'partial',
      progress: 1,
      frames: [finished(12, 0), failed(1, 'out_of_memory', { engine: 'ComfyUI' })],
    });
    const { exitCode, out, err } = await limner(['generate', 'a red dragon', '-n', '2', '-o', folder], {
      'POST /api/generate': answer,
      'GET /api/tasks/12': answer,
    });
    expect(exitCode).toBe(EXIT.partial);
    expect(out).toHaveLength(1);
    expect(err).toContain('Picture 2 failed: ComfyUI ran out of memory.');
  });

  it.each([
    ['en', 'Training failed: Own command ran out'],
    ['zh', '训练失败：'],
  ])('calls a failed training no picture (%s)', async (language, sentence) => {
    const answer = task(12, {
      ...{ task_kind: 'training', status: 'failed' },
      frames: [failed(0, 'out_of_memory', { engine: 'Own command' })],
    });
    const answers = {
      'GET /api/tasks/12': answer,
      'GET /api/training/12': { id: 12, status: 'failed', steps: 300, resume_step: 0, lora_notice: null },
    };
    const { err } = await limner(['train', 'watch', '12', '--lang', language], answers);
    expect(err).toContain(sentence);
  });

  it('cancels its task when interrupted and keeps what was finished', async () => {
    let isCancelled = false;
    const frames = [finished(12, 0), frame(1, { status: 'running' })];
    studio = await testStudio({
      'POST /api/generate': task(12, { frames }),
      'GET /api/tasks/12': () => task(12, { status: isCancelled ? 'cancelled' : 'running', frames }),
      'POST /api/tasks/12/cancel': () => {
        isCancelled = true;
        return task(12, { status: 'cancelled', frames });
      },
    });
    const terminal = testTerminal({ LIMNER_URL: studio.url });
    const keepLine = terminal.out;
    terminal.out = (line) => {
      keepLine(line);
      terminal.interrupt();
    };
    expect(await run(['generate', 'a red dragon', '-n', '2', '-o', folder], terminal)).toBe(EXIT.interrupted);
    expect(isCancelled).toBe(true);
    expect(await readdir(folder)).toEqual(['12_0_a-red-dragon.png']);
  });

  it('prints one JSON document with the files in it', async () => {
    const { out } = await limner(['generate', 'a red dragon', '-o', folder, '--json'], {
      'POST /api/generate': twoPictures,
      'GET /api/tasks/12': twoPictures,
    });
    expect(JSON.parse(out.join('\n'))).toMatchObject({ id: 12, status: 'completed', files: { length: 2 } });
  });

  it('draws a bar in a terminal', async () => {
    const steps = [
      task(12, { status: 'running', progress: 0.5, frames: [frame(0)] }),
      { ...twoPictures, version: 2 },
    ];
    const { err } = await limner(
      ['generate', 'a red dragon', '-o', folder],
      { 'POST /api/generate': steps[0], 'GET /api/tasks/12': (times: number) => steps[Math.min(times, 1)] },
      {},
      true,
    );
    expect(err).toMatch(/\r.*█+░+ +50 % {2}0 of 1 done/);
  });

  it('sends a picture first when it starts from one', async () => {
    const path = join(folder, 'sketch.png');
    await writeFile(path, 'picture');
    const { asked } = await limner(
      ['generate', 'a red dragon', '-o', folder, '-i', path, '--denoise', '0.4'],
      {
        'POST /api/upload': { id: 'u1' },
        'POST /api/generate': twoPictures,
        'GET /api/tasks/12': twoPictures,
      },
    );
    expect(asked.find(({ route }) => route === 'POST /api/generate')?.body).toMatchObject({
      type: 'img2img',
      input_image: 'u1',
      params: { denoise: 0.4 },
    });
  });

  it('says how built-in drawings are to look', async () => {
    const { asked } = await limner(
      [
        'generate',
        'a key',
        '-o',
        folder,
        '--library',
        'game',
        '--treatment',
        'pixel',
        '--pixel-grid',
        '24',
        '--size',
        '24x24',
      ],
      { 'POST /api/generate': twoPictures, 'GET /api/tasks/12': twoPictures },
    );
    expect(asked.find(({ route }) => route === 'POST /api/generate')?.body).toMatchObject({
      params: { library: 'game', treatment: 'pixel', pixel_grid: 24 },
      width: 24,
      height: 24,
    });
  });

  it('finds a style by its name and lists them when there is none such', async () => {
    const { exitCode, err } = await limner(['generate', 'a red dragon', '--style', 'Pixel'], {
      'GET /api/styles': [{ id: 1, name: 'Base' }],
    });
    expect(exitCode).toBe(EXIT.usage);
    expect(err).toBe('There is no style "Pixel". There are: Base.\n');
  });
});

describe('limner remove-bg', () => {
  const cutOut = task(5, {
    status: 'completed',
    task_kind: 'remove_bg',
    progress: 1,
    frames: [finished(5, 0)],
  });

  it('saves the cut-out under the name of the server, and one bad picture costs only itself', async () => {
    for (const name of ['bad.png', 'cat.png']) await writeFile(join(folder, name), name);
    const { exitCode, out, err } = await limner(
      ['remove-bg', join(folder, 'bad.png'), join(folder, 'cat.png'), '-o', join(folder, 'out')],
      {
        'POST /api/upload': (times: number) => (times === 0 ? new StudioError('file_broken') : { id: 'u2' }),
        'POST /api/remove-bg': cutOut,
        'GET /api/tasks/5': cutOut,
      },
    );
    expect(exitCode).toBe(EXIT.partial);
    expect(out).toEqual([join(folder, 'out', '5_0_a-red-dragon.png')]);
    expect(err).toContain('bad.png: This picture is damaged');
  });

  it('asks nothing of the server when a file is missing', async () => {
    const { exitCode, err, asked } = await limner(['remove-bg', join(folder, 'nowhere.png')]);
    expect(exitCode).toBe(EXIT.usage);
    expect(err).toContain('Cannot read');
    expect(asked).toEqual([]);
  });
});

describe('limner models', () => {
  const label = (name: string) => ({ en: name, zh: name });
  const gone = { what: 'node', name: 'BiRefNetRMBG', cure: { en: 'Install the pack.', zh: '请安装扩展。' } };
  const choices = [
    { value: 'person', label: { en: 'Person', zh: '人物' }, engine: 'cutout', missing: [] },
    { value: 'birefnet', label: { en: 'Everything', zh: '通用' }, engine: 'comfy', missing: [gone] },
  ];
  const family = {
    id: 'remove-background',
    label: label('Cut-out'),
    available: true,
    engines: [{ engine: 'cutout', missing: [] }],
    params: [{ key: 'model', type: 'choice', default: 'auto', choices }],
  };

  it('lists the models of every engine with what the missing ones need', async () => {
    const { out } = await limner(['models'], { 'GET /api/families': [family] });
    expect(out).toEqual([
      'remove-background\tperson\tcutout\tPerson\t',
      'remove-background\tbirefnet\tcomfy\tEverything\tInstall the pack.',
    ]);
  });
});

describe('limner tasks show', () => {
  it('names the engine and model as they are stored with the picture', async () => {
    const done = finished(6, 0);
    const labels = {
      engine: { en: 'Cut-out (built in)', zh: '抠图（内置）' },
      family: { en: 'Cut-out', zh: '抠图' },
      model: { en: 'Person', zh: '人物' },
    };
    const provenance = { engine: 'gone', family: 'gone', summary: labels.family, details: {}, labels };
    const output = done.output && { ...done.output, provenance };
    const { out } = await limner(['tasks', 'show', '6'], {
      'GET /api/tasks/6': task(6, { status: 'completed', frames: [{ ...done, output }] }),
    });
    expect(out.join('\n')).toContain('Made by: Cut-out (built in), Cut-out, Person');
  });
});

describe('limner train', () => {
  const run = {
    checkpoints: [],
    id: 7,
    style_name: 'Ink',
    params: { lora_rank: 8, learning_rate: 0.003, steps: 100 },
    steps: 100,
    status: 'completed',
    step: 100,
    resume_step: 100,
  };
  const param = (key: string, type: string) => ({ key, type });
  const trainer = {
    ...{ id: 'comfyui', label: { en: 'ComfyUI', zh: 'ComfyUI' }, available: true, missing: [] },
    params: [param('lora_rank', 'integer'), param('resolution', 'choice'), param('offloading', 'switch')],
  };
  const trainers = { 'GET /api/trainers': [trainer] };
  const trained = task(7, {
    task_kind: 'training',
    status: 'completed',
    progress: 1,
    frames: [finished(7, 0)],
  });

  it('sends a folder with the captions beside its pictures, and says how the style is used', async () => {
    for (const name of ['b.png', 'a.jpg', 'a.txt', 'notes.md'])
      await writeFile(join(folder, name), ' a cat ');
    const { exitCode, out, err, asked } = await limner(
      ['train', folder, '--name', 'Ink', '--steps', '100', '--trigger', 'inky'],
      {
        ...trainers,
        'POST /api/upload': (times: number) => ({ id: `u${times}` }),
        'POST /api/training': run,
        'GET /api/tasks/7': (times: number) =>
          times === 0
            ? // Its samples and files follow the steps.
              { ...trained, status: 'running', progress: 0.388, frames: [frame(0)] }
            : { ...trained, version: 2 },
        'GET /api/training/7': (times: number) =>
          times === 0 ? { ...run, status: 'running', step: 40, phase: 'training' } : run,
      },
    );
    expect(exitCode).toBe(EXIT.ok);
    expect(asked.find(({ route }) => route === 'POST /api/training')?.body).toMatchObject({
      style_name: 'Ink',
      trigger_words: 'inky',
      params: { steps: 100 },
      images: [
        { image: 'u0', caption: 'a cat' },
        { image: 'u1', caption: '' },
      ],
    });
    expect(err).toContain('step 40 of 100');
    expect(out).toEqual(['The style "Ink" is trained. Use it: limner generate "a red dragon" --style "Ink"']);
  });

  it.each([
    ['en', 'waiting for another training'],
    ['zh', '等待另一个训练'],
  ])('says that a training waits for another one (%s)', async (language, sentence) => {
    const waiting = task(7, { task_kind: 'training', status: 'running', waits_behind: 1 });
    const steps = [waiting, { ...trained, version: 3 }];
    const { err } = await limner(['train', 'watch', '7', '--lang', language], {
      'GET /api/tasks/7': (times: number) => steps[Math.min(times, 1)],
      'GET /api/training/7': run,
    });
    expect(err).toContain(sentence);
    await studio?.close();
    const { out } = await limner(['tasks', 'list', '--lang', language], {
      'GET /api/tasks?limit=20': [waiting],
    });
    expect(out[0]).toContain(sentence);
  });

  it.each([
    ['en', 'lane starter-training is paused (limner queue resume starter-training)'],
    ['zh', '队列 starter-training 已暂停（limner queue resume starter-training）'],
  ])('says that the lane of a training is paused (%s)', async (language, sentence) => {
    const steps = [task(7, { task_kind: 'training', status: 'queued' }), { ...trained, version: 3 }];
    const queued = { ...run, status: 'queued', step: 0, paused_lane: 'starter-training' };
    const { err } = await limner(['train', 'watch', '7', '--lang', language], {
      'GET /api/tasks/7': (times: number) => steps[Math.min(times, 1)],
      'GET /api/training/7': (times: number) => (times === 0 ? queued : run),
    });
    expect(err).toContain(sentence);
    await studio?.close();
    const { out } = await limner(['train', 'list', '--lang', language], {
      'GET /api/training': [{ ...queued, created_at: '2026-07-10T10:00:00.000Z', trainer: 'starter' }],
    });
    expect(out[0]?.split('\t')[2]).toBe(sentence);
  });

  it('says the step at which a cancelled training has stopped', async () => {
    const stopped = { ...run, ...{ status: 'cancelled', created_at: '2026-07-10T10:00:00.000Z' } };
    const states = [
      { ...run, status: 'running', phase: 'training', step: 10, version: 1 },
      { ...stopped, step: 10, version: 2 },
      { ...stopped, step: 13, version: 3 },
    ];
    const { out } = await limner(['train', 'cancel', '7'], {
      'POST /api/tasks/7/cancel': task(7, { status: 'cancelled', version: 2 }),
      'GET /api/training/7': (times: number) => states[Math.min(times, 2)],
    });
    expect(out[0]).toContain('step 13 of 100');
  });

  it('says that the LoRA is for another model than the run was to train', async () => {
    const lora_notice = { en: 'For another model.', zh: '适用于另一模型。' };
    const { err } = await limner(['train', 'watch', '7'], {
      'GET /api/tasks/7': trained,
      'GET /api/training/7': { ...run, lora_notice },
    });
    expect(err).toContain('For another model.');
  });

  it('trains from a data set with the parameters of a trainer, each as the trainer describes it', async () => {
    const line =
      'train start --dataset 3 --name Ink --trainer comfyui --param lora_rank=8 --param resolution=256 --param offloading=true';
    const { exitCode, asked } = await limner(line.split(' '), {
      ...trainers,
      'POST /api/training': run,
      'GET /api/tasks/7': trained,
      'GET /api/training/7': run,
    });
    expect(exitCode).toBe(EXIT.ok);
    expect(asked.find(({ route }) => route === 'POST /api/training')?.body).toEqual({
      ...{ style_name: 'Ink', trainer: 'comfyui', dataset: 3 },
      params: { lora_rank: 8, resolution: '256', offloading: true },
    });
  });

  it.each([
    ['other', 'There is no trainer "other". There are: comfyui.'],
    ['comfyui', 'ComfyUI cannot train now:\n  node TrainLoraNode: Update ComfyUI.'],
  ])('refuses the trainer %s before a picture is sent', async (id, sentence) => {
    await writeFile(join(folder, 'a.png'), 'picture');
    const cure = { en: 'Update ComfyUI.', zh: '请更新 ComfyUI。' };
    const missing = [{ what: 'node', name: 'node TrainLoraNode', cure }];
    const { exitCode, err, asked } = await limner(['train', folder, '--name', 'Ink', '--trainer', id], {
      'GET /api/trainers': [{ ...trainer, available: false, missing }],
    });
    expect(exitCode).not.toBe(EXIT.ok);
    expect(err).toContain(sentence);
    expect(asked.map(({ route }) => route)).not.toContain('POST /api/upload');
  });

  it('takes a folder or a data set, and not both', async () => {
    for (const args of [[], [folder, '--dataset', '3']])
      expect((await limner(['train', 'start', ...args, '--name', 'Ink'], {})).exitCode).toBe(EXIT.usage);
  });

  it('goes on with a run and follows it', async () => {
    const { exitCode, out, asked } = await limner(['train', 'resume', '7'], {
      'POST /api/tasks/7/retry': trained,
      'GET /api/tasks/7': trained,
      'GET /api/training/7': run,
    });
    expect(exitCode).toBe(EXIT.ok);
    expect(asked.map(({ route }) => route)).toContain('POST /api/tasks/7/retry');
    expect(out.join()).toContain('The style "Ink" is trained');
  });

  it('says that a run has no log', async () => {
    const { exitCode, err } = await limner(['train', 'log', '7'], {
      'GET /api/training/7': { ...run, log_url: null },
    });
    expect(exitCode).toBe(EXIT.failed);
    expect(err).toContain('There is no log');
  });

  const uploadOf = (name: string, side: number, sha256: string) => ({
    id: name,
    url: `/uploads/${name}.png`,
    name,
    media_type: 'image/png',
    width: side,
    height: side,
    size_bytes: 1,
    sha256,
    created_at: new Date(0).toISOString(),
  });

  it('reads captions in every encoding, and says how many there are and what the pictures are worth', async () => {
    const gbk = Buffer.from('baecc9abb5c4d4b2', 'hex');
    const files: [string, Buffer | string][] = [
      ['a.png', 'picture'],
      ['a.txt', gbk],
      ['b.png', 'picture'],
      ['b.caption', Buffer.from('\ufeff蓝色的方块', 'utf16le')],
      ['c.png', 'picture'],
      ['d.txt', 'of no picture'],
    ];
    for (const [name, content] of files) await writeFile(join(folder, name), content);
    const { exitCode, err, asked } = await limner(['train', folder, '--name', 'Ink'], {
      ...trainers,
      'POST /api/upload': (times: number) => uploadOf(`u${times}`, times === 2 ? 16 : 512, 'same'),
      'POST /api/training': run,
      'GET /api/tasks/7': trained,
      'GET /api/training/7': run,
    });
    expect(exitCode).toBe(EXIT.ok);
    expect(asked.find(({ route }) => route === 'POST /api/training')?.body).toMatchObject({
      images: [{ caption: '红色的圆' }, { caption: '蓝色的方块' }, { caption: '' }],
    });
    expect(err).toContain('Captions: 2 of 3 pictures');
    expect(err).toContain('Caption files without a picture: d.txt');
    expect(err).toContain('The same picture 3 times: a.png, b.png, c.png.');
    expect(err).toContain('Smaller than 64 pixels, so little of the style can be seen: c.png.');
  });

  it('refuses a caption that is no text by its file, before anything is sent', async () => {
    await writeFile(join(folder, 'a.png'), 'picture');
    await writeFile(join(folder, 'a.txt'), Buffer.from('caf\xe9', 'latin1'));
    const { exitCode, err, asked } = await limner(['train', folder, '--name', 'Ink'], {});
    expect(exitCode).toBe(EXIT.usage);
    expect(err).toContain(`${join(folder, 'a.txt')} cannot be read as text. Save it as UTF-8.`);
    expect(asked).toEqual([]);
  });

  it('names the picture that cannot be read', async () => {
    await writeFile(join(folder, 'a.png'), 'no picture');
    const { exitCode, err, asked } = await limner(['train', folder, '--name', 'Ink'], {
      ...trainers,
      'POST /api/upload': new StudioError('file_broken', { field: 'file' }),
    });
    expect(exitCode).toBe(EXIT.failed);
    expect(err).toContain(`${join(folder, 'a.png')}: This picture is damaged`);
    expect(asked.some(({ route }) => route === 'POST /api/training')).toBe(false);
  });

  it('says how to go on when it was stopped', async () => {
    await writeFile(join(folder, 'a.png'), 'picture');
    const { exitCode, err } = await limner(['train', folder, '--name', 'Ink'], {
      ...trainers,
      'POST /api/upload': { id: 'u1' },
      'POST /api/training': run,
      'GET /api/tasks/7': task(7, { status: 'cancelled', frames: [frame(0)] }),
      'GET /api/training/7': { ...run, status: 'cancelled', step: 40, resume_step: 25 },
    });
    expect(exitCode).toBe(EXIT.failed);
    expect(err).toContain('Resume from step 25: limner train resume 7');
  });

  it('asks nothing of the server for a folder without pictures', async () => {
    const { exitCode, err, asked } = await limner(['train', folder, '--name', 'Ink']);
    expect(exitCode).toBe(EXIT.usage);
    expect(err).toContain('There are no pictures in');
    expect(asked).toEqual([]);
  });
});

describe('limner tasks', () => {
  it('lists with filters, newest first as the server has them', async () => {
    const { out } = await limner(['tasks', 'list', '--status', 'partial', '--text', 'red'], {
      'GET /api/tasks?limit=20&status=partial&text=red': [task(9, { status: 'partial', progress: 0.5 })],
    });
    expect(out[0]?.split('\t').filter((_, index) => index !== 1)).toEqual([
      '9',
      'generation',
      'partly completed',
      '50 %',
      'a red dragon',
    ]);
  });

  it('shows a task with its frames', async () => {
    const { out } = await limner(['tasks', 'show', '12'], { 'GET /api/tasks/12': twoPictures });
    expect(out.join('\n')).toMatch(/generation 12[\s\S]*a red dragon[\s\S]*\/outputs\/12_1\.png/);
  });

  it.each([
    ['en', 'Cleaned up (unless starred): '],
    ['zh', '清理时间（加星标可保留）: '],
  ])('says in %s when a task is cleaned up, and nothing where it is kept', async (language, words) => {
    const expiring = task(9, { status: 'completed', expires_at: '2026-05-11T10:00:00.000Z' });
    const answers = {
      'GET /api/tasks/9': expiring,
      'GET /api/tasks/8': task(8, { status: 'completed' }),
      'GET /api/tasks?limit=20': [expiring, task(8, { status: 'completed' })],
    };
    const shown = await limner(['--lang', language, 'tasks', 'show', '9'], answers);
    expect(shown.out.join('\n')).toMatch(`${words}2026-05-11 `);
    await studio?.close();
    const kept = await limner(['--lang', language, 'tasks', 'show', '8'], answers);
    expect(kept.out.join('\n')).not.toContain(words);
    await studio?.close();
    const { out } = await limner(['--lang', language, 'tasks', 'list'], answers);
    expect(out.map((line) => line.split('\t').slice(6).join())).toEqual([
      expect.stringContaining(`${words}2026-05-11 `),
      '',
    ]);
  });

  it('says that a task waits on its server, and behind how many prompts', async () => {
    const frames = [frame(0, { status: 'running', waits_behind: 2 }), frame(1)];
    const waiting = task(12, { status: 'running', waits_behind: 2, frames });
    const shown = await limner(['tasks', 'show', '12'], { 'GET /api/tasks/12': waiting });
    expect(shown.out[2]).toBe('  Status: waits on the server behind 2 prompts (0 %)');
    expect(shown.out.at(-2)).toMatch(/^ {2}0 {2}waits on the server behind 2 prompts {2}/);
    await studio?.close();
    const listed = await limner(['tasks', 'list', '--lang', 'zh'], { 'GET /api/tasks?limit=20': [waiting] });
    expect(listed.out[0]?.split('\t')[3]).toBe('在服务器上排在 2 个任务之后');
    await studio?.close();
    const steps = [waiting, { ...twoPictures, version: 3 }];
    const { err } = await limner(['generate', 'a red dragon', '-o', folder], {
      'POST /api/generate': waiting,
      'GET /api/tasks/12': (times: number) => steps[Math.min(times, 1)],
    });
    expect(err).toContain('waits on the server behind 2 prompts');
  });

  it('lists the queue: what runs, what waits on a server, and times that read right', async () => {
    const running = (id: number, waits_behind: number | null, ends_within: object) => ({
      task: id,
      started_at: null,
      frames: [{ index: 0, progress: 0, started_at: null, server: 'Attic', waits_behind }],
      ends_within,
    });
    const lane = {
      id: 'comfy',
      engine: { en: 'ComfyUI', zh: 'ComfyUI' },
      kinds: ['generation'],
      available: true,
      paused_at: null,
      at_once: 3,
      running: [
        running(1, null, { low: 0.2, high: 0.6 }),
        running(2, 1, { low: 5, high: 5.2 }),
        running(3, 0, { low: 4, high: 9 }),
      ],
      waiting: [],
      free_within: null,
    };
    const told = async (lang: string) => {
      const { out } = await limner(['queue', 'list', '--lang', lang], { 'GET /api/lanes': [lane] });
      await studio?.close();
      return out.slice(1).map((line) => line.split('\t').filter((_, at) => at === 1 || at === 4));
    };
    expect(await told('en')).toEqual([
      ['running', 'less than a second left'],
      ['waits on the server behind 1 prompt', '5 s left'],
      ['waits for a server', '4–9 s left'],
    ]);
    expect(await told('zh')).toEqual([
      ['正在运行', '还需不到 1 秒'],
      ['在服务器上排在 1 个任务之后', '还需 5 秒'],
      ['等待服务器', '还需 4–9 秒'],
    ]);
  });

  it('cancels one frame and retries a task', async () => {
    const cancelled = await limner(['tasks', 'cancel', '12', '--frame', '1'], {
      'POST /api/tasks/12/frames/1/cancel': task(12, { status: 'running' }),
    });
    expect(cancelled.out).toEqual(['Task 12 is running now.']);
    await studio?.close();
    const retried = await limner(['tasks', 'retry', '12'], { 'POST /api/tasks/12/retry': task(12) });
    expect(retried.out).toEqual(['Task 12 is queued now.']);
  });
});

describe('what goes wrong', () => {
  it('is in the language of the shell', async () => {
    const { exitCode, err, asked } = await limner(
      ['tasks', 'show', '99'],
      { 'GET /api/tasks/99': new StudioError('task_not_found', { data: { id: 99 } }) },
      { LC_ALL: 'zh_CN.UTF-8' },
    );
    expect(exitCode).toBe(EXIT.failed);
    expect(err).toBe('任务 99 不存在。\n');
    expect(asked.at(-1)?.language).toBe('zh');
  });

  it('is in the language of --lang', async () => {
    const { err } = await limner(['paint', '--lang', 'zh']);
    expect(err).toContain('没有命令「paint」');
  });

  it.each([
    [['generate'], 'Missing: <prompt>'],
    [['generate', 'a', 'red', 'dragon'], 'Put the description in quotes'],
    [['generate', 'a', '-n', '33'], '--count is a whole number from 1 to 32.'],
    [['generate', 'a', '--seed', '-1'], '--seed is a whole number'],
    [['generate', 'a', '--seed', '1.5'], '--seed is a whole number'],
    [['generate', 'a', '--seed', '18446744073709551616'], '--seed is a whole number'],
    [['generate', 'a', '--size', '512'], '--size is width x height'],
    [['generate', 'a', '--denoise', '0.5'], '--denoise needs --image'],
    [['generate', 'a', '--pixel-grid', '20'], '--pixel-grid is one of: 16, 24, 32, 48, 64'],
    [['generate', 'a', '--library', 'crayon'], '--library is one of: auto, mixed'],
    [['generate', 'a', '--colour', 'red'], 'There is no option --colour'],
    [['tasks', 'list', '--lang', 'fr'], '--lang is one of: en, zh'],
    [['generate', 'a dragon', '-o', import.meta.filename], 'Cannot write pictures to'],
    [['remove-bg', import.meta.filename, '-o', import.meta.filename], 'Cannot write pictures to'],
    [['tasks'], 'limner tasks'],
    [['workflows', 'add', 'a.json'], 'There is no command "workflows add".'],
    [['models', 'params'], 'There is no command "models params".'],
    [['models', 'list', 'a', 'b'], 'Too many arguments for "list".'],
    [['train', 'pictures'], 'Missing: --name <name>.'],
    [['tasks', 'list', '--status', 'done'], '--status is one of: queued, running'],
    [['tasks', 'list', '--server', 'ftp://here'], 'is not an address'],
  ])('%j is wrong usage', async (argv, sentence) => {
    const { exitCode, err, asked } = await limner(argv);
    expect(err).toContain(sentence);
    expect(exitCode).toBe(EXIT.usage);
    expect(asked).toEqual([]);
  });

  it('a server that was named and does not answer is said, and none is started', async () => {
    const { exitCode, err } = await limner(['tasks', 'list', '--server', 'http://127.0.0.1:9']);
    expect(exitCode).toBe(EXIT.failed);
    expect(err).toContain('No Limner answers at http://127.0.0.1:9.');
  });
});

it('help is in one language altogether', async () => {
  for (const command of [[], ['generate'], ['tasks'], ['tasks', 'list']]) {
    const { out } = await limner([...command, '--help', '--lang', 'zh']);
    expect(out.join('\n')).not.toMatch(/Usage|Options|Arguments|Commands|\[options]|default|display/);
    await studio?.close();
  }
});

it('help names the exit codes and asks nothing of anyone', async () => {
  const { exitCode, out, asked } = await limner(['--help']);
  expect(exitCode).toBe(EXIT.ok);
  expect(out.join('\n')).toContain('3 only some pictures were made');
  expect(asked).toEqual([]);
});

describe('PORT', () => {
  const answers = { 'GET /api/tasks/12': twoPictures };
  const onPort = (PORT: string, more: string[] = []) =>
    limner(['tasks', 'show', '12', ...more], answers, {
      LIMNER_URL: undefined,
      LIMNER_DATA_DIR: folder,
      PORT,
    });

  it.each(['abc', '90 00', '9000.5', '65536', '-1', '0x2328'])(
    '%j is refused, not replaced',
    async (port) => {
      const { exitCode, err } = await onPort(port);
      expect(exitCode).toBe(EXIT.usage);
      expect(err).toBe(`PORT is "${port}": it must be a whole number from 0 to 65535.\n`);
    },
  );

  it('is refused in Chinese as well', async () => {
    const { err } = await onPort('abc', ['--lang', 'zh']);
    expect(err).toBe('PORT 为“abc”：必须是 0 到 65535 之间的整数。\n');
  });

  it('of a server that runs is its address', async () => {
    const other = await testStudio(answers);
    const { exitCode } = await onPort(` ${new URL(other.url).port} `);
    expect(exitCode).toBe(EXIT.ok);
    expect(other.received.map(({ route }) => route)).toContain('GET /health');
    await other.close();
  });

  it('0 is no address: the data folder has it', async () => {
    const other = await testStudio(answers);
    await writeFile(join(folder, 'server.json'), JSON.stringify({ url: other.url }));
    expect((await onPort('0')).exitCode).toBe(EXIT.ok);
    expect(other.received.length).toBeGreaterThan(0);
    await other.close();
  });
});
