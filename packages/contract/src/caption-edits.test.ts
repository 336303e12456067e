import { describe, expect, it } from 'vitest';
import { type CaptionEdit, editedCaption, hitsOf } from './caption-edits.ts';

describe('an edit of captions', () => {
  it.each<[string, CaptionEdit, string]>([
    [
      'a (red) cat',
      { kind: 'replace', find: '(red)', replace: '$& blue', ignore_case: false },
      'a $& blue cat',
    ],
    ['A Cat, cat', { kind: 'replace', find: 'CAT', replace: 'dog', ignore_case: true }, 'A dog, dog'],
    ['A Cat', { kind: 'replace', find: 'cat', replace: 'dog', ignore_case: false }, 'A Cat'],
    ['a  cat', { kind: 'replace', find: 'cat', replace: '', ignore_case: false }, 'a'],
    ['cat', { kind: 'prefix', text: 'inky, ' }, 'inky, cat'],
    ['cat', { kind: 'suffix', text: ', ink' }, 'cat, ink'],
    ['cat, Ink', { kind: 'add_tag', tag: 'ink' }, 'cat, Ink'],
    ['cat', { kind: 'add_tag', tag: 'ink' }, 'cat, ink'],
    ['', { kind: 'add_tag', tag: 'ink' }, 'ink'],
    ['cat, ink, dog', { kind: 'remove_tag', tag: 'INK' }, 'cat, dog'],
    ['black ink, dog', { kind: 'remove_tag', tag: 'ink' }, 'black ink, dog'],
    ['猫，水墨，猫', { kind: 'remove_duplicates' }, '猫, 水墨'],
    ['a, b', { kind: 'remove_duplicates' }, 'a, b'],
    ['a', { kind: 'set', text: ' b ' }, 'b'],
  ])('of "%s" by %o is "%s"', (caption, edit, result) => expect(editedCaption(caption, edit)).toBe(result));

  it('is counted before it is made', () => {
    expect(hitsOf('cat, cat', { kind: 'replace', find: 'cat', replace: 'dog', ignore_case: false })).toBe(2);
    expect(hitsOf('cat', { kind: 'add_tag', tag: 'cat' })).toBe(0);
  });
});
