/** The tools of `/mcp` with the official clients of every revision. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type Family, StudioError } from '@limner/contract';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { FAMILIES, OpenAiEngine, pictureOf } from '../compat/openai-engine.ts';
import { addFile, png } from '../dataset-client.ts';
import { untilAborted } from '../scripted-engine.ts';
import { gate, ScriptedTrainer } from '../scripted-trainer.ts';
import { startStudio, type TestStudio } from '../start-studio.ts';
import { CLIENTS, type ClientName, type McpClient, mcpClient, type Result } from './mcp-clients.ts';

const [painting] = FAMILIES as [Family];
const enlarging: Family = {
  ...painting,
  id: 'enlarging',
  kind: 'upscale',
  types: [],
  size: null,
  params: [],
};

const filming: Family = {
  ...painting,
  id: 'filming',
  kind: 'video',
  types: [],
  params: [],
  video: {
    types: ['text_to_video', 'image_to_video'],
    frames: { default: 9, min: 1, max: 81, step: 4 },
    fps: { default: 8, min: 8, max: 8 },
    sound: false,
  },
};

let studio: TestStudio;
let engine: OpenAiEngine;
let client: McpClient;
let trainerWaits: ReturnType<typeof gate>;
let release: () => void;

beforeEach(async () => {
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  engine = new OpenAiEngine(
    async (frame, { signal }) => {
      if (frame.prompt === 'never') return untilAborted(signal);
      if (frame.prompt === 'slow') await released;
      if (frame.prompt === 'broken')
        throw new StudioError('nothing_recognised', { data: { words: ['brush'] } });
      return pictureOf(frame);
    },
    { families: [...FAMILIES, enlarging, filming], tries: 1 },
  );
  const trainer = new ScriptedTrainer();
  trainerWaits = gate(trainer, 3);
  studio = await startStudio({ engines: [engine], trainers: [trainer] });
});
afterEach(async () => {
  await client?.close();
  await studio.close();
});

const open = async (name: ClientName, confirms?: boolean) => {
  client = await mcpClient(name, studio.url, confirms === undefined ? {} : { confirms });
};
const textOf = ({ content }: Result): string => content[0]?.text ?? '';
const kinds = ({ content }: Result) => content.map(({ type }) => type);

async function sizeOf({ content }: Result) {
  const image = content.find(({ type }) => type === 'image');
  const { width, height } = await sharp(Buffer.from(image?.data ?? '', 'base64')).metadata();
  return { width, height, type: image?.mimeType };
}

describe.each(CLIENTS)('a client of %s', (name) => {
  beforeEach(() => open(name));

  it('makes pictures: a sentence, facts, an image and a link for each', async () => {
    const made = await client.call('generate_image', { prompt: 'a red dragon', count: 2, seed: 7 });
    expect(made.isError ?? false).toBe(false);
    expect(kinds(made)).toEqual(['text', 'text', 'image', 'resource_link', 'image', 'resource_link']);
    expect(textOf(made)).toBe('Task 1 is completed: 2 of 2 pictures.');
    expect(made.structuredContent).toMatchObject({
      task_id: 1,
      status: 'completed',
      pictures: [
        { id: '1_0', seed: 7, width: 64, url: `${studio.url}/outputs/1_0.png` },
        { id: '1_1', seed: 8 },
      ],
    });
    expect(JSON.parse(made.content[1]?.text ?? '')).toEqual(made.structuredContent);
    expect(await sizeOf(made)).toEqual({ width: 64, height: 64, type: 'image/png' });
    const link = made.content.find(({ type }) => type === 'resource_link')?.uri ?? '';
    expect((await sharp(await (await fetch(link)).arrayBuffer()).metadata()).format).toBe('png');
  });

  it('returns an unfinished task when the time is over, and get_task finishes it', async () => {
    const left = await client.call('generate_image', { prompt: 'slow', wait_seconds: 0 });
    expect(left.structuredContent).toMatchObject({ task_id: 1, pictures: [] });
    expect(left.structuredContent).toHaveProperty('eta_seconds');
    expect(textOf(left)).toContain('Call get_task with id 1');
    release();
    const made = await client.call('get_task', { id: 1 });
    expect(made.structuredContent).toMatchObject({ status: 'completed', pictures: [{ id: '1_0' }] });
  });

  it('reports progress while it waits', async () => {
    const seen: number[] = [];
    const made = await client.call(
      'generate_image',
      { prompt: 'slow' },
      {
        onprogress: ({ progress }) => {
          seen.push(progress);
          if (seen.length === 3) release();
        },
      },
    );
    expect(made.structuredContent.status).toBe('completed');
    expect(seen.length).toBeGreaterThanOrEqual(3);
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
  });

  it('trains a style from pictures with captions, and says what a training without any lacks', async () => {
    const file = new Blob([new Uint8Array(await png(1))], { type: 'image/png' });
    const { id: upload } = await studio.client.call('upload', { file, fileName: 'dog.png' });
    const data = `data:image/png;base64,${(await png(2)).toString('base64')}`;
    const images = [{ image: upload, caption: 'a dog' }, { image: data }];
    expect((await client.call('train_style', { name: 'Ink' })).isError).toBe(true);
    const begun = await client.call('train_style', { name: 'Ink', images });
    const { task_id } = begun.structuredContent as { task_id: number };
    const run = await studio.client.call('getTraining', { params: { id: task_id } });
    expect(run).toMatchObject({ captioned: 1, images: [{ id: upload, caption: 'a dog' }, {}] });
    await client.call('cancel_task', { id: task_id });
  });

  it('trains a style from a data set, tells its steps and stops it', async () => {
    const set = await studio.client.call('createDataset', { body: { name: 'dogs' } });
    for (const seed of [1, 2]) await addFile(studio.client, set.id, await png(seed), `${seed}.png`);
    const unknown = await client.call('train_style', { name: 'Ink', dataset: 'cats' });
    expect(textOf(unknown)).toContain('There is no data set "cats". Data sets: "dogs".');
    const begun = await client.call('train_style', { name: 'Ink', dataset: 'Dogs', params: { steps: 6 } });
    expect(begun.structuredContent.training).toMatchObject({
      style: 'Ink',
      steps: 6,
      trainer: 'scripted-lora',
    });
    await trainerWaits.arrived;
    const seen = await client.call('get_task', { id: 1, wait_seconds: 0 });
    expect(seen.structuredContent).toMatchObject({ status: 'running', pictures: [] });
    expect(textOf(seen)).toMatch(/The training of "Ink" \(task 1\) is running: step \d of 6\. Call get_task/);
    const stopped = await client.call('cancel_task', { id: 1 });
    expect(stopped.structuredContent.status).toBe('cancelled');
    trainerWaits.open();
  });

  it('cancels a task', async () => {
    await client.call('generate_image', { prompt: 'never', wait_seconds: 0 });
    const cancelled = await client.call('cancel_task', { id: 1 });
    expect(cancelled.structuredContent.status).toBe('cancelled');
    expect((await studio.ended(1)).status).toBe('cancelled');
  });

  it('answers bad arguments with a sentence that a model can follow', async () => {
    const cases: [string, Record<string, unknown>, string][] = [
      ['generate_image', {}, 'prompt'],
      ['generate_image', { prompt: 'a key', sise: 4 }, 'sise'],
      ['generate_image', { prompt: 'a key', style: 'nothing' }, 'There is no style "nothing"'],
      ['generate_image', { prompt: 'a key', family: 'nothing' }, 'nothing'],
      ['edit_image', { images: [], prompt: 'a key' }, 'images'],
      ['edit_image', { images: ['/etc/hostname'], prompt: 'a key' }, 'cannot read files of your machine'],
      ['remove_background', { image: 'data:image/png,abc' }, 'must be base64'],
      ['upscale_image', { image: '99_0' }, 'There is no picture "99_0"'],
      ['make_video', { prompt: 'a flag', start_image: '99_0' }, 'There is no picture "99_0"'],
      ['get_task', { id: 99 }, 'There is no task 99'],
      ['get_task', { id: 1, wait_seconds: 301 }, 'wait_seconds'],
      ['get_picture', { id: '99_0' }, 'There is no picture "99_0"'],
      ['get_picture', { id: '../../x' }, 'There is no picture'],
      ['star_picture', { id: '99_0' }, 'There is no picture "99_0"'],
      ['delete_picture', { id: 'all', confirm: true }, 'id'],
      ['search_pictures', { from: 'yesterday' }, 'from'],
    ];
    for (const [tool, args, part] of cases) {
      const refused = await client.call(tool, args);
      expect([tool, args, refused.isError]).toEqual([tool, args, true]);
      expect(textOf(refused)).toContain(part);
    }
    expect(engine.runs).toEqual([]);
  });
});

describe('the tools', () => {
  beforeEach(() => open('2026'));

  const paint = async (prompt = 'a red dragon', more = {}) =>
    (await client.call('generate_image', { prompt, ...more })).structuredContent;

  it('edit, cut out and enlarge a picture named by id, by address and as data', async () => {
    await paint();
    const edited = await client.call('edit_image', { images: ['1_0'], prompt: 'make it blue' });
    expect(edited.structuredContent).toMatchObject({ status: 'completed', family: 'editing' });
    const cut = await client.call('remove_background', { image: `${studio.url}/outputs/1_0.png` });
    expect(cut.structuredContent.pictures).toHaveLength(1);
    const png = (
      await sharp({ create: { width: 40, height: 40, channels: 3, background: 'red' } })
        .png()
        .toBuffer()
    ).toString('base64');
    const large = await client.call('upscale_image', { image: `data:image/png;base64,${png}`, factor: 2 });
    expect(large.structuredContent.status).toBe('completed');
    const film = { prompt: 'a flag', start_image: '1_0', seconds: 1, keep_frames: true };
    const video = await client.call('make_video', film);
    expect(video.structuredContent.family).toBe('filming');
    const { recipe } = await studio.ended(5);
    const asked = { frames: 9, fps: 8, keep_frames: true };
    expect(recipe).toMatchObject({ kind: 'video', input_image: '1_0', video: asked });
    const masked = await client.call('edit_image', { images: ['1_0'], mask: '1_0', prompt: 'a hat' });
    expect(masked.structuredContent.family).toBe('painting');
    expect((await studio.ended(6)).type).toBe('inpaint');
  });

  it('paint over the first image where no model for edits is ready, and say so', async () => {
    await client.close();
    await studio.close();
    studio = await startStudio({ engines: [new OpenAiEngine(undefined, { families: [painting] })] });
    await open('2026');
    await paint();
    const edited = await client.call('edit_image', { images: ['1_0'], prompt: 'make it blue' });
    expect(edited.structuredContent).toMatchObject({ status: 'completed', family: 'painting' });
    expect(edited.structuredContent.note).toContain('No model for edits is ready');
  });

  it('tell the reason of a failure once', async () => {
    const failed = await client.call('generate_image', { prompt: 'broken', count: 3 });
    expect(failed.isError).toBe(true);
    expect(failed.structuredContent.failures).toEqual([{ reason: expect.any(String), frames: [0, 1, 2] }]);
  });

  it('find, show, star and delete pictures', async () => {
    await paint('a red dragon', { count: 2 });
    await paint('a silver key');
    const found = await client.call('search_pictures', { text: 'dragon' });
    expect(found.structuredContent.pictures.map(({ id }) => id)).toEqual(['1_0', '1_1']);
    expect(kinds(found)).toEqual(['text', 'text']);
    expect((await client.call('star_picture', { id: '1_1' })).structuredContent.starred).toBe(true);
    const starred = await client.call('search_pictures', { starred: true });
    expect(starred.structuredContent.pictures.map(({ id }) => id)).toEqual(['1_1']);
    const shown = await client.call('get_picture', { id: '1_1' });
    expect(shown.structuredContent).toMatchObject({
      prompt: 'a red dragon',
      starred: true,
      family: 'painting',
    });
    expect(kinds(shown)).toEqual(['text', 'text', 'image', 'resource_link']);

    const page = await client.call('search_pictures', { limit: 1 });
    expect(page.structuredContent.pictures.map(({ id }) => id)).toEqual(['2_0']);
    const next = await client.call('search_pictures', { before: page.structuredContent.next_before });
    expect(next.structuredContent.pictures.map(({ id }) => id)).toEqual(['1_0', '1_1']);

    const asked = await client.call('delete_picture', { id: '2_0' });
    expect([asked.isError, textOf(asked)]).toEqual([true, expect.stringContaining('confirm: true')]);
    expect((await client.call('get_picture', { id: '2_0' })).isError ?? false).toBe(false);
    await client.call('delete_picture', { id: '2_0', confirm: true });
    expect((await client.call('get_picture', { id: '2_0' })).isError).toBe(true);
    expect((await studio.client.call('listBin', {})).items).toHaveLength(1);
  });

  it.each([true, false])(
    'ask the user before a deletion where the client can; the answer is %s',
    async (yes) => {
      await client.close();
      await open('2026', yes);
      await paint();
      const answered = await client.call('delete_picture', { id: '1_0' });
      expect(answered.structuredContent).toEqual({ id: '1_0', deleted: yes });
      expect((await client.call('get_picture', { id: '1_0' })).isError ?? false).toBe(yes);
    },
  );

  it('list families, styles and the state of the studio', async () => {
    const { families } = (await client.call('list_families', {})).structuredContent;
    expect(families).toContainEqual(
      expect.objectContaining({ id: 'painting', width: 64, min: 32, max: 1024 }),
    );
    await studio.client.call('createStyle', { body: { name: 'Ink', trigger_words: 'ink' } });
    const { styles } = (await client.call('list_styles', {})).structuredContent;
    expect(styles).toContainEqual(expect.objectContaining({ name: 'Ink', type: 'ui' }));
    const listed = async (text: string) =>
      (await client.call('list_styles', { text })).structuredContent.styles;
    expect(await listed('iN')).toContainEqual(expect.objectContaining({ name: 'Ink' }));
    expect(await listed('base')).toEqual([expect.objectContaining({ name: 'Base style' })]);
    expect(await listed('no such')).toEqual([]);
    await paint('a key', { style: 'ink' });
    expect(engine.runs[0]?.request.style?.name).toBe('Ink');
    const status = (await client.call('studio_status', {})).structuredContent;
    expect(status).toMatchObject({ status: 'ok', tasks: { queued: 0, running: 0 } });
  });

  it('say what they do to the studio', async () => {
    const hints = new Map((await client.tools()).map(({ name, annotations }) => [name, annotations]));
    expect([...hints.keys()]).toHaveLength(16);
    for (const name of ['get_task', 'search_pictures', 'get_picture', 'list_families', 'studio_status'])
      expect([name, hints.get(name)?.readOnlyHint]).toEqual([name, true]);
    expect(hints.get('delete_picture')).toMatchObject({ readOnlyHint: false, destructiveHint: true });
    expect(hints.get('generate_image')).toMatchObject({ readOnlyHint: false, destructiveHint: false });
    expect(client.instructions()).toContain('get_task');
  });
});

describe('pictures in results', () => {
  beforeEach(async () => {
    engine = new OpenAiEngine(async () => {
      // Noise, which no format makes small.
      const noise = {
        width: 2048,
        height: 2048,
        channels: 3 as const,
        noise: { type: 'gaussian' as const, mean: 128, sigma: 60 },
      };
      return sharp({ create: { ...noise, background: 'black' } })
        .png({ compressionLevel: 1 })
        .toBuffer();
    });
    await studio.close();
    studio = await startStudio({ engines: [engine] });
    await open('2026');
  });

  it.each(['preview', 'full'])('stay below 1 MB with four of 2048 × 2048; return: %s', async (shown) => {
    const made = await client.call('generate_image', { prompt: 'noise', count: 4, return: shown });
    expect(kinds(made).filter((kind) => kind === 'image')).toHaveLength(4);
    expect(JSON.stringify(made).length).toBeLessThan(1_000_000);
    const { width, height } = await sizeOf(made);
    expect(Math.max(width, height)).toBeLessThanOrEqual(1024);
  });

  it('are left out on request', async () => {
    const made = await client.call('generate_image', { prompt: 'noise', return: 'none' });
    expect(kinds(made)).toEqual(['text', 'text', 'resource_link']);
  });
});

describe('a client that goes', () => {
  it.each(CLIENTS)('cancels its task by an abort, as a client of %s', async (name) => {
    await open(name);
    const abort = new AbortController();
    const waiting = client.call('generate_image', { prompt: 'never' }, { signal: abort.signal });
    await expect.poll(() => engine.runs.length).toBe(1);
    abort.abort();
    await expect(waiting).rejects.toThrow();
    expect((await studio.ended(1)).status).toBe('cancelled');
  });

  it('leaves the task running if it only waited for it', async () => {
    await open('2026');
    await client.call('generate_image', { prompt: 'slow', wait_seconds: 0 });
    const abort = new AbortController();
    const waiting = client.call('get_task', { id: 1 }, { signal: abort.signal });
    await expect.poll(() => engine.runs.length).toBe(1);
    abort.abort();
    await expect(waiting).rejects.toThrow();
    release();
    expect((await studio.ended(1)).status).toBe('completed');
  });

  it('leaves its task running when it closes a connection of an earlier revision', async () => {
    await open('2025');
    const waiting = client.call('generate_image', { prompt: 'slow' }).catch(() => 'gone');
    await expect.poll(() => engine.runs.length).toBe(1);
    await client.close();
    expect(await waiting).toBe('gone');
    release();
    expect((await studio.ended(1)).status).toBe('completed');
  });
});

it.each(['2026', '2025'] as const)(
  'a stop of Limner cancels nothing that a client of %s waits for',
  async (name) => {
    const dataDir = await mkdtemp(path.join(os.tmpdir(), 'limner-mcp-'));
    onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
    await studio.close();
    studio = await startStudio({ engines: [engine], dataDir });
    await open(name);
    const waiting = client.call('generate_image', { prompt: 'slow' }).catch(() => 'gone');
    await expect.poll(() => engine.runs.length).toBe(1);
    await studio.close();
    expect(await waiting).toMatchObject({ structuredContent: { task_id: 1, pictures: [] } });
    release();
    studio = await startStudio({ engines: [engine], dataDir });
    expect((await studio.ended(1)).status).toBe('completed');
  },
);
