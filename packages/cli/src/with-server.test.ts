/** The command line with the built server, as a user has it. Needs a build, which `npm test` makes. */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, open, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
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

const limner = async (argv: string[], environ: Record<string, string> = {}) => {
  const terminal = testTerminal({
    ...process.env,
    ...environ,
    LIMNER_DATA_DIR: join(folder, 'data'),
    PORT: NOBODY_LISTENS_THERE,
  });
  return { exitCode: await run(argv, terminal), out: terminal.lines, err: terminal.errors() };
};

/** The commands find this server, and need not start one each. */
async function beside(work: () => Promise<void>): Promise<void> {
  const server = await startServer({ ...process.env, LIMNER_DATA_DIR: join(folder, 'data') }, WORDS.en);
  await work().finally(() => server.close());
}

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
    await beside(async () => {
      const { exitCode, err } = await limner(['tasks', 'list']);
      expect(err).not.toContain('Starting');
      expect(exitCode).toBe(EXIT.ok);
    });
  });

  it('one that holds it and left no address is said', async () => {
    await beside(async () => {
      await rm(join(folder, 'data', 'server.json'));
      const { exitCode, err } = await limner(['tasks', 'list']);
      expect(exitCode).toBe(EXIT.failed);
      expect(err).toContain('Name its address with --server.');
    });
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

    await beside(async () => {
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

  it('check finds what was damaged, repair mends it, and verify names a picture that cannot be fetched', () =>
    beside(async () => {
      const generate = (prompt: string) =>
        limner(['generate', prompt, '--seed', '7', '--size', '128x128', '-o', folder]);
      await generate('a red dragon');
      await generate('a blue key');
      expect((await limner(['tasks', 'check'])).exitCode).toBe(EXIT.ok);
      const all = await limner(['images', 'verify']);
      expect([all.exitCode, all.err]).toEqual([
        EXIT.ok,
        expect.stringContaining('All 2 can be fetched and decoded.'),
      ]);

      const outputs = join(folder, 'data', 'outputs');
      const picture = await readFile(join(outputs, '1_0.png'));
      const broken = Buffer.from(picture);
      broken.fill(0, picture.length - 60, picture.length - 20);
      await writeFile(join(outputs, '1_0.png'), broken);
      const aside = join(folder, 'data', 'set-aside', '2026-01-02', 'outputs');
      await mkdir(aside, { recursive: true });
      await rename(join(outputs, '2_0.png'), join(aside, '2_0.png'));

      const one = await limner(['images', 'verify', '2', '--json']);
      expect(one.exitCode).toBe(EXIT.failed);
      expect(JSON.parse(one.out.join('\n'))).toMatchObject({
        checked: 1,
        failures: [{ id: '2_0', sentence: 'HTTP 404' }],
      });
      const both = await limner(['images', 'verify', '--lang', 'zh']);
      expect(both.out).toEqual([
        '2_0\t/outputs/2_0.png\tHTTP 404',
        expect.stringMatching(/^1_0\t\/outputs\/1_0\.png\t无法解码：/),
      ]);

      const check = await limner(['tasks', 'check']);
      expect(check.exitCode).toBe(EXIT.failed);
      expect(check.out[0]).toBe(
        'Pictures whose file is missing or has another size: 1. Repair mends all of them.',
      );
      const { exitCode, out } = await limner(['tasks', 'repair', '--yes']);
      expect([exitCode, out[1]]).toEqual([EXIT.ok, 'Moved back to their entries: 1 file.']);
      expect((await limner(['images', 'verify', '2'])).exitCode).toBe(EXIT.ok);
      expect((await limner(['tasks', 'check'])).exitCode).toBe(EXIT.ok);
    }));

  it('delete moves tasks into the bin and says how they come back', async () => {
    await beside(async () => {
      await limner(['generate', 'a red dragon', '--size', '128x128', '-o', folder]);
      const { exitCode, out, err } = await limner(['tasks', 'delete', '1', '9']);
      expect(exitCode).toBe(EXIT.partial);
      expect(out).toEqual([
        expect.stringMatching(/^Task 1 is in the bin for \d+ days\. Restore it: limner tasks restore 1$/),
      ]);
      expect(err).toContain('9: There is no task 9.');
      expect((await limner(['tasks', 'delete', '9'])).exitCode).toBe(EXIT.failed);
      expect((await limner(['tasks', 'delete', 'x'])).exitCode).toBe(EXIT.usage);
      expect((await limner(['tasks', 'delete'])).exitCode).toBe(EXIT.usage);
      expect((await limner(['tasks', 'restore', '1'])).exitCode).toBe(EXIT.ok);
    });
    const withoutBin = await limner(['tasks', 'delete', '1'], { BIN_DAYS: '0' });
    expect(withoutBin.exitCode).toBe(EXIT.usage);
    expect(withoutBin.err).toContain('add --yes');
    const gone = await limner(['tasks', 'delete', '1', '--yes'], { BIN_DAYS: '0' });
    expect(gone.out).toEqual(['Task 1 was deleted for good.']);
  });
});
