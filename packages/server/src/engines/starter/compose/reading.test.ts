import { describe, expect, it } from 'vitest';
import { library } from './library.ts';
import { readPrompt } from './reading.ts';
import { Vocabulary } from './vocabulary.ts';

const vocabulary = new Vocabulary(library());
const read = (prompt: string) => readPrompt(prompt, vocabulary);
const thingsIn = (prompt: string) =>
  read(prompt).things.map(({ word, colour, material, count }) => [word, colour?.en ?? material ?? '', count]);

describe('reading a prompt', () => {
  it.each([
    ['iron sword', [['sword', 'steel', 1]]],
    ['铁剑', [['剑', 'steel', 1]]],
    ['three swords', [['swords', '', 3]]],
    ['三把剑', [['剑', '', 3]]],
    ['紫色水晶', [['水晶', 'purple', 1]]],
    [
      'a golden key and two blue shields',
      [
        ['key', 'gold', 1],
        ['shields', 'blue', 2],
      ],
    ],
    [
      '钥匙和盾牌',
      [
        ['钥匙', '', 1],
        ['盾牌', '', 1],
      ],
    ],
    ['queue 2 dragon castle', [['castle', '', 1]]],
    ['2 dragon castles', [['castles', '', 2]]],
    ['iron 3 swords', [['swords', 'steel', 3]]],
    ['an orange', [['orange', '', 1]]],
    ['orange cat', [['cat', 'orange', 1]]],
    ['墨绿色的book', [['book', 'dark green', 1]]],
    ['a deep crimson shield', [['shield', 'crimson', 1]]],
    ['red potion bottle', [['bottle', 'red', 1]]],
  ])('"%s"', (prompt, things) => {
    expect(thingsIn(prompt)).toEqual(things);
  });

  it('takes the last noun as the thing', () => {
    expect(thingsIn('wizard hat')[0]?.[0]).toBe('wizard hat');
    expect(thingsIn('treasure chest full of gold')).toEqual([['treasure chest', '', 1]]);
  });

  it('hears style and ground in both languages', () => {
    expect(read('pixel art heart').style).toBe('pixel');
    expect(read('霓虹灯风格的猫').style).toBe('neon');
    expect(read('狼的剪影').style).toBe('silhouette');
    expect(read('像素风的钻石')).toMatchObject({ style: 'pixel', things: [{ word: '钻石' }] });
    expect(read('bomb on a round badge')).toMatchObject({ plate: 'circle', things: [{ word: 'bomb' }] });
    expect(read('a cat on a blue background')).toMatchObject({
      plate: 'full',
      plateColour: { en: 'blue' },
      things: [{ word: 'cat', colour: undefined }],
    });
    expect(read('设置按钮')).toMatchObject({ plate: 'square', things: [{ word: '设置' }] });
  });

  it('forgives plurals, typing mistakes and words written as one', () => {
    expect(thingsIn('wolves')[0]?.[0]).toBe('wolves');
    expect(read('dragin').things[0]?.meaning.by).toBe('spelling');
    expect(read('snakehelmet').things[0]?.word).toBe('helmet');
  });

  it('takes a measure for what it measures', () => {
    expect(thingsIn('a piece of cheese')).toEqual(thingsIn('cheese'));
    expect(thingsIn('puzzle piece')).toEqual([['puzzle piece', '', 1]]);
  });

  it('says which words it does not know', () => {
    expect(read('a flumbering dragon').unknown).toEqual(['flumbering']);
    expect(read('龙和饕餮').things.map(({ word }) => word)).toEqual(['龙']);
  });

  it('knows well over a thousand words of either language', () => {
    const words = library().glossary.flatMap((line) => line.words);
    expect(words.filter((word) => /[a-z]/.test(word)).length).toBeGreaterThan(1200);
    expect(words.filter((word) => /[\u4e00-\u9fff]/.test(word)).length).toBeGreaterThan(1200);
  });
});
