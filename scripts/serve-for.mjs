/** A built Limner on a free port with a temporary data folder, for screenshots. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { inRoot, SERVER_MAIN } from './paths.mjs';

export async function withServer(use) {
  const dataDir = mkdtempSync(join(tmpdir(), 'limner-'));
  const child = spawn(process.execPath, [SERVER_MAIN, 'serve'], {
    cwd: inRoot(),
    env: { ...process.env, HOST: '127.0.0.1', PORT: '0', LIMNER_DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    return await use(await addressOf(child, ended));
  } finally {
    child.kill('SIGTERM');
    await ended;
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function addressOf(child, ended) {
  return new Promise((resolve, reject) => {
    ended.then((code) => reject(new Error(`Limner ended with code ${code} before it was ready.`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const url = /^Limner .*?(http:\S+)$/.exec(line)?.[1];
      if (url) resolve(url);
    });
  });
}
