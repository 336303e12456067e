/** `scripts/start.sh` in the shell of this machine, from another folder, with a ComfyUI that is not there. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inRoot } from './paths.mjs';

let folder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'limner-start-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Lines until the server is ready, or the end. */
async function started(env) {
  const child = spawn('sh', [inRoot('scripts/start.sh')], {
    cwd: folder,
    env: {
      ...process.env,
      LIMNER_DATA_DIR: join(folder, 'data'),
      COMFYUI_URL: 'http://127.0.0.1:9',
      LOG_LEVEL: 'silent',
      PORT: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stderr.resume();
  const lines = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (/Limner (is ready at|已就绪)/.test(line)) child.kill('SIGTERM');
  }
  if (child.exitCode === null) await once(child, 'exit');
  return { lines, code: child.exitCode };
}

describe.skipIf(process.platform === 'win32')('scripts/start.sh', () => {
  it('names what FLUX lacks with the cure, then starts the server in its own process', async () => {
    const { lines, code } = await started({ LC_ALL: 'C' });
    expect(lines[0]).toBe(`Node ${process.version}`);
    expect(lines[1]).toBe('Packages and build: complete');
    expect(lines[3]).toMatch(/^flux-schnell\tgeneration\tnot available\t/);
    expect(lines[4]).toMatch(/^ {2}.*127\.0\.0\.1:9/);
    expect(lines.at(-2)).toContain('Limner starts without them');
    expect(lines.at(-1)).toMatch(/^Limner is ready at http:/);
    expect(code).toBe(0);
  });

  it('speaks Chinese', async () => {
    const { lines } = await started({ LC_ALL: 'zh_CN.UTF-8' });
    expect(lines[1]).toBe('软件包和构建：完整');
    expect(lines.at(-1)).toMatch(/^Limner 已就绪：http:/);
  });

  it('ends with a sentence where there is no Node', async () => {
    const child = spawn('/bin/sh', [inRoot('scripts/start.sh')], {
      env: { PATH: '/nowhere', LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const lines = [];
    for await (const line of createInterface({ input: child.stdout })) lines.push(line);
    if (child.exitCode === null) await once(child, 'exit');
    expect(lines.join()).toContain('Node is not installed.');
    expect(child.exitCode).toBe(1);
  });
});
