import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Task } from '@limner/contract';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EXIT } from './exit-code.ts';
import { run } from './run.ts';
import { finished, frame, outputOf, type TestStudio, task, testStudio, testTerminal } from './testing.ts';

let folder: string;
let studio: TestStudio | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limner-layers-'));
});
afterEach(async () => {
  await studio?.close();
  await rm(folder, { recursive: true, force: true });
});

async function limner(argv: string[], task: Task) {
  studio = await testStudio({ 'GET /api/tasks/12': task });
  const terminal = testTerminal({ LIMNER_URL: studio.url }, false);
  const exitCode = await run([...argv, '-o', folder], terminal);
  const asked = studio.received.map(({ route }) => route).filter((route) => route.includes('/layers/'));
  return { exitCode, out: terminal.lines, err: terminal.errors(), asked };
}

const layered = (index: number) => {
  const layer = (place: number) => ({ ...outputOf(12, index, place), role: 'layer' as const });
  const outputs = [outputOf(12, index), layer(1), layer(2)];
  return frame(index, { status: 'completed', progress: 1, output: outputs[0] ?? null, outputs });
};
const ended = (...frames: Task['frames']) => task(12, { status: 'completed', progress: 1, frames });
const nameOf = (index: number) => outputOf(12, index).file_name.replace(/\.png$/, '');

it('saves a document for each picture that has layers', async () => {
  const task = ended(layered(0), finished(12, 1), layered(2));
  const { exitCode, out, asked } = await limner(['layers', '12'], task);
  const files = [`${nameOf(0)}.psd`, `${nameOf(2)}.psd`];
  expect([exitCode, out]).toEqual([EXIT.ok, files.map((file) => join(folder, file))]);
  expect((await readdir(folder)).sort()).toEqual(files);
  expect(asked).toEqual([0, 2].map((frame) => `GET /api/outputs/12_${frame}/layers/psd?lang=en`));
});

it('saves one picture in another format', async () => {
  const argv = ['layers', '12', '--format', 'ora', '--picture', '3', '--json'];
  const { exitCode, out, asked } = await limner(argv, ended(layered(0), layered(2)));
  expect([exitCode, JSON.parse(out.join(''))]).toEqual([EXIT.ok, [join(folder, `${nameOf(2)}.ora`)]]);
  expect(asked).toEqual(['GET /api/outputs/12_2/layers/ora?lang=en']);
});

it.each([
  [[], 'No picture of task 12 has layers.'],
  [['--picture', '4'], 'Picture 4 of task 12 has no layers.'],
  [['--format', 'tiff'], '--format'],
])('says what is wrong with %j', async (more, sentence) => {
  const { exitCode, err } = await limner(['layers', '12', ...more], ended(finished(12, 0)));
  expect(exitCode).toBe(EXIT.usage);
  expect(err).toContain(sentence);
});
