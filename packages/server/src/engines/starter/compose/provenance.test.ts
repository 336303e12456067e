import { describe, expect, it } from 'vitest';
import { compose } from './compose.ts';

const provenanceOf = async (prompt: string, seed = 11) => {
  const { summary, details } = await compose({ prompt, seed, width: 48, height: 48 });
  const mapping = details.mapping as { word: string; icon: string; count: number }[];
  return {
    drawn: mapping.map(({ word, count }) => (count > 1 ? `${count} ${word}` : word)),
    icons: mapping.map(({ icon }) => icon),
    not: [...(details.unknown_words as string[]), ...(details.not_drawn as string[])],
    passed: details.passed_over as string[],
    summary,
  };
};

describe('what is drawn, and what is reported as not drawn', () => {
  it.each<[prompt: string, drawn: string[], not: string[]]>([
    // Kinds yield to the noun before them.
    ['knight character', ['knight'], []],
    ['robot enemy', ['robot'], []],
    ['goblin enemy', ['goblin'], []],
    ['slime monster, green, cute', ['slime monster'], ['cute']],
    ['leather boots, inventory icon', ['leather boots'], []],
    ['骑士角色', ['骑士'], []],
    ['enemy spaceship', ['spaceship'], ['enemy']],
    ['green monster', ['monster'], []],
    ['a knight and a monster', ['knight', 'monster'], []],
    // Two nouns in one.
    ['golden skull key', ['key', 'skull'], []],
    ['骷髅钥匙', ['钥匙', '骷髅'], []],
    ['skull potion', ['potion', 'skull'], []],
    ['goblin archer', ['goblin', 'archer'], []],
    ['哥布林弓箭手', ['哥布林', '弓箭手'], []],
    ['dragon knight', ['knight', 'dragon'], []],
    ['红色的药水瓶', ['药水瓶'], []],
    ['a health bar', ['health bar'], []],
    ['health bar frame', ['health bar frame'], []],
    ['old scroll with a map', ['scroll + map'], ['old']],
    ['cabbage house with a castle door', ['house'], ['castle door', 'cabbage']],
    ['red health bar with a wooden frame', ['health bar'], []],
    // Views, formats and parts are no things.
    ['goblin archer, full body, side view', ['goblin', 'archer'], ['full body', 'side view']],
    ['pine tree, voxel art', ['pine tree'], ['voxel art']],
    ['knight character walk cycle sprite sheet', ['knight'], ['walk cycle', 'sprite sheet']],
    ['robot enemy with laser eyes', ['robot'], ['laser eyes']],
    ['spaceship top-down view', ['spaceship top-down view'], []],
    ['a sword with a red handle', ['sword'], ['red handle']],
    ['dragon tile', ['dragon'], ['tile']],
    ['dragon background', ['dragon'], ['background']],
    ['全身的骑士，侧视图', ['骑士'], ['全身', '侧视图']],
    // Textures and parts of an interface.
    ['stone brick wall tile', ['stone brick wall tile'], []],
    ['grass, seamless texture', ['grass'], []],
    ['UI button, wooden, empty', ['ui button'], []],
    ['草地纹理', ['草地纹理'], []],
    // Weights, tags, ranks and decimals count nothing.
    ['(red dragon:1.3)', ['dragon'], []],
    ['red dragon, (best quality:1.4)', ['dragon'], []],
    ['a potion (red:1.2)', ['potion'], []],
    ['red dragon <lora:pixel:0.8>', ['dragon'], ['<lora:pixel:0.8>']],
    ['1.5 dragons', ['dragons'], []],
    ['level 3 shield', ['shield'], []],
    ['rank 5 helmet', ['helmet'], []],
    ['等级3的盾牌', ['盾牌'], []],
    ['3级盾牌', ['盾牌'], []],
    ['shield 2', ['shield'], []],
    ['16-bit sword, 4 frames', ['sword'], ['frames']],
    ['3 swords', ['3 swords'], []],
    ['sword x2', ['2 sword'], []],
    ['twelve coins', ['12 coins'], []],
    ['100 coins', ['coins'], ['100']],
    // One colour a thing.
    ['red and blue shield', ['shield'], ['red']],
    // Traditional characters, in the prompt's own writing.
    ['紅色的龍', ['龍'], []],
    ['兩把劍和藍色盾牌', ['2 劍', '盾牌'], []],
    ['饕餮騎士', ['騎士'], ['饕餮']],
    // Other scripts.
    ['sword дракон', ['sword'], ['дракон']],
    ['sword 🐉', ['sword'], ['🐉']],
    // Chinese order.
    ['树上的猫', ['猫', '树'], []],
    ['拿着剑的骷髅', ['骷髅', '剑'], []],
    ['骷髅战士，手持火焰剑', ['骷髅战士', '火焰剑'], []],
    ['无缝石砖地板贴图', ['砖'], ['地板']],
    // What something does or is like.
    ['a wizard riding a horse, running', ['wizard', 'horse'], ['riding', 'running']],
    ['一只猫骑着马', ['猫', '马'], ['骑着']],
    ['a dancing woman', ['woman'], ['dancing']],
    ['a rare, shiny sword of high quality', ['sword'], ['rare', 'shiny']],
    ['lootbox opening', ['loot box'], ['opening']],
  ])('"%s"', async (prompt, drawn, not) => {
    const provenance = await provenanceOf(prompt);
    expect([provenance.drawn, provenance.not]).toEqual([drawn, not]);
  });

  it('says it in the caption', async () => {
    const { summary } = await provenanceOf('knight with laser eyes, side view');
    expect(summary.en).toContain('Not drawn: laser eyes, side view.');
    expect(summary.zh).toContain('没有画出：laser eyes、side view。');
    expect((await provenanceOf('骑士，侧视图')).summary.zh).toContain('没有画出：侧视图。');
  });

  it('draws a thing alone that would yield to another', async () => {
    expect((await provenanceOf('monster')).drawn).toEqual(['monster']);
    expect((await provenanceOf('3 monsters')).drawn).toEqual(['3 monsters']);
    for (const prompt of ['full body', 'low', 'view', 'body'])
      await expect(provenanceOf(prompt)).rejects.toMatchObject({ code: 'nothing_recognised' });
  });
});

describe('a Chinese caption', () => {
  const NAMES =
    /Fluent Emoji|Noto Emoji v1|Noto Emoji|Game Icons|Fluent UI System Color Icons|Flat Color Icons|Limner|MIT|CC-BY-3\.0|Apache-2\.0|\((colour|flat)\)/g;

  it.each([
    '铁剑',
    '瓶子',
    '生命药水',
    '盾牌',
    '红药水',
    '木盾和金钥匙',
    '皮靴',
    '翡翠戒指',
    '骷髅战士',
    '魔法杖',
    '药水瓶',
    '毒蘑菇',
  ])('of %s has no English words but the names of sets and licences', async (prompt) => {
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const { summary } = await provenanceOf(prompt, seed);
      expect(summary.zh.replace(NAMES, '')).not.toMatch(/[a-z]/i);
    }
  });
});
