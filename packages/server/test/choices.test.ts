/** Choices, wildcards and tags of prompts, from the request to the picture, over HTTP. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  Family,
  type GenerateInput,
  INFOTEXT_KEYWORD,
  PICTURE_TEXT_KEYWORD,
  parseInfotext,
  recipeInText,
  type Task,
} from '@limner/contract';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { textOf } from '../src/images/png-text.ts';
import { ScriptedEngine, tinyPng } from './scripted-engine.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

/** Its server lists LoRAs. */
class WithLoras extends ScriptedEngine {
  isBroken = false;

  constructor() {
    super((_, __, engine) => {
      if ((engine as WithLoras).isBroken) throw new Error('broken');
      return tinyPng;
    });
  }

  loras = () => ['styles/ink.safetensors', 'gold.safetensors'];

  override families = () => [
    Family.parse({
      ...super.families()[0],
      loras: true,
      params: [{ key: 'negative_prompt', type: 'text', default: null }],
    }),
  ];
}

const engine = new WithLoras();
let studio: TestStudio;
let folder: string;

beforeAll(async () => {
  studio = await startStudio({ engines: [engine] });
  folder = path.join(studio.dataDir, 'wildcards');
  await mkdir(path.join(folder, 'deep'), { recursive: true });
  await file('animal', 'fox\nwolf\nowl');
  await file('deep/place', 'in the {misty|dark} forest\nat the __lake__');
  await file('lake', 'lake');
  await file('selfish', 'one\n__selfish__');
  await file('round-a', '__round-b__');
  await file('round-b', '{x|__round-a__}');
  await file('empty', '# nothing yet\n');
  await file('many', Array.from({ length: 100_000 }, (_, index) => `thing ${index}`).join('\n'));
});
afterAll(() => studio.close());

const file = (name: string, text: string) => writeFile(path.join(folder, `${name}.txt`), text);

const paint = async (body: Partial<GenerateInput> & { prompt: string }): Promise<Task> => {
  const { id } = await studio.client.call('generate', { body: { family: 'scripted', ...body } });
  return studio.ended(id);
};

const refusal = (body: Partial<GenerateInput> & { prompt: string }) =>
  studio.client.call('generate', { body: { family: 'scripted', ...body } }).then(
    () => null,
    (error: unknown) => error,
  );

const pictureOf = async (task: Task, index = 0) => {
  const response = await fetch(`${studio.origin}${task.output_paths[index]}`);
  return Buffer.from(await response.arrayBuffer());
};

const paintedOf = ({ id }: Task) =>
  engine.runs.filter(({ task }) => task === id).map(({ request }) => request);

describe('a prompt with choices', () => {
  const prompt = 'a {red|blue|green} __animal__ __deep/place__';

  it('stays as typed, and each frame is painted from its own draw', async () => {
    const task = await paint({ prompt, seed: 1, batch_size: 8 });
    expect([task.prompt, task.recipe.prompt, task.recipe.template]).toEqual([prompt, prompt, null]);
    const painted = paintedOf(task);
    expect(new Set(painted.map((request) => request.prompt)).size).toBeGreaterThan(3);
    for (const [index, request] of painted.entries()) {
      expect(request.prompt).toMatch(
        /^a (red|blue|green) (fox|wolf|owl) (in the (misty|dark) forest|at the lake)$/,
      );
      expect(request.template).toMatchObject({ prompt, loras: [] });
      expect(task.frames[index]?.drawn).toMatchObject({
        prompt: request.prompt,
        choices: expect.arrayContaining([
          { token: '__animal__', value: expect.stringMatching(/fox|wolf|owl/) },
        ]),
      });
    }
    const again = await paint({ prompt, seed: 1, batch_size: 8 });
    expect(paintedOf(again).map((request) => request.prompt)).toEqual(
      painted.map((request) => request.prompt),
    );
  });

  it('is in the picture with its template, which paints the same again', async () => {
    const task = await paint({ prompt, negative_prompt: '{ugly|bad}', seed: 5 });
    const png = await pictureOf(task);
    const recipe = recipeInText(textOf(png, PICTURE_TEXT_KEYWORD) ?? '');
    const [painted] = paintedOf(task);
    expect(recipe).toMatchObject({
      prompt: painted?.prompt,
      template: { prompt, negative_prompt: '{ugly|bad}' },
    });
    const text = parseInfotext(textOf(png, INFOTEXT_KEYWORD) ?? '');
    expect([text.prompt, text.settings.get('Template')]).toEqual([painted?.prompt, prompt]);
    await file('animal', 'cat');
    const { id } = await studio.client.call('createTask', { body: { recipe: recipe as never } });
    const same = await studio.ended(id);
    expect(paintedOf(same)[0]).toMatchObject({ prompt: painted?.prompt, template: painted?.template });
    expect(same.frames[0]?.drawn).toBeNull();
    await file('animal', 'fox\nwolf\nowl');
  });

  it('is drawn once: a retry paints the same words, whatever the file holds then', async () => {
    engine.isBroken = true;
    const failed = await paint({ prompt: 'one __animal__', seed: 3 });
    engine.isBroken = false;
    expect(failed.status).toBe('failed');
    await file('animal', 'cat');
    await studio.client.call('retryTask', { params: { id: failed.id } });
    expect((await studio.ended(failed.id)).status).toBe('completed');
    expect(new Set(paintedOf(failed).map((request) => request.prompt)).size).toBe(1);
    expect(paintedOf(failed)[0]?.prompt).toMatch(/fox|wolf|owl/);
    expect((await paint({ prompt: 'one __animal__', seed: 3 })).frames[0]?.drawn?.prompt).toBe('one cat');
    await file('animal', 'fox\nwolf\nowl');
  });

  it('is found by what was drawn', async () => {
    await file('rare', 'axolotl');
    const { id } = await paint({ prompt: 'one __rare__' });
    const { items } = await studio.client.tasks({ text: 'axolotl' });
    expect(items.map((task) => task.id)).toEqual([id]);
  });

  it('draws from a hundred thousand entries while others wait little', async () => {
    const task = await paint({ prompt: '{4$$__many__} __many__', batch_size: 32 });
    const drawn = task.frames.map((frame) => frame.drawn?.prompt);
    expect(new Set(drawn).size).toBe(32);
    expect(drawn[0]).toMatch(/^(thing \d+, ){3}thing \d+ thing \d+$/);
  });

  it('leaves other texts alone', async () => {
    const plain = 'JSON {"a": "x|y"}, __init__, {epic} (fox:1.2), broken {a|b';
    const task = await paint({ prompt: plain });
    expect(paintedOf(task)[0]).toMatchObject({ prompt: plain, template: null });
    expect(task.frames[0]?.drawn).toBeNull();
  });
});

describe('LoRA tags', () => {
  it('are LoRAs of the frame, also those that are drawn, and no words', async () => {
    const prompt = 'a castle <lora:ink:0.8> {<lora:gold:0.5>|}';
    const task = await paint({
      prompt,
      loras: [{ name: 'own.safetensors', weight: 1 }],
      batch_size: 8,
      seed: 1,
    });
    const painted = paintedOf(task);
    expect(painted.every((request) => request.prompt === 'a castle')).toBe(true);
    expect(new Set(painted.map(({ loras }) => loras.map(({ name }) => name).join()))).toEqual(
      new Set([
        'own.safetensors,styles/ink.safetensors',
        'own.safetensors,styles/ink.safetensors,gold.safetensors',
      ]),
    );
    expect(task.recipe).toMatchObject({ prompt, loras: [{ name: 'own.safetensors' }] });
    expect(painted[0]?.template?.loras).toEqual([{ name: 'own.safetensors', weight: 1 }]);
  });

  it('that no server has are told, and not painted', async () => {
    const task = await paint({ prompt: 'a castle <lora:nowhere:1>', negative_prompt: 'ugly <lora:ink:1>' });
    expect(task.choice.note.en).toContain('<lora:nowhere:1> is not used');
    expect(paintedOf(task)[0]).toMatchObject({ prompt: 'a castle', negative_prompt: 'ugly', loras: [] });
  });
});

describe('is refused at its field, in words', () => {
  it.each([
    ['prompt', 'an __animl__', 'wildcard_not_found', 'animal'],
    ['prompt', '{a|__nothing_like_it__}', 'wildcard_not_found', '"nothing_like_it"'],
    ['prompt', '__selfish__', 'wildcard_circle', '__selfish__ → __selfish__'],
    ['prompt', '__round-a__', 'wildcard_circle', '__round-a__ → __round-b__ → __round-a__'],
    ['prompt', '__r*__', 'wildcard_circle', '→'],
    ['prompt', '__empty__', 'wildcard_unusable', 'no entries'],
    ['prompt', `${'{a|'.repeat(30)}${'}'.repeat(30)}`, 'invalid_request', 'levels deep'],
    ['prompt', '{|}', 'invalid_request', 'becomes empty'],
    ['prompt', `{3000$$__many__}`, 'invalid_request', 'longer than'],
  ])('%s: %s', async (field, prompt, code, words) => {
    expect(await refusal({ prompt })).toMatchObject({
      code,
      field,
      message: expect.stringContaining(words),
    });
  });

  it('also as a negative prompt, and in Chinese', async () => {
    const error = await refusal({ prompt: 'x', negative_prompt: '__animl__' });
    expect(error).toMatchObject({ code: 'wildcard_not_found', field: 'negative_prompt' });
    const response = await fetch(`${studio.url}/api/generate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'accept-language': 'zh' },
      body: JSON.stringify({ prompt: '__animl__' }),
    });
    const answer = (await response.json()) as { error: { message: string } };
    expect(answer.error.message).toContain('没有通配符「animl」。相近的有：animal');
  });
});

describe('wildcards over the API', () => {
  const { list, get, put, remove } = {
    list: () => studio.client.call('listWildcards', {}),
    get: (name: string) => studio.client.call('getWildcard', { query: { name } }),
    put: (body: { name: string; text: string; replaces?: string | null }) =>
      studio.client.call('putWildcard', { body }),
    remove: (name: string) => studio.client.call('deleteWildcard', { query: { name } }),
  };

  it('are listed with the texts that they can become, and with what is wrong', async () => {
    const byName = new Map((await list()).map((wildcard) => [wildcard.name, wildcard]));
    expect(byName.get('animal')).toMatchObject({ entries: 3, combinations: 3, problem: null });
    expect(byName.get('deep/place')).toMatchObject({ entries: 2, combinations: 3, problem: null });
    expect(byName.get('round-a')?.problem?.en).toContain('circle');
    expect(byName.get('empty')?.problem?.zh).toContain('没有任何条目');
  });

  it('are created, changed, and deleted, and never over a change of somebody else', async () => {
    const made = await put({ name: '颜色/暖', text: '红\n橙', replaces: null });
    expect(await readFile(path.join(folder, '颜色/暖.txt'), 'utf8')).toBe('红\n橙');
    await expect(put({ name: '颜色/暖', text: 'x', replaces: null })).rejects.toMatchObject({
      code: 'wildcard_changed',
    });
    await file('颜色/暖', '黄');
    await expect(put({ name: '颜色/暖', text: 'x', replaces: made.version })).rejects.toMatchObject({
      code: 'wildcard_changed',
    });
    const { version } = await get('颜色/暖');
    expect(await put({ name: '颜色/暖', text: '金', replaces: version })).toMatchObject({ text: '金' });
    expect((await paint({ prompt: '__颜色/暖__色的龙' })).frames[0]?.drawn?.prompt).toBe('金色的龙');
    await remove('颜色/暖');
    await expect(get('颜色/暖')).rejects.toMatchObject({ code: 'wildcard_not_found' });
    await rm(path.join(folder, '颜色'), { recursive: true });
  });

  it('keep their text when a text is refused', async () => {
    await put({ name: 'kept', text: 'old' });
    const large = '龙'.repeat(1_500_000);
    await expect(put({ name: 'kept', text: large })).rejects.toMatchObject({ code: 'wildcard_unusable' });
    expect(await get('kept')).toMatchObject({ text: 'old' });
  });

  it('are not replaced by a new one where their file cannot be read', async () => {
    const bytes = Buffer.from([0xff, 0xfe, 0x00, 0xd8, 0x41]);
    await writeFile(path.join(folder, 'binary.txt'), bytes);
    expect((await list()).find(({ name }) => name === 'binary')?.problem?.en).toContain('cannot be read');
    await expect(put({ name: 'binary', text: 'x', replaces: null })).rejects.toMatchObject({
      code: 'wildcard_changed',
    });
    expect(await readFile(path.join(folder, 'binary.txt'))).toEqual(bytes);
    await rm(path.join(folder, 'binary.txt'));
  });

  it('are changed in their own file, however its name is written', async () => {
    await writeFile(path.join(folder, 'Loud.TXT'), 'old');
    await put({ name: 'loud', text: 'new' });
    expect(await readFile(path.join(folder, 'Loud.TXT'), 'utf8')).toBe('new');
    expect((await list()).filter(({ name }) => name.toLowerCase() === 'loud')).toHaveLength(1);
    await remove('loud');
  });

  it('are changed by one of two who replace the same text', async () => {
    const { version } = await put({ name: 'shared', text: 'old' });
    const changes = ['one', 'two'].map((text) => put({ name: 'shared', text, replaces: version }));
    const ends = await Promise.allSettled(changes);
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('are meant by their very name where others differ in case', async () => {
    await file('Case', 'upper');
    await file('case', 'lower');
    if ((await list()).filter(({ name }) => name.toLowerCase() === 'case').length < 2) return;
    expect(await get('case')).toMatchObject({ name: 'case', text: 'lower' });
    await remove('case');
    expect(await readFile(path.join(folder, 'Case.txt'), 'utf8')).toBe('upper');
  });

  it('are renamed, and never over another', async () => {
    await file('old', 'fox');
    const rename = (name: string, to: string) => studio.client.call('renameWildcard', { body: { name, to } });
    expect(await rename('old', 'new/name')).toMatchObject({ name: 'new/name', text: 'fox' });
    expect((await paint({ prompt: 'a __new/name__' })).frames[0]?.drawn?.prompt).toBe('a fox');
    await expect(get('old')).rejects.toMatchObject({ code: 'wildcard_not_found' });
    await expect(rename('new/name', 'Animal')).rejects.toMatchObject({
      code: 'wildcard_name_taken',
      field: 'to',
    });
    await expect(rename('nothing', 'x')).rejects.toMatchObject({ code: 'wildcard_not_found' });
    for (const to of ['', '../x', 'a__b', '.hidden'])
      await expect(rename('new/name', to), to).rejects.toMatchObject({
        code: 'invalid_request',
        field: 'to',
      });
    expect(await rename('new/name', 'New/Name')).toMatchObject({ name: 'New/Name', text: 'fox' });
    await remove('New/Name');
  });

  it('that are too large together are refused by name', async () => {
    const many = path.join(folder, 'many');
    await mkdir(many);
    onTestFinished(() => rm(many, { recursive: true }));
    const text = 'x'.repeat(4 * 1024 ** 2);
    for (let n = 10; n < 27; n += 1) await writeFile(path.join(many, `${n}.txt`), text);
    await expect(paint({ prompt: 'a __many/*__' })).rejects.toMatchObject({
      code: 'wildcard_unusable',
      field: 'prompt',
      message: expect.stringContaining('more than 64 MiB'),
    });
  });

  describe('in YAML files', () => {
    const yaml = (name: string, text: string | Buffer) => writeFile(path.join(folder, name), text);
    afterEach(() => Promise.all(['set.yaml', 'plain.yml'].map((name) => rm(path.join(folder, name)))));

    it('are named by the keys that lead to them', async () => {
      await yaml(
        'set.yaml',
        [
          '# a comment',
          'clothes:',
          '  tops: [2::shirt, "#ff0000 coat", 7, {no: text}]',
          '  shoes:',
          '    - boots with __animal__',
          '    - |',
          '      two',
          '      lines',
          'colour: red',
          'nothing:',
          'animal: [never, because a text file has the name]',
        ].join('\n'),
      );
      await yaml('plain.yml', '- oak\n- elm\n');
      const byName = new Map((await list()).map((wildcard) => [wildcard.name, wildcard]));
      expect(byName.get('clothes/tops')).toMatchObject({ entries: 3, problem: null });
      expect(byName.get('clothes/shoes')).toMatchObject({ entries: 2, combinations: 4 });
      expect(byName.get('plain')).toMatchObject({ entries: 2 });
      expect(byName.get('animal')).toMatchObject({ entries: 3 });
      expect(byName.get('nothing')?.problem?.en).toContain('no entries');
      expect((await get('clothes/shoes')).text).toBe('boots with __animal__\ntwo lines');
      const drawn = new Set<string | undefined>();
      for (const frame of (await paint({ prompt: '__clothes/*__', batch_size: 32, seed: 4 })).frames)
        drawn.add(frame.drawn?.prompt);
      expect([...drawn].sort()).toEqual(
        expect.arrayContaining([
          '#ff0000 coat',
          '7',
          expect.stringMatching(/^boots with (fox|wolf|owl)$/),
          'shirt',
          'two lines',
        ]),
      );
      await yaml('plain.yml', '[ash, fir, yew]');
      expect((await list()).find(({ name }) => name === 'plain')?.entries).toBe(3);
    });

    it('are changed in their file alone', async () => {
      await yaml('set.yaml', 'clothes: {tops: [shirt]}');
      await yaml('plain.yml', '[]');
      const refused = { code: 'wildcard_shared', data: { name: 'clothes/tops', file: 'set.yaml' } };
      await expect(put({ name: 'clothes/tops', text: 'x' })).rejects.toMatchObject(refused);
      await expect(remove('clothes/tops')).rejects.toMatchObject(refused);
      const rename = { body: { name: 'clothes/tops', to: 'tops' } };
      await expect(studio.client.call('renameWildcard', rename)).rejects.toMatchObject(refused);
      expect(await readFile(path.join(folder, 'set.yaml'), 'utf8')).toBe('clothes: {tops: [shirt]}');
    });

    it.each([
      ['a: [1, 2', 'no valid YAML'],
      ['['.repeat(10_000), 'nested more than'],
      ['- '.repeat(10_000), 'nested more than'],
      ['a: [x]\n---\nb: [y]', 'several'],
      [
        `a: &k0 [x]\n${Array.from({ length: 40 }, (_, at) => `b${at}: &k${at + 1} [*k${at}, *k${at}]`).join('\n')}`,
        'what its aliases stand for',
      ],
      [Buffer.from([0xff, 0xfe, 0x00, 0xd8, 0x41]), 'cannot be read'],
      [`a:\n${'- word\n'.repeat(160_000)}`, 'larger than 512 KiB'],
    ])('that are damaged or too large are named with the reason: %#', async (text, reason) => {
      await yaml('set.yaml', text);
      await yaml('plain.yml', '[oak]');
      const listed = await list();
      expect(listed.find(({ name }) => name === 'set')?.problem?.en).toContain(reason);
      expect(listed.find(({ name }) => name === 'plain')?.entries).toBe(1);
      expect((await paint({ prompt: 'a __plain__' })).frames[0]?.drawn?.prompt).toBe('a oak');
    });
  });

  it('draw one of many comments on a line in linear time', async () => {
    await file('comments', `word${' # '.repeat(200_000)}\u2028`);
    expect((await paint({ prompt: 'a __comments__' })).frames[0]?.drawn?.prompt).toBe('a word');
  });

  it.each(['../escape', '/etc/x', 'a/../b', 'a__b', '.hidden', 'con', 'a.', 'a/', '', `${'a/'.repeat(9)}b`])(
    'are not created as "%s"',
    async (name) => {
      await expect(put({ name, text: 'x' })).rejects.toMatchObject({
        code: 'invalid_request',
        field: 'name',
      });
    },
  );
});
