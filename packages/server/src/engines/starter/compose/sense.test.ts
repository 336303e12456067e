import { describe, expect, it } from 'vitest';
import { compose } from './compose.ts';
import { library } from './library.ts';
import { readPrompt } from './reading.ts';
import { Vocabulary } from './vocabulary.ts';
import { SENSES } from './words/senses.ts';
import { STRANGERS } from './words/strangers.ts';

const vocabulary = new Vocabulary(library());
const conceptsOf = (word: string) =>
  vocabulary.named(word)?.concepts.map(({ concept }) => library().concepts[concept]?.en);

/** What is drawn for the first thing of a prompt, by the name under which the vocabulary has it. */
const drawnFor = (prompt: string) => {
  const { things, unknown, notDrawn } = readPrompt(prompt, vocabulary);
  const concepts = things[0]?.meaning.concepts.map(({ concept }) => library().concepts[concept]?.en);
  return { concepts, unknown, notDrawn, hints: things[0]?.hints };
};

describe('a word with two senses', () => {
  it.each([
    ['crossbow bolt', 'crossbow bolt'],
    ['the bolt of a crossbow', 'crossbow bolt'],
    ['crossbow bolts', 'crossbow bolt'],
    ['a bolt and a nut', 'screw'],
    ['a bolt of cloth', 'cloth'],
    ['a bolt', 'lightning bolt'],
    ['blue bolt, glowing', 'lightning bolt'],
    ['a bow and ribbon', 'ribbon bow'],
    ['a hair bow', 'ribbon bow'],
    ['an elf with a bow and a ribbon', 'elf'],
    ['bow, quiver, ribbon', 'bow'],
    ['wooden bow', 'bow'],
    ['a bat and a ball', 'baseball bat'],
    ['a vampire and a bat', 'vampire'],
    ['bat', 'vampire bat'],
    ['shield bug', 'shield bug'],
    ['a ring, two boxers', 'boxing ring'],
    ['silver ring', 'ring'],
    ['a mouse beside a keyboard', 'computer mouse'],
    ['a mouse with cheese', 'mouse'],
    ['an origami crane', 'paper crane'],
    ['a crane, bird with long legs', 'heron'],
    ['crane on a building site', 'crane'],
    ['club, playing card', 'club suit'],
    ['ogre club', 'club'],
    ['a pitcher of water', 'jug'],
    ['mine entrance', 'gold mine'],
    ['mine', 'land mine'],
    ['a power plant', 'nuclear plant'],
    ['a nuclear plant at night', 'nuclear plant'],
    ['chemical plant', 'factory'],
    ['a small plant', 'plant'],
    ['pumpkin lantern', 'pumpkin lantern'],
    ['lantern, halloween', 'jack-o-lantern'],
    ['lantern', 'old lantern'],
    ['dragon horn', 'horns'],
    ['seal on a letter', 'wax seal'],
    ['palm on a beach', 'palm tree'],
    ['knight, chess', 'chess knight'],
    ['king of hearts', 'card king hearts'],
    ['ace of spades', 'card ace spades'],
    ['turtle shell', 'turtle shell'],
    ['dragon scales', 'fish scales'],
    ['a wizard with a staff', 'wizard'],
    ['staff of a wizard', 'wizard staff'],
    ['stone block', 'stone block'],
    ['party of adventurers', 'party members'],
    ['a bar of gold', 'gold bar'],
    ['two glasses of wine', 'wine glass'],
    ['skill tree', 'skill'],
    ['技能树', '技能'],
    ['弩箭', 'crossbow bolt'],
    ['骑士的枪', '长矛'],
    ['手枪', '手枪'],
    ['弓箭手射出的火箭', '火箭矢'],
    ['恶魔的角', '犄角'],
    ['水龙头', 'potable water'],
    ['麻将牌', 'mahjong red dragon'],
    ['教堂的钟', '铃铛'],
    ['纸风车', 'pinwheel'],
    ['玩具风车', 'pinwheel'],
    ['鼠标', 'computer mouse'],
    ['一只纸鹤', 'paper crane'],
  ])('%s: %s', (prompt, name) => {
    const { concepts } = drawnFor(prompt);
    expect(concepts).toEqual(conceptsOf(name));
  });

  it('does not report as missing what chose the sense', () => {
    expect(drawnFor('crossbow bolt')).toMatchObject({ unknown: [], notDrawn: [], hints: [] });
    expect(drawnFor('an origami crane')).toMatchObject({ unknown: [], hints: [] });
    expect(drawnFor('the bolt of a crossbow')).toMatchObject({ unknown: [], hints: [] });
  });

  it.each([
    ['asteroid belt', 'asteroid', ['belt']],
    ['tech tree', undefined, ['tree']],
    ['家谱树', undefined, ['家谱树']],
    ['spring season', undefined, ['spring', 'season']],
    ['a knight and a movie star', 'knight', ['movie', 'star']],
    ['剑的手柄', '剑', ['手柄']],
    ['nightclub with a guitar', 'guitar', ['nightclub']],
    ['火星上的机器人', '机器人', ['火星']],
    ['猫和油条', '猫', ['油条']],
  ])('is named where the library does not have that sense: %s', (prompt, name, missing) => {
    const { concepts, unknown } = drawnFor(prompt);
    expect(concepts).toEqual(name === undefined ? undefined : conceptsOf(name));
    expect(unknown.filter((word) => missing.includes(word))).toContain(missing.at(-1));
  });

  it('says what was drawn, and nothing else', async () => {
    const { summary } = await compose({ prompt: 'crossbow bolt', seed: 1, width: 64, height: 64 });
    expect(summary.en).toMatch(/"crossbow bolt" → (broadhead|barbed) arrow/);
    expect(summary.en).not.toMatch(/lightning|voltage|Not drawn|Not in the library/);
  });
});

describe('the table of senses', () => {
  it('names only what the vocabulary has', () => {
    const names = [...SENSES.values()].flatMap(({ usual, others }) => [
      usual,
      ...others.map(({ name }) => name),
    ]);
    expect(names.filter((name) => name && vocabulary.named(name) === undefined)).toEqual([]);
  });

  it('has no cue that is one of its own words', () => {
    for (const [word, { others }] of SENSES)
      for (const { cues } of others)
        expect(
          [...cues].filter((cue) => cue === word),
          word,
        ).toEqual([]);
  });

  it('is not needed for strangers: the vocabulary has none of them', () => {
    expect([...STRANGERS].filter((word) => vocabulary.named(word) !== undefined)).toEqual([]);
  });
});
