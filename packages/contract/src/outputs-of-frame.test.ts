import { describe, expect, it } from 'vitest';
import { type OutputRole, outputsLeft, ownOutputs, shownOutputs } from './task.ts';

const frame = (...roles: OutputRole[]) => roles.map((role, place) => ({ role, place }));
const places = (outputs: { place: number }[]) => outputs.map(({ place }) => place);
const film = frame('main', 'poster', 'still', 'still');
const stack = frame('main', 'layer', 'layer');

describe('the outputs of a frame', () => {
  it.each([
    ['a video', film, [0]],
    ['a picture of layers', stack, [0]],
    ['a video that is lost', film.slice(1), [1, 2, 3]],
    ['layers whose picture is lost', stack.slice(1), [1, 2]],
    ['two pictures and weights', frame('main', 'main', 'lora'), [0, 1]],
  ])('are shown of %s', (_, outputs, shown) => {
    expect(places(shownOutputs(outputs))).toEqual(shown);
  });

  it('are its own if they belong to no other one', () => {
    expect(places(ownOutputs(frame('main', 'lora', 'poster', 'still', 'layer')))).toEqual([0, 1]);
    expect(places(ownOutputs(frame('poster', 'data')))).toEqual([0, 1]);
  });

  it.each([
    ['a video', film, 0, []],
    ['a still', film, 2, [0, 1, 3]],
    ['the picture of layers', stack, 0, []],
    ['one of two pictures', frame('main', 'main', 'layer'), 0, [1, 2]],
    ['a picture with weights', frame('main', 'layer', 'lora'), 0, [2]],
    ['a still whose video is lost', frame('poster', 'still'), 1, [0]],
  ])('that are left without %s', (_, outputs, deleted, left) => {
    expect(places(outputsLeft(outputs, ({ place }) => place === deleted))).toEqual(left);
  });
});
