import { execFileSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { inRoot } from './paths.mjs';

const said = (env) =>
  execFileSync(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { say } from '${pathToFileURL(inRoot('scripts/say.mjs')).href}'; console.log(say('yes', '是'));`,
    ],
    { env, encoding: 'utf8' },
  ).trim();

it('speaks the language of the shell', () => {
  expect(said({ LANG: 'zh_CN.UTF-8' })).toBe('是');
  expect(said({ LANG: 'de_DE.UTF-8' })).toBe('yes');
  expect(said({ LANG: 'en_GB.UTF-8', LC_ALL: 'zh_CN.UTF-8' })).toBe('是');
  expect(said({ LANG: 'zh_CN.UTF-8', LC_ALL: 'C' })).toBe('yes');
  expect(said({})).toBe('yes');
});
