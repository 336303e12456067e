/** The examples as another project has them: with the packed client, type-checked against its types, and run. */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startStudio, type TestStudio } from '../../server/test/start-studio.ts';

const run = promisify(execFile);
const repository = join(import.meta.dirname, '..', '..', '..');
const EXAMPLES = ['generate', 'remove-background', 'watch'];

let project: string;
let studio: TestStudio;
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'limner-client-'));
  const packed = join(repository, 'scripts/pack-client.mjs');
  const { stdout } = await run(process.execPath, [packed, '--out', project]);
  const installed = join(project, 'node_modules', '@limner', 'contract');
  await mkdir(installed, { recursive: true });
  await run('tar', ['-xzf', stdout.trim(), '--strip-components=1', '-C', installed]);
  for (const name of ['zod', '@types', 'undici-types'])
    await symlink(join(repository, 'node_modules', name), join(project, 'node_modules', name));
  for (const name of EXAMPLES)
    await copyFile(join(installed, 'examples', `${name}.ts`), join(project, `${name}.ts`));
  await writeFile(join(project, 'package.json'), '{ "type": "module" }');
  studio = await startStudio({ dialect: 'sqlite' });
}, 120_000);
afterAll(async () => {
  await studio?.close();
  await rm(project, { recursive: true, force: true });
});

/** Lines that an example prints. */
async function printed(name: string, ...args: string[]): Promise<string[]> {
  const outfile = join(project, `${name}.js`);
  await build({ entryPoints: [join(project, `${name}.ts`)], outfile, format: 'esm', target: 'node20' });
  const flags = Number(process.versions.node.split('.')[0]) < 22 ? ['--experimental-websocket'] : [];
  const { stdout } = await run(process.execPath, [...flags, outfile, studio.url, ...args], { cwd: project });
  return stdout.trim().split('\n');
}

const isPng = async (file: string): Promise<boolean> =>
  (await readFile(join(project, file))).subarray(1, 4).toString('latin1') === 'PNG';

describe('the packed client', () => {
  it('has what it needs and nothing else', async () => {
    const installed = join(project, 'node_modules', '@limner', 'contract');
    const names = await readdir(installed);
    expect(names).toEqual(
      expect.arrayContaining(['LICENSE', 'README.md', 'index.js', 'index.d.ts', 'examples']),
    );
    expect(names.filter((name) => /test|\.tsbuildinfo|(?<!\.d)\.ts$/.test(name))).toEqual([]);
    const manifest = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'));
    expect(Object.keys(manifest.dependencies)).toEqual(['zod']);
    expect(manifest.private).toBeUndefined();
  });

  it('has types, by which a request with a mistake is refused', async () => {
    const mistake = [
      "import { createClient } from '@limner/contract';",
      '// @ts-expect-error no such field',
      "await createClient().call('generate', { body: { promt: 'a red dragon' } });",
    ];
    await writeFile(join(project, 'mistake.ts'), mistake.join('\n'));
    const options = ['--noEmit', '--strict', '--target', 'es2023', '--module', 'nodenext', '--types', 'node'];
    const files = [...EXAMPLES, 'mistake'].map((name) => `${name}.ts`);
    const tsc = join(repository, 'node_modules/typescript/bin/tsc');
    await run(process.execPath, [tsc, ...options, '--skipLibCheck', ...files], { cwd: project });
  }, 120_000);
});

describe('the examples', () => {
  it('generate pictures and save them', async () => {
    const files = await printed('generate', 'a red dragon', '2', 'out');
    expect(files).toHaveLength(2);
    expect(await Promise.all(files.map(isPng))).toEqual([true, true]);
  });

  it('remove a background', async () => {
    const [file = ''] = await printed('generate', 'a red dragon', '1', '.');
    expect(await printed('remove-background', file, 'cut.png')).toEqual(['cut.png']);
    expect(await isPng('cut.png')).toBe(true);
  });

  it('watch a task until its pictures are there', async () => {
    const lines = await printed('watch', 'a blue key');
    expect(lines.at(-1)).toMatch(/^completed 100 % \/outputs\/\d+_0\.png \/outputs\/\d+_1\.png$/);
  });
});
