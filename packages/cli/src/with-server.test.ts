/** The command line with the built server, as a user has it. Needs a build, which `npm test` makes. */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, open, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from './exit-code.ts';
import { SERVER_MAIN } from './installation.ts';
import { run } from './run.ts';
import { startServer } from './server-process.ts';
import { testTerminal } from './testing.ts';
import { WORDS } from './words.ts';

const NOBODY_LISTENS_THERE = '9';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limner-cli-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const limner = async (argv: string[]) => {
  const terminal = testTerminal({
    ...process.env,
    LIMNER_DATA_DIR: join(folder, 'data'),
    PORT: NOBODY_LISTENS_THERE,
  });
  return { exitCode: await run(argv, terminal), out: terminal.lines, err: terminal.errors() };
};

async function isPng(path: string): Promise<boolean> {
  const file = await open(path);
  const { buffer } = await file.read(Buffer.alloc(8), 0, 8, 0);
  await file.close();
  return buffer.toString('latin1') === '\x89PNG\r\n\x1a\n';
}

describe.skipIf(!existsSync(SERVER_MAIN))('with no server running', () => {
  it('generate starts one, saves the pictures, and the task is there the next time', async () => {
    const made = await limner([
      'generate',
      'a red dragon',
      '-n',
      '2',
      '--seed',
      '7',
      '--size',
      '128x128',
      '-o',
      folder,
    ]);
    expect(made.err).not.toContain('failed');
    expect(made.exitCode).toBe(EXIT.ok);
    expect(await Promise.all(made.out.map(isPng))).toEqual([true, true]);

    const shown = await limner(['tasks', 'show', '1', '--json']);
    expect(JSON.parse(shown.out.join('\n'))).toMatchObject({ status: 'completed', seed: 7, width: 128 });
  });

  it('a lane that is paused is still paused for the next command, in both languages', async () => {
    const paused = await limner(['queue', 'pause', 'starter']);
    expect(paused.exitCode).toBe(EXIT.ok);
    const listed = await limner(['queue', 'list']);
    expect(listed.out.find((line) => line.startsWith('starter\t'))).toMatch(/paused$/);
    const chinese = await limner(['queue', 'list', '--lang', 'zh']);
    expect(chinese.out.find((line) => line.startsWith('starter\t'))).toMatch(/已暂停$/);
    expect((await limner(['queue', 'resume', 'starter'])).out.join('')).toContain('is resumed');
    const lanes = JSON.parse((await limner(['queue', 'list', '--json'])).out.join('\n'));
    expect(lanes.every(({ paused_at }: { paused_at: unknown }) => paused_at === null)).toBe(true);
  });

  it('a lane that is not there is refused', async () => {
    const { exitCode, err } = await limner(['queue', 'pause', 'nowhere']);
    expect(exitCode).not.toBe(EXIT.ok);
    expect(err).toContain('Lane nowhere does not exist.');
  });

  it('a Limner that holds the data folder is found, on whatever port it listens', async () => {
    const other = await startServer({ ...process.env, LIMNER_DATA_DIR: join(folder, 'data') }, WORDS.en);
    try {
      const { exitCode, err } = await limner(['tasks', 'list']);
      expect(err).not.toContain('Starting');
      expect(exitCode).toBe(EXIT.ok);
    } finally {
      await other.close();
    }
  });

  it('one that holds it and left no address is said', async () => {
    const other = await startServer({ ...process.env, LIMNER_DATA_DIR: join(folder, 'data') }, WORDS.en);
    try {
      await rm(join(folder, 'data', 'server.json'));
      const { exitCode, err } = await limner(['tasks', 'list']);
      expect(exitCode).toBe(EXIT.failed);
      expect(err).toContain('Name its address with --server.');
    } finally {
      await other.close();
    }
  });

  it('doctor finds everything that Limner needs', async () => {
    const { out } = await limner(['doctor', '--json']);
    const { findings } = JSON.parse(out.join('\n'));
    expect(findings.filter(({ state }: { state: string }) => state === 'bad')).toEqual([]);
  });

  it('a command leaves files alone that the database does not know; doctor counts what was set aside', async () => {
    const unknown = join(folder, 'data', 'outputs', '99_0.png');
    await mkdir(join(folder, 'data', 'outputs'), { recursive: true });
    await writeFile(unknown, 'a picture');
    await utimes(unknown, new Date(0), new Date(0));
    expect((await limner(['doctor'])).out.join()).not.toContain('set-aside');
    expect(existsSync(unknown)).toBe(true);
    const aside = join(folder, 'data', 'set-aside', '2026-01-02', 'outputs');
    await mkdir(aside, { recursive: true });
    await writeFile(join(aside, '7_0.png'), Buffer.alloc(2 * 1024 ** 2));
    expect((await limner(['doctor'])).out.join()).toContain('1 file (2.0 MB) without a database entry');
    expect((await limner(['doctor', '--lang', 'zh'])).out.join()).toContain('1 个文件（2.0 MB）不在数据库中');
  });

  it('repair brings pictures back that a restored older database does not know, with their files', async () => {
    const generate = (prompt: string) =>
      limner(['generate', prompt, '--seed', '7', '--size', '128x128', '-o', folder]);
    const database = join(folder, 'data', 'limner.db');
    const backup = join(folder, 'backup.db');
    expect((await generate('a red dragon')).exitCode).toBe(EXIT.ok);
    await copyFile(database, backup);
    expect((await generate('a blue key')).exitCode).toBe(EXIT.ok);
    const picture = join(folder, 'data', 'outputs', '2_0.png');
    const bytes = await readFile(picture);
    await copyFile(backup, database);
    await mkdir(join(folder, 'data', 'set-aside', '2026-01-02', 'outputs'), { recursive: true });
    await writeFile(join(folder, 'data', 'set-aside', '2026-01-02', 'outputs', 'holiday.png'), 'x');

    const dry = await limner(['tasks', 'repair', '--dry-run']);
    expect(dry.out[0]).toMatch(/^Would be recovered: 1 task with 1 file, 0 uploads, 0 trained styles/);
    expect((await limner(['tasks', 'show', '2'])).exitCode).toBe(EXIT.failed);
    const { exitCode, out } = await limner(['tasks', 'repair']);
    expect(exitCode).toBe(EXIT.ok);
    expect(out[0]).toMatch(/^Recovered: 1 task with 1 file/);
    expect(out.slice(1)).toEqual([
      '1 file stays set aside:',
      '  set-aside/2026-01-02/outputs/holiday.png: not a name that Limner gives',
    ]);
    const shown = await limner(['tasks', 'show', '2', '--json']);
    expect(JSON.parse(shown.out.join('\n'))).toMatchObject({
      prompt: 'a blue key',
      status: 'completed',
      seed: 7,
    });
    expect((await readFile(picture)).equals(bytes)).toBe(true);
    const again = await limner(['tasks', 'repair', '--lang', 'zh']);
    expect(again.out[0]).toMatch(/^已找回：0 个任务/);
    await rm(join(folder, 'data', 'set-aside'), { recursive: true });
    expect((await limner(['tasks', 'repair'])).out).toEqual(['No files are set aside.']);
  });
});
