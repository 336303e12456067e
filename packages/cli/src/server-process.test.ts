import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { healthOf } from './connect.ts';
import { startServer } from './server-process.ts';
import { WORDS } from './words.ts';

const LISTENS = `
  import { createServer } from 'node:http';
  const health = {status: 'ok', version: process.env.LIMNER_DATA_DIR, uptime_seconds: 1, tasks: {queued: 0, running: 0}};
  const server = createServer((_, response) => response.end(JSON.stringify(health)));
  server.listen(Number(process.env.PORT), process.env.HOST, () => {
    console.log('Limner is ready at http://127.0.0.1:' + server.address().port);
  });
  process.on('SIGTERM', () => server.close());
`;
const ENDS = `console.error('PORT is "x": a whole number is needed'); process.exitCode = 1;`;

let folder: string;
const program = async (text: string): Promise<string> => {
  const path = join(folder, 'main.mjs');
  await writeFile(path, text);
  return path;
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limner-cli-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a server started for one command', () => {
  it('listens on a free port over the data folder of the user, and is gone afterwards', async () => {
    const server = await startServer(
      { LIMNER_DATA_DIR: folder, PORT: '9000' },
      WORDS.en,
      await program(LISTENS),
    );
    expect((await healthOf(server.url))?.version).toBe(folder);
    await server.close();
    expect(await healthOf(server.url)).toBeNull();
  });

  it('reports its last output when it cannot start', async () => {
    await expect(startServer({}, WORDS.en, await program(ENDS))).rejects.toThrow(
      'Limner could not start:\nPORT is "x": a whole number is needed',
    );
  });

  it('is not started before it is built', async () => {
    await expect(startServer({}, WORDS.en, join(folder, 'nowhere.mjs'))).rejects.toThrow('not built');
  });
});
