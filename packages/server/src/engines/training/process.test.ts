import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DetachedProcess } from './process.ts';

let folder: string;
let started: DetachedProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'limner-process-'));
});

afterEach(async () => {
  for (const each of started) await each.stop(0);
  started = [];
  await rm(folder, { recursive: true, force: true });
});

async function start(code: string): Promise<DetachedProcess> {
  const begun = await DetachedProcess.start({ command: process.execPath, args: ['-e', code], folder });
  started.push(begun);
  return begun;
}

const forever = () => new AbortController().signal;
const STAYS = "process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1_000)";

async function firstLine(of: DetachedProcess): Promise<string> {
  for await (const line of of.lines(forever())) return line;
  throw new Error('it said nothing');
}

describe('a process that outlives the server', () => {
  it('yields every line of its output and its errors until it has ended', async () => {
    const said: string[] = [];
    const code = "console.log('one'); console.error('two'); setTimeout(() => console.log('three'), 150)";
    for await (const line of (await start(code)).lines(forever())) said.push(line);
    expect(said).toEqual(['one', 'two', 'three']);
  });

  it('is adopted by its ticket, with what it wrote before; another that has its id is not', async () => {
    const begun = await start(STAYS);
    expect(await firstLine(begun)).toBe('up');
    const adopted = await DetachedProcess.adopt({ ...begun.ticket }, folder);
    expect(adopted && (await firstLine(adopted))).toBe('up');
    expect(await DetachedProcess.adopt({ ...begun.ticket, startedAt: '1' }, folder)).toBeNull();
  });

  it('is no longer heard once its listener is stopped, and goes on', async () => {
    const begun = await start(STAYS);
    const stop = new AbortController();
    const listening = (async () => {
      for await (const line of begun.lines(stop.signal)) if (line === 'up') stop.abort(new Error('stopping'));
    })();
    await expect(listening).rejects.toThrow('stopping');
    expect(await begun.isAlive()).toBe(true);
  });

  it('is killed where it does not end by itself', async () => {
    const begun = await start(STAYS);
    await firstLine(begun);
    await begun.stop(200);
    expect(await begun.isAlive()).toBe(false);
    expect(await DetachedProcess.adopt(begun.ticket, folder)).toBeNull();
  });

  it('that cannot be started says why', async () => {
    const begun = DetachedProcess.start({ command: path.join(folder, 'nothing'), args: [], folder });
    await expect(begun).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
