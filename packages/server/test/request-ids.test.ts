import { afterAll, beforeAll, expect, it } from 'vitest';
import { ONE_PROCESS } from './process/skipping.ts';
import { ScriptedEngine } from './scripted-engine.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

let studio: TestStudio;
const errors: string[] = [];

beforeAll(async () => {
  const engine = new ScriptedEngine(({ prompt }) => {
    if (prompt === 'breaks') throw new Error('a fault of the engine');
    return null;
  });
  studio = await startStudio(ONE_PROCESS ? { engines: [engine], errors, logLevel: 'warn' } : {});
});
afterAll(() => studio.close());

const ask = (path: string, id?: string) =>
  fetch(studio.url + path, {
    headers: { accept: 'application/json', ...(id ? { 'x-request-id': id } : {}) },
  });

it.each(['/api/tasks', '/api/tasks/999', '/nowhere', '/%zz', '/v1/models/none', '/docs/json'])(
  'the id of a request to %s is in its answer',
  async (path) => expect((await ask(path, 'abc-1.2:3')).headers.get('x-request-id')).toBe('abc-1.2:3'),
);

it('a request without an id, or with one that is not safe, gets one', async () => {
  const made = [undefined, 'x'.repeat(129), 'a b', '"><script>'].map(async (id) =>
    (await ask('/api/tasks', id)).headers.get('x-request-id'),
  );
  const ids = await Promise.all(made);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f-]{36}$/);
  expect(new Set(ids).size).toBe(4);
});

it('a refusal has it in its body', async () => {
  const body = await (await ask('/api/tasks/999', 'abc')).json();
  expect(body).toMatchObject({ error: { code: 'task_not_found' }, request_id: 'abc' });
});

it.runIf(ONE_PROCESS)('lines about a task name the task and the request that made it', async () => {
  const made = await fetch(`${studio.url}/api/generate`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': 'made-it' },
    body: JSON.stringify({ prompt: 'breaks', width: 64, height: 64 }),
  });
  const { id } = (await made.json()) as { id: number };
  await studio.ended(id);
  const lines = errors.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'a try failed');
  expect(lines[0]).toMatchObject({ task: id, request_id: 'made-it', frame: 0 });
});
