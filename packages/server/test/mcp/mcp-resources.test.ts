/** Resources, prompts and completions of `/mcp` with the official clients of every revision. */
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OpenAiEngine, pictureOf } from '../compat/openai-engine.ts';
import { startStudio, type TestStudio } from '../start-studio.ts';
import { CLIENTS, type McpClient, mcpClient } from './mcp-clients.ts';

let studio: TestStudio;
let client: McpClient;
let style: number;
/** What is slow goes on when this is called. */
let goOn: () => void;
const said = new Promise<void>((resolve) => {
  goOn = resolve;
});

beforeAll(async () => {
  const engine = new OpenAiEngine(async (frame) => {
    if (frame.prompt === 'a slow key') await said;
    return pictureOf(frame);
  });
  studio = await startStudio({ engines: [engine] });
  style = (await studio.client.call('createStyle', { body: { name: 'Ink', trigger_words: 'ink wash' } })).id;
  await studio.client.call('generate', { body: { prompt: 'a red dragon', width: 1024, height: 512 } });
  await studio.ended(1);
});
afterAll(() => studio.close());
afterEach(() => client.close());

describe.each(CLIENTS)('a client of %s', (name) => {
  beforeEach(async () => {
    client = await mcpClient(name, studio.url);
  });

  it('lists and reads pictures, styles, families and tasks', async () => {
    const { listed, templates } = await client.resources();
    expect(listed).toEqual(
      expect.arrayContaining(['limner://families', `limner://styles/${style}`, 'limner://pictures/1_0']),
    );
    expect(templates.sort()).toEqual([
      'limner://pictures/{id}',
      'limner://styles/{id}',
      'limner://tasks/{id}',
    ]);
    const [shown, facts] = await client.read('limner://pictures/1_0');
    const { width } = await sharp(Buffer.from(shown?.blob ?? '', 'base64')).metadata();
    expect([shown?.mimeType, width]).toEqual(['image/png', 1024]);
    expect(JSON.parse(facts?.text ?? '')).toMatchObject({ id: '1_0', prompt: 'a red dragon' });
    const [ink] = await client.read(`limner://styles/${style}`);
    expect(JSON.parse(ink?.text ?? '')).toMatchObject({ name: 'Ink', trigger_words: 'ink wash' });
    const [task] = await client.read('limner://tasks/1');
    expect(JSON.parse(task?.text ?? '')).toMatchObject({ task_id: 1, status: 'completed' });
    const [families] = await client.read('limner://families');
    expect(families?.text).toContain('"painting"');
  });

  it('refuses what is not there', async () => {
    for (const uri of ['pictures/99_0', 'pictures/x', 'styles/999', 'tasks/0', 'tasks/99', 'nothing'])
      await expect(client.read(`limner://${uri}`), uri).rejects.toThrow(/not found/i);
  });

  it('gives prompts that name the tools, with styles, families and pictures to choose from', async () => {
    expect((await client.prompts()).map(({ name: prompt }) => prompt)).toEqual([
      'game_sprite',
      'icon_set',
      'seamless_texture',
      'variations',
    ]);
    const sprite = await client.prompt('game_sprite', { subject: 'a fox', style: 'Ink' });
    expect(sprite).toContain('a fox');
    expect(sprite).toContain('transparent: true, style "Ink"');
    expect(await client.prompt('variations', { picture: '1_0' })).toContain('image: "1_0"');
    const texture = await client.prompt('seamless_texture', { material: 'moss' });
    expect(texture).toContain('tileable: "both"');
    await expect(client.prompt('game_sprite', {})).rejects.toThrow(/subject/);
    const ofSprite = { type: 'ref/prompt', name: 'game_sprite' } as const;
    expect(await client.complete(ofSprite, 'style', 'i')).toEqual(['Ink']);
    expect(await client.complete(ofSprite, 'family', 'pai')).toEqual(['painting']);
    const picture = { type: 'ref/resource', uri: 'limner://pictures/{id}' } as const;
    expect(await client.complete(picture, 'id', '1')).toEqual(['1_0']);
  });
});

it.each(['2025', 'old'] as const)(
  'lists every style and picture, page by page, to a client of %s',
  async (name) => {
    const own = await startStudio({ engines: [new OpenAiEngine()] });
    try {
      for (let n = 0; n < 120; n += 1)
        await own.client.call('createStyle', { body: { name: `Style ${n}`, trigger_words: 'ink' } });
      const made = { prompt: 'a key', width: 32, height: 32, batch_size: 2 };
      for (let n = 0; n < 40; n += 1) await own.client.call('generate', { body: made });
      for (let id = 1; id <= 40; id += 1) await own.ended(id);
      client = await mcpClient(name, own.url);
      const pages = await client.pages();
      const all = pages.flat();
      expect(new Set(all).size).toBe(all.length);
      const styles = await own.client.call('listStyles', {});
      expect(all.filter((uri) => uri.startsWith('limner://styles/'))).toHaveLength(styles.length);
      expect(all.filter((uri) => uri.startsWith('limner://pictures/'))).toHaveLength(80);
      expect(pages[0]).toEqual(expect.arrayContaining(['limner://families', 'limner://pictures/40_1']));
      // The newer client joins the pages by itself.
      if (name === 'old') expect(pages[1]).toContain('limner://pictures/1_0');
      expect(pages.length).toBe(name === 'old' ? 2 : 1);
    } finally {
      await own.close();
    }
  },
);

it('speaks the language of the caller in results, refusals, progress and prompts', async () => {
  client = await mcpClient('2026', studio.url, { headers: { 'accept-language': 'zh-CN' } });
  const shown = await client.call('get_picture', { id: '1_0' });
  expect(shown.content[0]?.text).toBe('图片 1_0。');
  const steps: (string | undefined)[] = [];
  await client.call(
    'generate_image',
    { prompt: 'a slow key' },
    {
      onprogress: ({ message }) => {
        steps.push(message);
        goOn();
      },
    },
  );
  expect(steps[0]).toMatch(/^任务 \d+/);
  for (const [tool, args, part] of [
    ['get_picture', { id: '99_0' }, '没有图片“99_0”'],
    ['generate_image', {}, 'prompt 为必填项'],
    ['get_task', { id: 99 }, '99'],
    ['generate_image', { prompt: 'a key', style: 'none' }, '没有风格“none”'],
  ] as const) {
    const text = (await client.call(tool, args)).content[0]?.text ?? '';
    expect(text).toContain(part);
    expect(text).toMatch(/[\u4e00-\u9fff]/);
  }
  expect((await client.prompts())[0]?.title).toBe('透明背景的游戏素材');
  expect(await client.prompt('game_sprite', { subject: '狐狸' })).toContain('用 Limner 制作游戏素材：狐狸');
});
