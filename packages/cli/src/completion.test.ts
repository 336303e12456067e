/** The completion scripts, in real shells where they are installed. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from './exit-code.ts';
import { run } from './run.ts';
import { testTerminal } from './testing.ts';

const isInstalled = (shell: string): boolean => spawnSync(shell, ['--version']).error === undefined;

const SHELLS = ['bash', 'zsh', 'fish', 'powershell'];
const scripts: Record<string, string> = {};
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limner-completion-'));
  await mkdir(join(folder, 'pictures'));
  await writeFile(join(folder, 'cat.png'), '');
  for (const shell of SHELLS) {
    const terminal = testTerminal();
    expect(await run(['completion', shell], terminal)).toBe(EXIT.ok);
    scripts[shell] = terminal.lines.join('\n');
    await writeFile(join(folder, `script.${shell}`), `${terminal.lines.join('\n')}\n`);
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.skipIf(!isInstalled('bash'))('in bash', () => {
  /** The words that bash offers for the last of these. */
  const offered = async (...words: string[]): Promise<string[]> => {
    const code = `source script.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _limner; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout } = await promisify(execFile)('bash', ['--norc', '-c', code, 'bash', ...words], {
      cwd: folder,
    });
    return stdout.split('\n').filter(Boolean).sort();
  };

  it.each<[string[], string[]]>([
    [['limner', 'ta'], ['tasks']],
    [['limner', 'u'], ['upscale']],
    [
      ['limner', 'db', ''],
      ['backup', 'copy', 'migrate', 'restore'],
    ],
    [['limner', 'styles', 'd'], ['delete']],
    [
      ['limner', 'wildcards', ''],
      ['delete', 'list', 'rename', 'set', 'show'],
    ],
    [['limner', 'wildcards', 'set', 'animal', '--r'], ['--replace']],
    [['limner', 'tasks', 'list', '--st'], ['--status']],
    [
      ['limner', 'tasks', 'list', '--status', 'c'],
      ['cancelled', 'completed'],
    ],
    [['limner', 'tasks', 'list', '--status', '=', 'fa'], ['failed']],
    [
      ['limner', 'tasks', 'list', '--kind', '='],
      ['animation', 'control_preview', 'edit', 'generation', 'remove_bg', 'training', 'upscale', 'video'],
    ],
    [
      ['limner', '--lang', ''],
      ['en', 'zh'],
    ],
    [['limner', '--server', 'http://there', 'queue', 'p'], ['pause']],
    [['limner', 'generate', 'a cat', '--lang', 'z'], ['zh']],
    [['limner', 'generate', 'a cat', '--pixel-grid', '4'], ['48']],
    [['limner', 'generate', '--no'], ['--no-wait']],
    [['limner', 'generate', '-o', ''], ['pictures']],
    [
      ['limner', 'completion', ''],
      ['bash', 'fish', 'powershell', 'zsh'],
    ],
    // Nothing of its own, so bash completes files.
    [['limner', 'remove-bg', 'c'], []],
    [['limner', 'generate', '--seed', ''], []],
  ])('%j', async (words, expected) => {
    expect(await offered(...words)).toEqual(expected);
  });

  it('is registered for limner, with files where it offers nothing', async () => {
    const { stdout } = await promisify(execFile)(
      'bash',
      ['--norc', '-c', 'source script.bash; complete -p limner'],
      {
        cwd: folder,
      },
    );
    expect(stdout.trim()).toBe('complete -o default -F _limner limner');
  });
});

describe.each(['zsh', 'fish'])('in %s', (shell) => {
  it.skipIf(!isInstalled(shell))('is read without a mistake', async () => {
    await promisify(execFile)(shell, ['-n', join(folder, `script.${shell}`)]);
  });
});

it.each(SHELLS)('the script of %s has every command and no more quotes than it closes', (shell) => {
  const script = scripts[shell] ?? '';
  for (const command of ['tasks', 'upscale', 'db', '--pixel-grid', 'control_preview'])
    expect(script).toContain(command.replace(/^--(?=.*)/, shell === 'fish' ? '' : '--'));
  expect(script.replaceAll("'\\''", '').replaceAll("\\'", '').split("'").length % 2).toBe(1);
});

it('refuses an unknown shell', async () => {
  const terminal = testTerminal();
  expect(await run(['completion', 'csh'], terminal)).toBe(EXIT.usage);
  expect(terminal.errors()).toContain('shell is one of: bash, zsh, fish, powershell.');
});
