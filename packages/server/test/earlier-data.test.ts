/**
 * A data folder as the version before outputs had rows of their own left it, killed in the middle of a batch and of a
 * training: `fixtures/earlier-data.tar.gz` holds the folder and the answers its server gave shortly before.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type {
  Preset,
  RemoveBgTask,
  Seed,
  Style,
  Task,
  Training,
  TrainingRequest,
  Upload,
  Workflow,
} from '@limner/contract';
import { isFinal, readRecipe } from '@limner/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textOf } from '../src/images/png-text.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

interface Answers {
  tasks: Task[];
  cutouts: RemoveBgTask[];
  trainings: Training[];
  styles: Style[];
  presets: Preset[];
  workflows: Workflow[];
  uploads: Upload[];
}

const FIXTURE = path.join(import.meta.dirname, 'fixtures', 'earlier-data.tar.gz');
/** A training of 25 steps and six pictures, on a machine that does much else. */
const LONG_MS = 400_000;

let folder: string;
let before: Answers;
let studio: TestStudio;
/** Files of the folder as they were, by the address they had. */
const files = new Map<string, Buffer>();

const start = () =>
  startStudio({
    dataDir: path.join(folder, 'data'),
    environ: { TASK_CLEANUP_DAYS: '0', RATE_LIMIT_PER_MINUTE: '1000000' },
  });

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'limner-earlier-'));
  await promisify(execFile)('tar', ['-xzf', FIXTURE, '-C', folder]);
  before = JSON.parse(await readFile(path.join(folder, 'answers.json'), 'utf8'));
  for (const kind of ['outputs', 'uploads'])
    for (const name of await readdir(path.join(folder, 'data', kind)))
      files.set(`/${kind}/${name}`, await readFile(path.join(folder, 'data', kind, name)));
  studio = await start();
}, LONG_MS);

afterAll(async () => {
  await studio?.close();
  await rm(folder, { recursive: true, force: true });
});

const bytesAt = async (address: string): Promise<Buffer> => {
  const response = await fetch(studio.url + address);
  expect([address, response.status]).toEqual([address, 200]);
  return Buffer.from(await response.arrayBuffer());
};
const ended = () => before.tasks.filter(({ status }) => isFinal(status));
const getTask = (id: number) => studio.client.call('getTask', { params: { id } });
const seedsOf = (frames: { seed: Seed }[]) => frames.map(({ seed }) => seed);
const onlyTask = (kind: Task['task_kind'], prompt: string): Task => {
  const found = before.tasks.find((task) => task.task_kind === kind && task.prompt === prompt);
  if (!found) throw new Error(`no ${kind} task "${prompt}" in the fixture`);
  return found;
};

describe('a data folder of an earlier version', () => {
  it('keeps every task that had ended as it was', async () => {
    expect(new Set(ended().map(({ status }) => status))).toEqual(
      new Set(['completed', 'failed', 'cancelled']),
    );
    for (const { version: _, ...task } of ended()) expect(await getTask(task.id)).toMatchObject(task);
    for (const cutout of before.cutouts)
      expect(await studio.client.call('getRemoveBg', { params: { id: cutout.id } })).toMatchObject(cutout);
  });

  it('serves every picture byte for byte at the addresses it had', async () => {
    const pictures = ended().flatMap(({ frames }) => frames.flatMap(({ output }) => output ?? []));
    expect(pictures.length).toBeGreaterThan(15);
    expect(pictures.some(({ url }) => url.startsWith('/outputs/rmbg_'))).toBe(true);
    for (const { id, url } of pictures) {
      const bytes = files.get(url);
      expect(bytes?.length).toBeGreaterThan(0);
      for (const address of [url, `/outputs/${id}.png`, `${url}?v=1`])
        expect((await bytesAt(address)).equals(bytes as Buffer)).toBe(true);
      expect((await bytesAt(`${url}?w=256`)).toString('latin1', 8, 12)).toBe('WEBP');
    }
    for (const { url } of before.uploads)
      expect((await bytesAt(url)).equals(files.get(url) as Buffer)).toBe(true);
  });

  it('lists one output per finished frame, with its star', async () => {
    for (const { id, frames } of ended()) {
      const now = await getTask(id);
      for (const [index, { output }] of frames.entries())
        expect(now.frames[index]?.outputs).toMatchObject(
          output ? [{ ...output, place: 0, role: 'main' }] : [],
        );
    }
    const starred = ended().filter(({ stars }) => stars > 0);
    expect(starred.length).toBeGreaterThan(2);
    const found = await studio.client.call('listTasks', { query: { starred: 'true' } as never });
    expect(found.map(({ id }) => id).sort()).toEqual(starred.map(({ id }) => id).sort());
  });

  it('keeps styles, presets and workflows', async () => {
    expect(await studio.client.call('listStyles', {})).toMatchObject(before.styles);
    expect(await studio.client.call('listPresets', {})).toMatchObject(before.presets);
    const { workflows, refused } = await studio.client.call('listWorkflows', {});
    expect(before.workflows).toHaveLength(1);
    expect(workflows.filter(({ is_example }) => !is_example)).toMatchObject(before.workflows);
    expect(refused).toEqual([]);
  });

  it('reads the recipe of every task and of every picture', async () => {
    for (const { id, prompt, family, frames, task_kind } of ended()) {
      if (task_kind === 'training') continue;
      expect((await getTask(id)).recipe).toMatchObject({ prompt, family, kind: task_kind });
      for (const { output, seed } of frames) {
        if (!output) continue;
        const text = textOf(files.get(output.url) as Buffer, 'limner');
        expect(readRecipe(JSON.parse(text ?? 'null'))).toMatchObject({ prompt, family, seed });
      }
    }
  });

  it('finds tasks by words, in any script', async () => {
    const find = async (text: string) =>
      (await studio.client.call('listTasks', { query: { text } as never })).map(({ id }) => id);
    await expect.poll(() => find('金钥匙')).toEqual([onlyTask('generation', '一把金钥匙').id]);
    expect(await find('castle')).toEqual([onlyTask('generation', 'a castle').id]);
  });

  it('finishes the batch that was killed, with the seeds it had and the pictures that were whole', {
    timeout: LONG_MS,
  }, async () => {
    for (const prompt of ['a mountain lake', 'a waiting star']) {
      const killed = onlyTask('generation', prompt);
      expect(isFinal(killed.status)).toBe(false);
      const now = await studio.ended(killed.id, LONG_MS);
      expect(now.status).toBe('completed');
      expect(seedsOf(now.frames)).toEqual(seedsOf(killed.frames));
      for (const url of killed.output_paths)
        expect((await bytesAt(url)).equals(files.get(url) as Buffer)).toBe(true);
    }
  });

  it('finishes the training that was killed, from its checkpoint', { timeout: LONG_MS }, async () => {
    const killed = before.trainings.find(({ status }) => status === 'running') as Training;
    expect((await studio.ended(killed.id, LONG_MS)).status).toBe('completed');
    const now = await studio.client.call('getTraining', { params: { id: killed.id } });
    const { steps } = killed.params as TrainingRequest['params'] & { steps: number };
    expect(now.step).toBe(steps);
    expect(now.loss.filter(([step]) => step <= 25)).toEqual(killed.loss.filter(([step]) => step <= 25));
    expect(await studio.client.call('listStyles', {})).toContainEqual(
      expect.objectContaining({ id: now.style_id, name: killed.style_name, is_trained: true }),
    );
  });

  it('paints with its styles and from its pictures', { timeout: LONG_MS }, async () => {
    const cutout = before.cutouts[0]?.output_image as string;
    const trained = before.styles.find(({ is_trained }) => is_trained) as Style;
    const own = before.styles.find(({ trigger_words }) => trigger_words === 'ink wash') as Style;
    const asked = [
      { family: 'starter-paint', style_id: trained.id, width: 256, height: 256 },
      { family: 'starter', style_id: own.id, width: 128, height: 128 },
      { family: 'starter-paint', type: 'img2img' as const, input_image: cutout, width: 256, height: 256 },
      {
        family: 'starter-paint',
        type: 'img2img' as const,
        input_image: before.uploads[0]?.id as string,
        width: 256,
        height: 256,
      },
    ];
    for (const body of asked) {
      const { id } = await studio.client.call('generate', { body: { prompt: 'a red dragon', ...body } });
      expect((await studio.ended(id, LONG_MS)).status).toBe('completed');
    }
  });

  it('is the same after another start', { timeout: LONG_MS }, async () => {
    const all = await studio.client.call('listTasks', { query: { limit: 200 } as never });
    await studio.close();
    studio = await start();
    expect(await studio.client.call('listTasks', { query: { limit: 200 } as never })).toEqual(all);
  });
});
