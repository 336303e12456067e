import { once } from 'node:events';
import { mkdtemp, readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openFolder, savePicture } from './save.ts';
import { WORDS } from './words.ts';

it('saves inside the folder, whatever name a server gives', async () => {
  const server = createServer((_, response) => response.end('picture'));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const parent = await mkdtemp(join(tmpdir(), 'limner-save-'));
  const folder = join(parent, 'out');
  for (const fileName of ['../../evil.png', 'C:\\con.png', 'con.png', '..', '红色的龙.png', '红色的龙.png'])
    await savePicture({ url, fileName }, folder);
  server.close();
  expect(await readdir(parent)).toEqual(['out']);
  expect((await readdir(folder)).sort()).toEqual(
    ['evil.png', 'C--con.png', '_con.png', 'picture', '红色的龙.png', '红色的龙-2.png'].sort(),
  );
});

it.runIf(process.platform === 'linux')(
  'refuses a folder in a file system without room for names',
  async () => {
    await expect(openFolder('/proc/limner/out', WORDS.en)).rejects.toThrow(/\/proc\/limner\/out.*ENOENT/);
  },
);
