/** `limner wildcards`. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StudioError, type Wildcard } from '@limner/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from './exit-code.ts';
import { run } from './run.ts';
import { ranWith, testStudio, testTerminal } from './testing.ts';

const wildcard = (name: string, changes: Partial<Wildcard> = {}): Wildcard => ({
  name,
  entries: 3,
  combinations: 3,
  size_bytes: 12,
  modified_at: '2026-01-02T03:04:05.000Z',
  problem: null,
  ...changes,
});
const text = { name: 'animal', text: 'fox\nwolf\n', version: 'v1' };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limner-wildcards-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('limner wildcards', () => {
  const answers = {
    'GET /api/wildcards': [
      wildcard('animal'),
      wildcard('big', { combinations: null }),
      wildcard('bad', { entries: 0, combinations: 0, problem: { en: 'no entries', zh: '没有条目' } }),
    ],
    'GET /api/wildcards/text?name=animal': text,
  };

  it.each([[['wildcards']], [['wildcards', 'list']]])('%j lists them, tab-separated', async (argv) => {
    expect((await ranWith(answers, argv)).out).toEqual([
      'animal\t3\t3\t',
      'big\t3\ttoo many to count\t',
      'bad\t0\t0\tno entries',
    ]);
    expect((await ranWith(answers, [...argv, '--lang', 'zh'])).out[2]).toBe('bad\t0\t0\t没有条目');
  });

  it('says how to write the first one', async () => {
    const { out, err } = await ranWith({ 'GET /api/wildcards': [] }, ['wildcards']);
    expect([out, err]).toEqual([[], expect.stringContaining('limner wildcards set')]);
  });

  it('shows the text as it is, or all as JSON', async () => {
    expect((await ranWith(answers, ['wildcards', 'show', 'animal'])).out).toEqual(['fox\nwolf']);
    const { out } = await ranWith(answers, ['wildcards', 'show', 'animal', '--json']);
    expect(JSON.parse(out.join('\n'))).toEqual(text);
  });
});

describe('limner wildcards set', () => {
  const put = { 'POST /api/wildcards': text };

  it('takes a file of any usual encoding, and replaces nothing unless told', async () => {
    const file = join(folder, 'gbk.txt');
    await writeFile(file, Buffer.from([0xba, 0xfc, 0xc0, 0xea]));
    const { asked, out } = await ranWith(put, ['wildcards', 'set', '动物/林', '--file', file]);
    expect(asked.at(-1)?.body).toEqual({ name: '动物/林', text: '狐狸', replaces: null });
    expect(out[0]).toContain('__animal__');
    const replaced = await ranWith(put, ['wildcards', 'set', 'animal', '--file', file, '--replace']);
    expect(replaced.asked.at(-1)?.body).toEqual({ name: 'animal', text: '狐狸' });
  });

  it('takes standard input', async () => {
    const studio = await testStudio(put);
    const terminal = testTerminal({ LIMNER_URL: studio.url }, false, null, 'fox\nowl\n');
    expect(await run(['wildcards', 'set', 'animal', '--json'], terminal)).toBe(EXIT.ok);
    expect(studio.received.at(-1)?.body).toEqual({ name: 'animal', text: 'fox\nowl\n', replaces: null });
    expect(JSON.parse(terminal.lines.join('\n'))).toEqual(text);
    await studio.close();
  });

  it('says what is missing or in the way', async () => {
    const nothing = await ranWith(put, ['wildcards', 'set', 'animal']);
    expect([nothing.exitCode, nothing.err]).toEqual([EXIT.usage, expect.stringContaining('--file')]);
    const absent = await ranWith(put, ['wildcards', 'set', 'animal', '--file', join(folder, 'none.txt')]);
    expect([absent.exitCode, absent.err]).toEqual([EXIT.usage, expect.stringContaining('ENOENT')]);
    const refusal = new StudioError('wildcard_changed', { data: { name: 'animal' } });
    const file = join(folder, 'a.txt');
    await writeFile(file, 'fox');
    const taken = await ranWith({ 'POST /api/wildcards': refusal }, [
      ...['wildcards', 'set', 'animal', '--file', file],
    ]);
    expect([taken.exitCode, taken.err]).toEqual([EXIT.usage, expect.stringContaining('--replace')]);
  });
});

it('limner wildcards rename gives a wildcard another name', async () => {
  const renamed = { 'POST /api/wildcards/rename': { ...text, name: 'beast' } };
  const { asked, out } = await ranWith(renamed, ['wildcards', 'rename', 'animal', 'beast']);
  expect(asked.at(-1)?.body).toEqual({ name: 'animal', to: 'beast' });
  expect(out[0]).toContain('__beast__');
});

describe('limner wildcards delete', () => {
  it('asks for --yes, and prints what was there as JSON', async () => {
    const answers = {
      'GET /api/wildcards/text?name=animal': text,
      'DELETE /api/wildcards?name=animal': null,
    };
    const refused = await ranWith(answers, ['wildcards', 'delete', 'animal']);
    expect([refused.exitCode, refused.asked]).toEqual([EXIT.usage, []]);
    const { out, asked } = await ranWith(answers, ['wildcards', 'delete', 'animal', '--yes', '--json']);
    expect(asked.at(-1)?.route).toBe('DELETE /api/wildcards?name=animal');
    expect(JSON.parse(out.join('\n'))).toEqual(text);
  });
});
