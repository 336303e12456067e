import { describe, expect, it } from 'vitest';
import { library } from './library.ts';
import { readPrompt } from './reading.ts';
import { Vocabulary } from './vocabulary.ts';
import { SCENES } from './words/scenes.ts';

const vocabulary = new Vocabulary(library());

describe('a place as a background', () => {
  it.each([...SCENES.keys()])('%s has its wall or floor and its things', (place) => {
    const heads = /[a-z]/.test(place) ? ' background' : '背景';
    const { things, notDrawn, plate } = readPrompt(place + heads, vocabulary);
    if (vocabulary.named(place) === undefined) return;
    expect(things.length).toBe(4);
    expect(things.at(-1)?.meaning.topic).toBe('own');
    expect([notDrawn, plate]).toEqual([[], 'none']);
  });

  it('is none where a thing is asked for, or a colour', () => {
    expect(readPrompt('a castle', vocabulary).things).toHaveLength(1);
    expect(readPrompt('castle on a blue background', vocabulary)).toMatchObject({
      plate: 'full',
      things: [{ word: 'castle' }],
    });
  });
});
