import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { startStudio } from './start-studio.ts';

/** Of this process, at this moment. */
async function childrenHere(): Promise<Set<string>> {
  const tasks = `/proc/${process.pid}/task`;
  const lists = (await readdir(tasks)).map((id) =>
    readFile(`${tasks}/${id}/children`, 'utf8').catch(() => ''),
  );
  return new Set((await Promise.all(lists)).flatMap((list) => list.split(' ').filter(Boolean)));
}

describe.skipIf(process.platform !== 'linux')('a studio that closes', () => {
  it('leaves no process behind', async () => {
    const before = await childrenHere();
    const studio = await startStudio();
    const { id } = await studio.client.call('generate', {
      body: { prompt: 'a red star', width: 64, height: 64, family: 'starter' },
    });
    expect((await studio.ended(id)).status).toBe('completed');
    const made = [...(await childrenHere())].filter((pid) => !before.has(pid));
    expect(made).not.toEqual([]);
    await studio.close();
    const left = await childrenHere();
    expect(made.filter((pid) => left.has(pid))).toEqual([]);
  });
});
