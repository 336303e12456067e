import { expect, it } from 'vitest';
import { plainPrompt } from './prompt-syntax.ts';

const plain = (prompt: string) => {
  const { text, taken } = plainPrompt(prompt);
  return [text.replace(/\s+/g, ' ').trim(), taken];
};

it.each<[string, string, string[]]>([
  ['(big:1.3) sword', 'big sword', []],
  ['((red)) sword', 'red sword', []],
  ['(a red sword:1.2), shield', 'a red sword , shield', []],
  ['a [blue] sword', 'a blue sword', []],
  ['a [cat:dog:0.5]', 'a dog', []],
  ['[red:0.4] sword', 'red sword', []],
  ['{epic} sword', 'epic sword', []],
  ['sword <lora:ink:0.8> <hypernet:x>', 'sword', ['<lora:ink:0.8>', '<hypernet:x>']],
  ['__colours__ sword', 'sword', ['__colours__']],
  ['sword --ar 16:9 --v 6', 'sword', ['--ar 16:9', '--v 6']],
  ['sword BREAK shield', 'sword , shield', []],
  ['sword \\(iron\\)', 'sword iron', []],
  ['sword: iron', 'sword: iron', []],
])('"%s" reads "%s"', (prompt, text, taken) => {
  expect(plain(prompt)).toEqual([text, taken]);
});

it('unbalanced brackets cost nothing but themselves', () => {
  for (const prompt of ['((sword', 'sword))', '{a|b sword', '[[sword', '}{'.repeat(5000)])
    expect(typeof plainPrompt(prompt).text).toBe('string');
});
