/** `limner db`, `limner config` and `limner openapi` with the built server program. Needs a build, which `npm test` makes. */
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from './exit-code.ts';
import { SERVER_MAIN } from './installation.ts';
import { run } from './run.ts';
import { type ServerProcess, startServer } from './server-process.ts';
import { testTerminal } from './testing.ts';
import { WORDS } from './words.ts';

let folder: string;
let server: ServerProcess | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limner-cli-'));
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  await rm(folder, { recursive: true, force: true });
});

const environ = () => ({
  ...process.env,
  LIMNER_DATA_DIR: join(folder, 'data'),
  COMFYUI_URL: 'none',
  PORT: '9',
});
const limner = async (argv: string[], env = {}) => {
  const terminal = testTerminal({ ...environ(), ...env });
  return { exitCode: await run(argv, terminal), out: terminal.lines, err: terminal.errors() };
};
const serve = async () => {
  server = await startServer(environ(), WORDS.en);
  return server;
};
const made = (argv: string[] = []) =>
  limner(['generate', 'a red key', '--size', '64x64', '-o', folder, ...argv]);

describe.skipIf(!existsSync(SERVER_MAIN))('limner db', () => {
  it('backs up while a server runs, refuses to restore, and restores once it is stopped', async () => {
    await serve();
    expect((await made()).exitCode).toBe(EXIT.ok);
    const target = join(folder, 'kept.db');
    const backup = await limner(['db', 'backup', target]);
    expect(backup).toMatchObject({ exitCode: EXIT.ok, out: [target] });
    const megabytes = ((await stat(target)).size / 1024 ** 2).toFixed(1);
    expect(backup.err).toContain(`${megabytes} MB, checked: every page can be read. 1 task, 1 picture.`);
    expect(backup.err).toMatch(/SHA-256 [\da-f]{64}/);

    const refused = await limner(['db', 'restore', target]);
    expect(refused.exitCode).toBe(EXIT.failed);
    expect(refused.err).toContain('Another Limner is using');
    await made();
    await server?.close();

    const restored = await limner(['db', 'restore', target]);
    expect(restored.exitCode).toBe(EXIT.ok);
    expect(restored.out[0]).toMatch(/^Restored .*limner\.db: 1 task, 1 picture, the newest of /);
    expect(restored.out[1]).toMatch(/^The database that was there before: .*limner-before-restore-/);
    expect(restored.out.at(-1)).toContain('limner tasks repair');
    const tasks = JSON.parse((await limner(['tasks', 'list', '--json'])).out.join('\n'));
    expect(tasks.map(({ id }: { id: number }) => id)).toEqual([1]);
  });

  it('says in the language of the command why a file is refused', async () => {
    const letter = join(folder, 'letter.db');
    await writeFile(letter, 'dear aunt '.repeat(1000));
    const { exitCode, err } = await limner(['db', 'restore', letter, '--lang', 'zh']);
    expect(exitCode).toBe(EXIT.failed);
    expect(err).toMatch(/letter\.db 已损坏或不是数据库/);
    expect((await limner(['db', 'restore'])).exitCode).toBe(EXIT.usage);
  });

  it('refuses to copy files to where they are, in the language of the command', async () => {
    await serve();
    await server?.close();
    const refused = await limner(['blobs', 'copy', 'disk', 'disk', '--lang', 'zh']);
    expect(refused).toMatchObject({ exitCode: EXIT.failed, out: [] });
    expect(refused.err).toMatch(/两个位置都是 disk/);
    expect((await limner(['blobs', 'copy', 'disk'])).exitCode).toBe(EXIT.usage);
  });

  it('migrates what is there, and makes nothing where nothing is', async () => {
    expect((await limner(['db', 'migrate'])).out).toEqual([
      'There is no database yet. The first start makes it.',
    ]);
    expect(await readdir(folder)).toEqual([]);
    await (await serve()).close();
    expect((await limner(['db', 'migrate'])).out).toEqual([
      'The database is up to date. Nothing was changed.',
    ]);
    expect(JSON.parse((await limner(['db', 'migrate', '--json'])).out.join('\n'))).toEqual({
      exists: true,
      steps: [],
      copy: null,
    });
  });
});

describe.skipIf(!existsSync(SERVER_MAIN))('limner openapi', () => {
  it('prints what a server answers, without one', async () => {
    const { out, exitCode } = await limner(['openapi']);
    expect(exitCode).toBe(EXIT.ok);
    const { url } = await serve();
    expect(JSON.parse(out.join('\n'))).toEqual(await (await fetch(`${url}/docs/json`)).json());
  });

  it('writes a whole file, or leaves the old one', async () => {
    const file = join(folder, 'openapi.json');
    await writeFile(file, 'old');
    expect((await limner(['openapi', '--out', file])).out).toEqual([]);
    expect(JSON.parse(await readFile(file, 'utf8')).openapi).toBe('3.1.0');
    const refused = await limner(['openapi', '--out', join(folder, 'nowhere', 'openapi.json')]);
    expect(refused.exitCode).toBe(EXIT.usage);
    expect(refused.err).toContain('ENOENT');
    expect(await readdir(folder)).toEqual(['openapi.json']);
  });
});

describe.skipIf(!existsSync(SERVER_MAIN))('limner config', () => {
  it('lists values and where they come from, and ends with 0', async () => {
    const { out, exitCode } = await limner(['config'], { BIN_DAYS: '7', LIMNER_FROM_ENV_FILE: 'BIN_DAYS' });
    expect(exitCode).toBe(EXIT.ok);
    expect(out).toContain('BIN_DAYS\t7\t.env\tdefault: 30');
    expect(out).toContain(`LIMNER_DATA_DIR\t${join(folder, 'data')}\tenvironment\tdefault: ./data`);
    expect(out).toContain('LIMNER_URL\t(not set)\tdefault');
  });

  it('ends with 1 where something is wrong, hides secrets, and speaks Chinese', async () => {
    const env = { MAX_FILE_SIZE: 'big', DATABASE_URL: 'postgres://me:geheim@db/limner' };
    const { out, exitCode } = await limner(['config', '--lang', 'zh'], env);
    expect(exitCode).toBe(EXIT.failed);
    expect(out).toContain('  ✗ MAX_FILE_SIZE 必须是数字。');
    expect(out.join('\n')).not.toContain('geheim');
    const json = JSON.parse((await limner(['config', '--json'], env)).out.join('\n'));
    const wrong = json.variables.filter(({ problem }: { problem: unknown }) => problem !== null);
    expect(wrong.map(({ name }: { name: string }) => name)).toEqual(['MAX_FILE_SIZE']);
  });
});
