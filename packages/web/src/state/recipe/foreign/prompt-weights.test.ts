import { expect, test } from 'vitest';
import { compelWeights, novelAiWeights } from './prompt-weights.ts';

test.each([
  ['a castle, fog', 'a castle, fog'],
  ['{masterpiece}, a castle', '(masterpiece:1.05), a castle'],
  ['{{{masterpiece}}}, a castle', '(masterpiece:1.158), a castle'],
  ['[fog], a [[small]] castle', '(fog:0.952), a (small:0.907) castle'],
  ['{a {red} castle}', '(a:1.05) (red:1.103) (castle:1.05)'],
  ['{a [red] castle}', '(a:1.05) red (castle:1.05)'],
  ['a {red castle', 'a (red castle:1.05)'],
  ['smile (happy)', 'smile \\(happy\\)'],
  ['1.4::glowing eyes::, hat', '(glowing eyes:1.4), hat'],
  ['1::glowing eyes::, hat', 'glowing eyes, hat'],
  ['-1.5::hat::, 0.5::{snow}::', '(hat:-1.5), (snow:0.525)'],
  ['ratio 4:3, std::vector', 'ratio 4:3, std::vector'],
  ['', ''],
])('NovelAI: %s', (theirs, ours) => expect(novelAiWeights(theirs)).toBe(ours));

test.each([
  ['a red castle', 'a red castle'],
  ['a red++ castle-', 'a (red:1.21) (castle:0.9)'],
  ['(red castle)1.3, (fog)--', '(red castle:1.3), (fog:0.81)'],
  ['sci-fi, wide-angle view - a castle', 'sci-fi, wide-angle view - a castle'],
  ['a (small) castle, 3-4 trees', 'a (small) castle, 3-4 trees'],
])('InvokeAI: %s', (theirs, ours) => expect(compelWeights(theirs)).toBe(ours));
