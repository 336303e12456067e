import { beforeEach, describe, expect, test } from 'vitest';
import { guardInputMethods } from './input-methods.ts';

let page: EventTarget;
let heard: string[];
beforeEach(() => {
  page = new EventTarget();
  heard = [];
  guardInputMethods(page);
  for (const type of ['keydown', 'keyup'])
    page.addEventListener(type, (event) => heard.push(`${type} ${(event as KeyboardEvent).key}`), true);
});

const press = (key: string, how: { isComposing?: boolean; keyCode?: number } = {}) => {
  for (const type of ['keydown', 'keyup'])
    page.dispatchEvent(Object.assign(new Event(type), { key, isComposing: false, keyCode: 0, ...how }));
};

describe('a key of an input method', () => {
  test('is heard by nobody else while it composes', () => {
    press('Enter', { isComposing: true });
    press('Escape', { isComposing: true });
    expect(heard).toEqual([]);
  });

  test('is heard by nobody else where the composition has ended already (Safari)', () => {
    press('Enter', { keyCode: 229 });
    expect(heard).toEqual([]);
  });
});

test('any other key is heard', () => {
  press('Enter', { keyCode: 13 });
  expect(heard).toEqual(['keydown Enter', 'keyup Enter']);
});
