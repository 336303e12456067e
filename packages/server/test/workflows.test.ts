/** Workflows of the user's own over HTTP: names, numbers and requests at once. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { MAX_WORKFLOWS } from '@limner/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startStudio, type TestStudio } from './start-studio.ts';

let studio: TestStudio;
beforeEach(async () => {
  studio = await startStudio();
});
afterEach(() => studio.close());

const golden = new URL('../src/engines/comfy/families/golden/sdxl.txt2img.golden.json', import.meta.url);
const workflow = JSON.parse(await readFile(golden, 'utf8'));
const add = (name: string, more: object = {}) =>
  fetch(`${studio.url}/api/workflows`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, workflow, ...more }),
  });
const own = async () =>
  (await studio.client.call('listWorkflows', {})).workflows.filter(({ is_example }) => !is_example);

describe('the name of a workflow', () => {
  it('is kept by the first of many that ask for it at once; the others are refused', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => add('race')));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(29).fill(409)]);
    const refused = answers.find(({ status }) => status === 409);
    expect(await refused?.json()).toMatchObject({ error: { code: 'workflow_name_taken', field: 'name' } });
    expect(await own()).toHaveLength(1);
  });

  it('is taken over only where that is asked for', async () => {
    expect((await add('mine')).status).toBe(201);
    const fewer = Object.fromEntries(Object.entries(workflow).slice(0, 1));
    expect((await add('mine', { workflow: fewer, replace: true })).status).toBe(201);
    expect((await own()).map(({ nodes }) => nodes)).toEqual([1]);
  });

  it('never replaces a workflow of another name, however alike they are', async () => {
    const names = ['..', '.', '-', 'a/b', 'a-b', 'A-B', `${'x'.repeat(45)}1`, `${'x'.repeat(45)}2`];
    for (const name of names) expect([name, (await add(name)).status]).toEqual([name, 201]);
    const held = await own();
    expect(new Set(held.map(({ id }) => id)).size).toBe(names.length);
    expect(held.map(({ label }) => label.en).sort()).toHaveLength(names.length);
  });
});

it('adding and removing at once answers nobody with 5xx', async () => {
  const work = Array.from({ length: 12 }, (_, n) =>
    n % 3 === 2
      ? fetch(`${studio.url}/api/workflows/workflow-mixed`, { method: 'DELETE' })
      : add('mixed', { replace: n % 2 === 0 }),
  );
  for (const { status } of await Promise.all(work)) expect(status).toBeLessThan(500);
});

it('a server that is added by many at once is added once; the others are refused', async () => {
  const body = JSON.stringify({ url: 'http://127.0.0.1:9' });
  const answers = await Promise.all(
    Array.from({ length: 10 }, () =>
      fetch(`${studio.url}/api/engines`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      }),
    ),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(9).fill(409)]);
});

describe('the folder of workflows', () => {
  const graph = { 1: { class_type: 'SaveImage', inputs: { images: ['2', 0] } } };
  const big = (megabytes: number) =>
    JSON.stringify({ ...graph, 2: { class_type: 'X', inputs: { text: 'x'.repeat(megabytes * 1e6) } } });
  const put = async (name: string, text: string) => {
    const folder = path.join(studio.dataDir, 'workflows');
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, name), text);
  };

  it('takes as many megabytes as are allowed; what is over is named with the reason', async () => {
    await put('a.json', big(12));
    await put('b.json', big(12));
    await put('c.json', JSON.stringify(workflow));
    const { refused } = await studio.client.call('listWorkflows', {});
    expect(refused.map(({ file, error }) => [file, error.code])).toEqual([['b.json', 'workflows_too_large']]);
    await put('d.json', big(7.5));
    expect((await add('more', { workflow: JSON.parse(big(0.9)) })).status).toBe(409);
    expect((await add('small')).status).toBe(201);
  });

  it('takes a workflow in place of one that leaves room for it', async () => {
    await put('a.json', big(12.4));
    await put('b.json', JSON.stringify({ label: { en: 'big', zh: 'big' }, graph: JSON.parse(big(7)) }));
    const other = { workflow: JSON.parse(big(0.9)) };
    expect((await add('more', other)).status).toBe(409);
    expect((await add('big', { ...other, replace: true })).status).toBe(201);
  });

  it('takes as many files as are allowed', async () => {
    for (let n = 0; n <= MAX_WORKFLOWS; n += 1)
      await put(`w${String(n).padStart(3, '0')}.json`, JSON.stringify(workflow));
    const { refused } = await studio.client.call('listWorkflows', {});
    expect(refused.map(({ file, error }) => [file, error.code])).toEqual([
      ['w200.json', 'workflows_too_many'],
    ]);
    const answer = await add('one more');
    expect(await answer.json()).toMatchObject({ error: { code: 'workflows_too_many' } });
  });
});
